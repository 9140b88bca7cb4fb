"""Web pages and web archives to a raw report: the report's own text and tables, nothing around."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterable
from pathlib import Path

from mining.attachments import attachment_entries, attachment_name
from mining.decoding import decode_page
from mining.errors import ReadError
from mining.html.lists import number_items
from mining.html.main import find_main, weigh
from mining.html.mhtml import is_archive, page_of_archive
from mining.html.parsing import parse_page
from mining.html.tables import Row, cell_text, table_parts
from mining.html.tree import BLOCKS, Node, Page
from mining.rawtext import RawText
from mining.report import Block, LogEntry, Provenance, Report, Source, make_provenance
from mining.settings import Settings

__all__ = ["read_html"]

# White space of markup; a line end between Chinese characters is no blank.
_SPACES = re.compile(r"[ \t\r\n\f]+")
_SPACES_IN_CELL = re.compile(r"[ \t\r\f]+")
_BLANKS = re.compile(r"\s+")
_WRAP = re.compile(
    r"(?<=[\u2e80-\uffef])[ \t]*[\r\n][ \t\r\n\f]*|[ \t]*[\r\n][ \t\r\n\f]*(?=[\u2e80-\uffef])"
)
_NUMBERED = re.compile(r"[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})\s?(?:[、.．)）]|是)")
_BUTTONS = re.compile(
    "字体|字号|打印本页|打印|分享到?|关闭窗口|关闭|收藏|复制链接|返回顶部|扫一扫|微信|微博|QQ空间|"
    "朗读|纠错|大|中|小|默认|默認|超大|本页|页面|在手机上打开当前页|保存"
)
_BUTTON_SIGNS = " \u00a0\u3000:：【】[]|/、，,>＞()（）·+-－"
_MAX_BUTTONS = 40
_BREADCRUMB = re.compile(r"(?:您?(?:的|现在的|当前的|当前|所在)?位置\s?[:：是]|首页\s?[>＞»/])")
_MAX_BREADCRUMB = 120
_SITE_LINE = re.compile(
    "(?:上一[篇条]|下一[篇条]|版权所有|主办(?:单位)?[:：]|承办(?:单位)?[:：]|技术支持|网站标识码|"
    "备案号|(?:相关|推荐)(?:链接|文章|阅读|信息)[:：]?$)"
)
# A block that tells about the page: catalogue number, publisher, date.
_CARD_KEYS = frozenset(
    {
        "索引号",
        "索取号",
        "信息索引",
        "发布机构",
        "发文机关",
        "发布日期",
        "公开日期",
        "生成日期",
        "成文日期",
        "发文日期",
        "主题分类",
        "信息分类",
        "主题词",
        "文号",
        "发文字号",
        "公开方式",
        "公开形式",
        "体裁分类",
        "组配分类",
        "有效性",
        "信息来源",
        "信息名称",
        "名称",
        "标题",
        "内容概述",
        "公开时限",
        "公开范围",
        "关键词",
        "分类",
        "废止日期",
        "生效日期",
    }
)
_MIN_CARD_KEYS = 3
# 来源：…　发布时间：…　浏览次数：… in one line.
_ABOUT = re.compile(
    "(?:来源|发布时间|发布日期|时间|日期|作者|编辑|浏览次数|浏览量|点击数|点击量|访问量|访问次数|阅读|字体|字号)"
    r"\s?[:：]"
)
_YEAR = re.compile(r"20\d\d|二[〇○零]")
_CARD_MARKS = re.compile(r"[|｜：:\s]")
_META = ("pubdate", "contentsource", "articletitle", "columnname")
_SITE = re.compile(r"\s*[_|｜]\s*|\s+[-–—]+\s+|-{2,}|(?<=告)[-–—]")
_REPORT_TITLE = re.compile(r"(?=.*公开)(?=.*(?:报告|年报|汇报))")
# A title stands among the first lines of the page's text, and is no sentence.
_TITLE_LINES = 20
_FIRST_HEADING = re.compile("[一1][、.．]")
_MAX_TITLE = 80
# A page without a report holds less than this beside its links.
_NO_REPORT = 600


def read_html(data: bytes, *, report_id: str, path: Path, settings: Settings) -> Report:
    """Read a web page, as saved from a browser or downloaded, into a raw report.

    Navigation, footers, hidden elements and second copies are left out; tables are written as
    tab-indented cells, and `Report.blocks` tells the element of each line and cell. The title of
    the page becomes the first line when the text has none.

    Parameters
    ----------
    data
        Content of the file: a page, or a web archive (MHTML).
    report_id, path
        Public id of the report, and where the bytes came from (for messages).
    settings
        Limits.

    Raises
    ------
    ReadError
        E101 no page, E102 no text, E103 no encoding fits, E104 over a limit.
    """
    if not data.strip():
        msg = "the file is empty"
        raise ReadError(msg, code="E102", path=path, hint="check the download or export")
    content, charset = _page_bytes(data, path)
    text, encoding, n_broken = decode_page(content, path=path, charset=charset)
    page = parse_page(text, path=path, settings=settings)
    weigh(page)
    main, left_out = find_main(page)
    writer = _Writer(path, settings, left_out)
    writer.write(main)
    if not writer.lines and not writer.n_rows:
        msg = "the page holds no text"
        raise ReadError(msg, code="E102", path=path, hint="save the page after it has loaded")
    title = _missing_title(page, writer)
    raw, blocks = writer.build(title)
    source = Source(
        uri=str(path),
        media_type="multipart/related" if content is not data else "text/html",
        sha256=hashlib.sha256(data).hexdigest(),
        encoding=encoding,
        n_bytes=len(data),
    )
    log = (*_remarks(page, n_broken, title), *_attachments(main, writer))
    return Report(id=report_id, source=source, raw_text=raw, blocks=blocks, log=log)


def _page_bytes(data: bytes, path: Path) -> tuple[bytes, str]:
    if data.startswith((b"PK\x03\x04", b"%PDF-", b"\xd0\xcf\x11\xe0")):
        msg = "the file is named like a page but is another format"
        raise ReadError(msg, code="E101", path=path, hint="give it the suffix of its format")
    if not is_archive(data):
        return data, ""
    found = page_of_archive(data)
    if found is None or not found[0].strip():
        msg = "the web archive holds no page"
        raise ReadError(msg, code="E102", path=path, hint="save the page again from a browser")
    return found


class _Writer:
    """Walks the report's element and writes lines and rows; keeps no call per nested element."""

    def __init__(self, path: Path, settings: Settings, left_out: set[Node]) -> None:
        self._path = path
        self._settings = settings
        self._left_out = left_out
        self._line: list[str] = []
        self._prefix = ""
        self._out: list[tuple[str, Node] | Row] = []
        self._blocks: list[Node] = []
        self._n_cells = 0
        self.links: list[Node] = []
        self.lines: list[str] = []
        self.n_rows = 0

    def write(self, main: Node) -> None:
        """Take in all that `main` shows."""
        stack: list[Node | Row | str | None] = [main]
        self._blocks = [main]
        while stack:
            item = stack.pop()
            if isinstance(item, str):
                self._line.append(item)
            elif item is None:
                self._end_line()
                self._blocks.pop()
            elif isinstance(item, Row):
                self._out.append(item)
                self.n_rows += 1
            elif not item.hidden and item not in self._left_out:
                self._open(item, stack)
        self._end_line()

    def _open(self, node: Node, stack: list[Node | Row | str | None]) -> None:
        tag = node.tag
        if tag in BLOCKS:
            self._end_line()
            self._blocks.append(node)
            stack.append(None)
            if tag == "table":
                stack.extend(reversed(_without_card(self._parts(node))))
                return
            if tag == "ol":
                number_items(node)
            elif tag == "li" and node.prefix:
                self._prefix = node.prefix
        elif tag == "br":
            self._end_line()
        elif tag == "a":
            self.links.append(node)
        stack.extend(reversed(node.children))

    def _parts(self, table: Node) -> list[Row | Node]:
        """Return the parts of a table; cells merged from above count too, row by row."""
        parts: list[Row | Node] = []
        for part in table_parts(table):
            parts.append(part)
            self._n_cells += len(part.cells) if isinstance(part, Row) else 0
            if self._n_cells > self._settings.max_cells:
                msg = f"the file passes the limit max_cells = {self._settings.max_cells}"
                hint = "split the file or raise max_cells"
                raise ReadError(msg, code="E104", path=self._path, hint=hint)
        return parts

    def _end_line(self) -> None:
        if not self._line:
            return
        text = _closed_up("".join(self._line))
        self._line.clear()
        if not text or _is_furniture(text):
            return
        if self._prefix and not _NUMBERED.match(text):
            text = self._prefix + text
        self._prefix = ""
        self.lines.append(text)
        self._out.append((text, self._blocks[-1]))

    def build(self, title: str) -> tuple[str, tuple[Block, ...]]:
        """Return the raw text, under `title` if there is one, and the places of its pieces."""
        raw = RawText(self._path, self._settings)
        if title:
            raw.line(title, Provenance(path="(//title)[1]"))
        for item in self._out:
            if isinstance(item, Row):
                raw.row(map(_cell, item.cells))
            else:
                raw.line(item[0], _place(item[1]))
        return raw.build()


def _place(node: Node) -> Provenance:
    return make_provenance(path=f"(//{node.tag})[{node.number}]")


def _cell(cell: tuple[str, Node | None]) -> tuple[str, Provenance | None]:
    """Return the text and the place of a cell; an empty one has none."""
    text, node = cell
    if not text or node is None:
        return text, None
    if "  " in text or "\t" in text:
        text = _SPACES_IN_CELL.sub(" ", text)
    return text, make_provenance(path=f"(//{node.tag})[{node.number}]")


def _closed_up(text: str) -> str:
    """Return a line as a browser shows it."""
    if "\n" in text or "\r" in text:
        text = _WRAP.sub("", text.strip())
    return _SPACES.sub(" ", text).strip()


def _is_furniture(line: str) -> bool:
    """Tell whether a line is made of buttons (字体：大 中 小 打印 分享), or a breadcrumb."""
    if len(line) <= _MAX_BUTTONS and not _BUTTONS.sub("", line).strip(_BUTTON_SIGNS):
        return True
    if len(line) > _MAX_BREADCRUMB:
        return False
    about = len(_ABOUT.findall(line)) > 1 and "。" not in line
    return about or bool(_BREADCRUMB.search(line[:12]) or _SITE_LINE.match(line))


def _without_card(parts: list[Row | Node]) -> list[Row | Node]:
    """Drop a table that tells about the page instead of the report."""
    texts = [text for part in parts if isinstance(part, Row) for text, _ in part.cells]
    # Most cells hold a number.
    keys = {"".join(t.split()).rstrip(":：") for t in texts if t and not t.strip().isdecimal()}
    return [] if len(keys & _CARD_KEYS) >= _MIN_CARD_KEYS else parts


def _missing_title(page: Page, writer: _Writer) -> str:
    """Return the title of the page when the text has no title of its own."""
    opening = [_BLANKS.sub("", line) for line in writer.lines[:_TITLE_LINES]]
    # What stands behind the first heading is not the title.
    opening = list(itertools.takewhile(lambda line: not _FIRST_HEADING.match(line), opening))
    heads = [line for line in opening if len(line) <= _MAX_TITLE and line[-1] not in "。；，"]
    if any(map(_is_title, heads)):
        return ""
    title = _page_title(page)
    # A title over two lines is found in the joined ones.
    return "" if not title or _BLANKS.sub("", title) in "".join(heads) else title


def _is_title(line: str) -> bool:
    return len(line) <= _MAX_TITLE and "。" not in line and _REPORT_TITLE.match(line) is not None


def _page_title(page: Page) -> str:
    """Return the best title: of the article, of a main heading, of the page without its site."""
    headings = (_closed_up(cell_text(n)) for n in page.nodes if n.tag == "h1" and not n.hidden)
    named = [page.meta.get("articletitle", ""), *headings, page.meta.get("og:title", "")]
    parts = _SITE.split(_closed_up(page.title))
    candidates = [*(_closed_up(name) for name in named), *parts]
    # 政府信息公开年报 without a year is the name of a column of the site.
    known = [c for c in candidates if _is_title(c) and ("报告" in c or _YEAR.search(c))]
    return next(iter(known or _titles_around(page)), "")


def _titles_around(page: Page) -> list[str]:
    """Return titles of reports in what stands around the text (名称：…), links left out."""
    texts = (
        child
        for node in page.nodes
        if node.tag != "a" and not node.hidden
        for child in node.children
        if isinstance(child, str) and 8 <= len(child) <= 3 * _MAX_TITLE
    )
    pieces = (piece.strip() for text in texts for piece in _CARD_MARKS.split(text))
    return [piece for piece in pieces if _is_title(piece) and _YEAR.search(piece)]


def _remarks(page: Page, n_broken: int, title: str) -> Iterable[LogEntry]:
    if n_broken:
        message = f"{n_broken} broken bytes shown as U+FFFD"
        yield LogEntry(stage="read", code="mixed-encoding", message=message)
    if title:
        yield LogEntry(stage="read", code="title-added", message=title)
    for name in _META:
        if page.meta.get(name):
            yield LogEntry(stage="read", code=f"meta-{name}", message=page.meta[name][:200])


def _attachments(main: Node, writer: _Writer) -> tuple[LogEntry, ...]:
    """Tell the files that the page links to, and whether they are all it has."""
    names = [
        attachment_name(text)
        for link in writer.links
        for text in (link.attrs.get("href", ""), _closed_up(cell_text(link)))
    ]
    only = main.prose < _NO_REPORT and not main.marks and not writer.n_rows
    return attachment_entries(names, only=only)
