"""The text of one Word paragraph as a reader sees it: insertions kept, deletions and codes gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from xml.etree import ElementTree as ET

from mining.docx.package import W, is_on

__all__ = ["Inline", "iter_boxes", "preferred"]

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
ALTERNATE = f"{_MC}AlternateContent"
_RUN_PROPERTIES = f"{W}rPr"
_VANISH = f"{W}vanish"
_BOX = f"{W}txbxContent"
_ID = f"{W}id"
# Symbol fonts live in the private use area; what they show there is a bullet or a box.
_PRIVATE_USE = range(0xE000, 0xF900)
_LAST_CODE_POINT = 0x10FFFF


class Inline:
    """Collects a paragraph: its text, its text boxes and the notes it refers to.

    `text` has tabs and line breaks as signs; `boxes` are ``w:txbxContent`` elements in order;
    `notes` are pairs of the kind of note (``footnotes``, ``endnotes``) and its id.
    """

    __slots__ = ("_codes", "_pieces", "boxes", "notes")

    def __init__(self, paragraph: ET.Element) -> None:
        self._pieces: list[str] = []
        self._codes: list[bool] = []
        self.boxes: list[ET.Element] = []
        self.notes: list[tuple[str, str]] = []
        self._collect(paragraph)

    @property
    def text(self) -> str:
        """The text of the paragraph."""
        return "".join(self._pieces)

    def _collect(self, paragraph: ET.Element) -> None:
        """Walk the elements in order with a stack of our own: depth is the writer's choice."""
        stack = [iter(paragraph)]
        while stack:
            node = next(stack[-1], None)
            if node is None:
                stack.pop()
                continue
            action = _ACTIONS.get(node.tag)
            inner = action(self, node) if action else None
            if inner is not None:
                stack.append(iter(inner))

    def _run(self, node: ET.Element) -> ET.Element | None:
        first = node[0] if len(node) else None
        hidden = first is not None and first.tag == _RUN_PROPERTIES and is_on(first.find(_VANISH))
        return None if hidden else node

    def _text(self, node: ET.Element) -> None:
        text = node.text
        if text and not any(self._codes):
            # A break inside the element is layout of the XML, not of the page.
            self._pieces.append(" ".join(text.split()) if "\n" in text else text)

    def _symbol(self, node: ET.Element) -> None:
        try:
            code = int(node.get(f"{W}char", ""), 16)
        except ValueError:
            return
        if 0 < code <= _LAST_CODE_POINT and code not in _PRIVATE_USE:
            self._pieces.append(chr(code))

    def _field(self, node: ET.Element) -> None:
        """Follow the marks of a field: what stands before ``separate`` is its code."""
        kind = node.get(f"{W}fldCharType")
        if kind == "begin":
            self._codes.append(True)
        elif self._codes and kind == "separate":
            self._codes[-1] = False
        elif self._codes and kind == "end":
            self._codes.pop()

    def _picture(self, node: ET.Element) -> None:
        self.boxes.extend(iter_boxes(node))

    def _note(self, node: ET.Element) -> None:
        kind = "footnotes" if node.tag == f"{W}footnoteReference" else "endnotes"
        self.notes.append((kind, node.get(_ID, "")))

    def _control(self, node: ET.Element) -> ET.Element | None:
        """Enter a content control, unless it only shows what should be typed there."""
        properties = node.find(f"{W}sdtPr")
        if properties is not None and is_on(properties.find(f"{W}showingPlcHdr")):
            return None
        return node.find(f"{W}sdtContent")


def iter_boxes(node: ET.Element) -> Iterator[ET.Element]:
    """Yield the contents of the text boxes of a drawing, the outermost ones, each once."""
    stack = [node]
    while stack:
        node = stack.pop()
        if node.tag == _BOX:
            yield node
        elif node.tag == ALTERNATE:
            chosen = preferred(node)
            stack.extend(() if chosen is None else (chosen,))
        else:
            stack.extend(reversed(node))


def preferred(node: ET.Element) -> ET.Element | None:
    """Return the branch of an ``AlternateContent`` that new programs show."""
    choice = node.find(f"{_MC}Choice")
    return node.find(f"{_MC}Fallback") if choice is None else choice


def _fixed(text: str) -> Callable[[Inline, ET.Element], None]:
    def add(inline: Inline, node: ET.Element) -> None:  # noqa: ARG001
        inline._pieces.append(text)  # noqa: SLF001

    return add


def _enter(inline: Inline, node: ET.Element) -> ET.Element:  # noqa: ARG001
    return node


_Action = Callable[[Inline, ET.Element], ET.Element | None]
# What is not listed is skipped: properties, deleted and moved text, field codes, comments, marks.
_ACTIONS: dict[str, _Action] = {
    f"{W}r": Inline._run,  # noqa: SLF001
    f"{W}t": Inline._text,  # noqa: SLF001
    f"{_MATH}t": Inline._text,  # noqa: SLF001
    f"{W}sym": Inline._symbol,  # noqa: SLF001
    f"{W}fldChar": Inline._field,  # noqa: SLF001
    f"{W}sdt": Inline._control,  # noqa: SLF001
    f"{W}footnoteReference": Inline._note,  # noqa: SLF001
    f"{W}endnoteReference": Inline._note,  # noqa: SLF001
    f"{W}tab": _fixed("\t"),
    f"{W}ptab": _fixed("\t"),
    f"{W}br": _fixed("\n"),
    f"{W}cr": _fixed("\n"),
    f"{W}noBreakHyphen": _fixed("-"),
    f"{W}ruby": lambda inline, node: node.find(f"{W}rubyBase"),  # noqa: ARG005
    ALTERNATE: lambda inline, node: preferred(node),  # noqa: ARG005
}
_ACTIONS |= dict.fromkeys((f"{W}{name}" for name in ("drawing", "pict", "object")), Inline._picture)  # noqa: SLF001
_ACTIONS |= dict.fromkeys(
    [
        *(f"{W}{name}" for name in ("hyperlink", "ins", "moveTo", "smartTag", "customXml")),
        *(f"{W}{name}" for name in ("fldSimple", "bdo", "dir")),
        *(f"{_MATH}{name}" for name in ("oMathPara", "oMath", "r", "e", "f", "num", "den")),
    ],
    _enter,
)
