"""Bytes of a web page to a tree of elements, within limits whatever the markup looks like."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NoReturn, TypeAlias

from mining.errors import ReadError
from mining.html.tree import BLOCKS, Node, Page
from mining.settings import Settings

__all__ = ["parse_page"]

# Content that a reader of the page does not see as text; `rt` is the sound above a character.
_SKIPPED = frozenset(
    {
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "iframe",
        "object",
        "embed",
        "canvas",
        "audio",
        "video",
        "select",
        "option",
        "textarea",
        "button",
        "datalist",
        "rt",
        "rp",
        "applet",
        "frameset",
        "map",
        "noframes",
    }
)
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_TRUE = frozenset({"true", "TRUE", "True"})
_HIDING = frozenset({"style", "hidden", "aria-hidden"})
# Elements with more to them than their place in the tree.
_NOTED = frozenset({"meta", "pre", "table", "title"})
# A page of a report has 1 000 to 10 000 tags.
_MAX_TAGS = 200_000
# Unclosed font and span tags nest without end in old pages; only their number is bounded.
_INLINE_PER_BLOCK = 5
_CHUNK = 1 << 16


def parse_page(text: str, *, path: Path, settings: Settings) -> Page:
    """Parse a page; broken markup is repaired as far as it goes.

    No entity but those of HTML is known, nothing is loaded, and scripts, styles, form fields and
    other content that is no text are left out.

    Raises
    ------
    ReadError
        E102 nothing in it, E104 too many tags, nested too deeply, or too slow.
    """
    # Imported here: a run over plain text never needs it.
    from lxml import etree  # noqa: PLC0415

    builder = _Builder(path, settings)
    n_tags = text.count("<")
    if n_tags > _MAX_TAGS:
        builder.refuse(f"{n_tags} tags, the limit is {_MAX_TAGS}", "is this really a report?")
    # Browsers show nothing for the character zero; the parser would cut the text at each.
    data = _without_subset(text).encode("utf-8", errors="replace").replace(b"\0", b"")
    events = _Events()
    parser = etree.HTMLParser(target=events, encoding="utf-8", no_network=True)
    try:
        for start in range(0, len(data), _CHUNK):
            builder.check_time()
            parser.feed(data[start : start + _CHUNK])
            builder.take(events.taken())
        parser.close()
    except etree.XMLSyntaxError as error:
        # Broken markup is repaired; this is raised when there is nothing to be repaired.
        message, hint = "the page holds no text", "save the page after it has loaded"
        raise ReadError(message, code="E102", path=path, hint=hint) from error
    builder.take(events.taken())
    return builder.close()


def _without_subset(text: str) -> str:
    """Drop the declarations inside a document type: entities of a page's own are never used."""
    start = text.find("<!DOCTYPE", 0, 2000)
    opened = text.find("[", start, start + 2000) if start >= 0 else -1
    if opened < 0 or text.find(">", start, opened) >= 0:
        return text
    end = text.find("]>", opened)
    return text[:start] + (text[end + 2 :] if end >= 0 else "")


_Start: TypeAlias = tuple[str, Mapping[str, str]]
# A start tag with its attributes, a piece of text, or an end tag, of which there is one for each
# start tag, in order.
_Event: TypeAlias = _Start | str | None


class _Events:
    """Target of the parser: takes down what is met, as a call for each tag is dear.

    The parser and its context hold each other and their target until garbage is looked for: the
    tree is built elsewhere, so that they don't hold it as well.
    """

    def __init__(self) -> None:
        self._events: list[_Event] = []
        self.data = self._events.append

    def start(self, tag: str, attrs: Mapping[str, str]) -> None:
        """Take a start tag."""
        self.data((tag, attrs))

    def end(self, _tag: str) -> None:
        """Take an end tag."""
        self.data(None)

    def close(self) -> None:
        """Nothing is left to be done."""

    def taken(self) -> list[_Event]:
        """Return what came since the last time, and forget it."""
        taken = self._events[:]
        self._events.clear()
        return taken


class _Builder:
    """Builds the tree from start tags, texts and end tags."""

    def __init__(self, path: Path, settings: Settings) -> None:
        self._path = path
        self._max_depth = settings.max_depth
        self._max_lines = settings.max_lines
        self._max_seconds = settings.max_seconds
        self._deadline = time.monotonic() + settings.max_seconds
        self._numbers: dict[str, int] = {}
        self._skipping = 0
        self._is_deep = False
        self._n_lines = 0
        # Open elements whose text is not simply kept: titles and preformatted text.
        self._n_special = 0
        self._n_pre = 0
        root = Node("#page", {}, 1, hidden=False)
        self._node = root
        self._around: list[Node] = []
        self._page = Page(root=root)
        # Text since the last tag: it comes in pieces, one for each entity.
        self._pieces: list[str] = []

    def take(self, events: Iterable[_Event]) -> None:
        """Go on with the tree; content that is no text is left out."""
        pieces, around, nodes = self._pieces, self._around, self._page.nodes
        node, skipping = self._node, self._skipping
        # Few calls: a page has hundreds of elements.
        for event in events:
            if isinstance(event, str):
                if not skipping:
                    pieces.append(event)
                continue
            if skipping:
                skipping += -1 if event is None else 1
                continue
            if event is not None and event[0] in _SKIPPED:
                skipping = 1
                continue
            if pieces:
                if self._n_special:
                    self._end_special(node)
                else:
                    node.children.append("".join(pieces))
                    pieces.clear()
            if event is None:
                node.end = len(nodes)
                if node.tag in _NOTED:
                    self._note_end(node)
                node = around.pop()
            else:
                around.append(node)
                node = self._begin(event, node.children)
        self._node, self._skipping = node, skipping

    def _begin(self, start: _Start, siblings: list[Node | str]) -> Node:
        """Return a new element that stands behind its siblings."""
        tag, attrs = start
        number = self._numbers[tag] = self._numbers.get(tag, 0) + 1
        hidden = bool(attrs) and not _HIDING.isdisjoint(attrs) and _is_hidden(attrs)
        node = Node(tag, attrs, number, hidden)
        siblings.append(node)
        self._page.nodes.append(node)
        if tag in _NOTED:
            self._note(node)
        if len(self._around) >= self._max_depth:
            self._note_depth(len(self._around))
        return node

    def close(self) -> Page:
        """Return the page."""
        if self._pieces:
            self._end_special(self._node)
        for node in (*self._around, self._node):
            node.end = len(self._page.nodes)
        if self._is_deep:
            self._check_depth()
        return self._page

    def check_time(self) -> None:
        """Refuse to go on when the file has taken too long."""
        if time.monotonic() > self._deadline:
            message = f"the file passes the limit max_seconds = {self._max_seconds}"
            self.refuse(message, "split the file or raise max_seconds")

    def refuse(self, message: str, hint: str) -> NoReturn:
        """Raise E104."""
        raise ReadError(message, code="E104", path=self._path, hint=hint)

    def _note_depth(self, depth: int) -> None:
        """Refuse what is too deep whatever its elements are; the rest is looked at in the end."""
        self._is_deep = True
        if depth > self._max_depth * (_INLINE_PER_BLOCK + 1):
            self._refuse_depth()

    def _check_depth(self) -> None:
        """Refuse blocks in too many blocks, or too many inline elements in one another."""
        blocks: list[int] = []
        inline: list[int] = []
        for place, node in enumerate(self._page.nodes):
            if not node.number:  # a line end of preformatted text
                continue
            for ends in (blocks, inline):
                while ends and ends[-1] <= place:
                    ends.pop()
            (blocks if node.tag in BLOCKS else inline).append(node.end)
            # The root of the page is no block.
            too_many = len(inline) + 1 > self._max_depth * _INLINE_PER_BLOCK
            if too_many or len(blocks) > self._max_depth:
                self._refuse_depth()

    def _refuse_depth(self) -> NoReturn:
        message = f"elements nested deeper than max_depth = {self._max_depth}"
        self.refuse(message, "save the page again from a browser")

    def _note(self, node: Node) -> None:
        if node.tag == "meta":
            self._take_meta(node.attrs)
        elif node.tag != "table":
            self._n_special += 1
            self._n_pre += node.tag == "pre"

    def _note_end(self, node: Node) -> None:
        if node.tag == "table":
            node.nested = self._numbers["table"] > node.number
        elif node.tag != "meta":
            self._n_special -= 1
            self._n_pre -= node.tag == "pre"

    def _end_special(self, node: Node) -> None:
        """Put the text since the last tag where it belongs."""
        text = "".join(self._pieces)
        self._pieces.clear()
        if node.tag == "title" and not node.children:
            self._page.title += text
        elif self._n_pre and "\n" in text:
            self._take_lines(text, node.children)
        elif text:
            node.children.append(text)

    def _take_lines(self, text: str, children: list[Node | str]) -> None:
        """Keep the line ends of preformatted text."""
        lines = text.split("\n")
        self._n_lines += len(lines)
        if self._n_lines > self._max_lines:
            message = f"the file passes the limit max_lines = {self._max_lines}"
            self.refuse(message, "split the file or raise max_lines")
        for index, line in enumerate(lines):
            if index:
                line_end = Node("br", {}, 0, hidden=False)
                children.append(line_end)
                self._page.nodes.append(line_end)
                line_end.end = len(self._page.nodes)
            children.append(line)

    def _take_meta(self, attrs: Mapping[str, str]) -> None:
        name = (attrs.get("name") or attrs.get("property") or "").strip().lower()
        if name:
            self._page.meta.setdefault(name, attrs.get("content", "").strip())


def _is_hidden(attrs: Mapping[str, str]) -> bool:
    style = attrs.get("style")
    if style is not None:
        # Most styles hold neither word; to look for two words takes a quarter of the time.
        words = style.lower()
        if ("none" in words or "hidden" in words) and _HIDING_STYLE.search(style):
            return True
    return "hidden" in attrs or attrs.get("aria-hidden") in _TRUE
