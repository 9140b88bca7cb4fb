"""One page of a PDF as upright glyphs and straight rules, read through PDFium.

Coordinates are points with y growing upwards, turned so that the text of the page runs from left
to right whatever the page's or the text's own rotation is.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

__all__ = ["Box", "Glyph", "PageContent", "PageTooLargeError", "Rule", "read_page"]

Box = tuple[float, float, float, float]
"""Left, bottom, right and top, in points."""

# A rule is thinner than this, and longer than the second number.
_THIN, _LONG = 3.0, 4.0
# Tables lie in a form object of a form object at the deepest; drawings go on and on.
_MAX_NESTING = 3
# Every so many glyphs the font's map to Unicode is looked at.
_SAMPLE = 5
_CJK = 0x2E80
# Radicals that fonts name instead of the character; Unicode has no folding for these.
_RADICALS = dict(
    zip(
        "⺠⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳⼾",
        "民西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟户",
        strict=True,
    )
)


class Glyph(NamedTuple):
    """A printed character: left and right edge, baseline and font size, all in points."""

    text: str
    x0: float
    x1: float
    y: float
    size: float


class Rule(NamedTuple):
    """A straight line along an axis: its place on the other axis, and where it runs from and to."""

    at: float
    start: float
    end: float


class PageTooLargeError(Exception):
    """A page holds more than `setting` allows."""

    def __init__(self, *, setting: str) -> None:
        super().__init__(setting)
        self.setting = setting


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContent:
    """What is printed on a page.

    Parameters
    ----------
    number
        From 1.
    angle
        How far the text is turned against the page's own axes, in degrees: 0, 90, 180, 270.
    shape
        Width and height in points, for telling apart portrait and landscape.
    glyphs
        In the order of the file; blanks are kept with ``text`` ``" "``.
    across, down
        Horizontal and vertical rules.
    n_images
        How many pictures are on the page.
    n_strange, n_sampled
        Glyphs without a sound character among those looked at.
    """

    number: int
    angle: int
    shape: tuple[float, float]
    glyphs: tuple[Glyph, ...]
    across: tuple[Rule, ...]
    down: tuple[Rule, ...]
    n_images: int
    n_strange: int
    n_sampled: int

    def place(self, box: Box) -> Box:
        """Return `box` in the page's own axes, to a tenth of a point."""
        (xa, ya), (xb, yb) = (_turn(x, y, -self.angle) for x, y in (box[:2], box[2:]))
        edges = (min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb))
        return tuple(round(e, 1) for e in edges)  # type: ignore[return-value]


def read_page(
    document: Any,  # noqa: ANN401 -- PDFium's own type, which ships no annotations
    index: int,
    *,
    max_chars: int,
    max_objects: int,
) -> PageContent:
    """Read page `index` (from 0) of an open PDFium document.

    Raises
    ------
    PageTooLargeError
        When the page holds more characters or objects than allowed.
    """
    with closing(document[index]) as page, closing(page.get_textpage()) as text_page:
        api = _api()
        n_chars = api.FPDFText_CountChars(text_page)
        if n_chars > max_chars:
            raise PageTooLargeError(setting="max_chars")
        angle = _text_angle(api, text_page, n_chars) if n_chars > 0 else 0
        glyphs, n_strange, n_sampled = _glyphs(api, text_page, n_chars, angle)
        paths = _Paths(api, angle, max_objects)
        paths.read(page)
        return PageContent(
            number=index + 1,
            angle=angle,
            shape=page.get_size(),
            glyphs=tuple(glyphs),
            across=tuple(paths.across),
            down=tuple(paths.down),
            n_images=paths.n_images,
            n_strange=n_strange,
            n_sampled=n_sampled,
        )


def _api() -> Any:  # noqa: ANN401 -- generated ctypes bindings
    # Imported here: only PDF files need the library.
    import pypdfium2.raw  # noqa: PLC0415

    return pypdfium2.raw


def _turn(x: float, y: float, angle: int) -> tuple[float, float]:
    """Turn a point clockwise by `angle` degrees about the origin."""
    quarter = (angle // 90) % 4
    return ((x, y), (y, -x), (-x, -y), (-y, x))[quarter]


def _text_angle(api: Any, text_page: Any, n_chars: int) -> int:  # noqa: ANN401
    """Return the direction in which most characters run, in degrees against the page."""
    votes: Counter[int] = Counter()
    matrix = api.FS_MATRIX()
    for i in range(0, n_chars, max(1, n_chars // 50)):
        if not api.FPDFText_IsGenerated(text_page, i) and api.FPDFText_GetMatrix(
            text_page, i, matrix
        ):
            votes[round(math.degrees(math.atan2(matrix.b, matrix.a)) / 90) * 90 % 360] += 1
    return max(votes, key=votes.__getitem__, default=0)


def _glyphs(
    api: Any,  # noqa: ANN401
    text_page: Any,  # noqa: ANN401
    n_chars: int,
    angle: int,
) -> tuple[list[Glyph], int, int]:
    """Return the glyphs, and how many of how many looked at have no sound character."""
    found: list[Glyph] = []
    n_strange = n_sampled = 0
    metrics = _Metrics(api, text_page, angle)
    unicode_of, is_generated = api.FPDFText_GetUnicode, api.FPDFText_IsGenerated
    lead = 0
    for i in range(n_chars):
        if is_generated(text_page, i):
            continue
        code = unicode_of(text_page, i)
        if 0xD800 <= code < 0xDC00:
            lead = code
            continue
        if 0xDC00 <= code < 0xE000 and lead:
            code = 0x10000 + ((lead - 0xD800) << 10) + code - 0xDC00
        lead = 0
        if i % _SAMPLE == 0 or code < 32:
            n_sampled += 1
            n_strange += _is_strange(code) or api.FPDFText_HasUnicodeMapError(text_page, i) > 0
        glyph = metrics.glyph(i, _character(code))
        if glyph is not None:
            found.append(glyph)
    return found, n_strange, n_sampled


def _is_strange(code: int) -> bool:
    """Tell whether a font's map gave no character: none, a control sign, or a private one."""
    is_control = code < 32 and code not in (9, 10, 13)
    return is_control or code in (0xFFFD, 0xFFFE) or 0xE000 <= code < 0xF900 or code > 0xF0000


@lru_cache(maxsize=4096)
def _character(code: int) -> str:
    """Return the character; radicals and compatibility ideographs become the usual ones."""
    if _is_strange(code) or 0xD800 <= code < 0xE000:
        return "\ufffd"
    text = chr(code)
    if text.isspace():
        return " "
    if 0x2E80 <= code < 0x2FE0 or 0xF900 <= code < 0xFB00:
        return _RADICALS.get(text) or unicodedata.normalize("NFKC", text)
    return text


class _Metrics:
    """Boxes of glyphs on one page; one set of ctypes buffers serves all."""

    def __init__(self, api: Any, text_page: Any, angle: int) -> None:  # noqa: ANN401
        self._api = api
        self._page = text_page
        self._angle = angle
        self._rect = api.FS_RECTF()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._edges = tuple(ctypes.c_double() for _ in range(4))
        self._scales: dict[float, float] = {}

    def glyph(self, index: int, text: str) -> Glyph | None:
        """Return the glyph with its edges, or ``None`` when it has no place."""
        api, page = self._api, self._page
        if not api.FPDFText_GetCharOrigin(page, index, self._x, self._y):
            return None
        x, y = self._x.value, self._y.value
        size = self._size(index)
        if self._angle:
            x, y = _turn(x, y, self._angle)
            left, right = self._turned_edges(index, x)
        else:
            api.FPDFText_GetLooseCharBox(page, index, self._rect)
            left, right = min(self._rect.left, x), self._rect.right
        if not (abs(left) < 1e6 and abs(right) < 1e6 and abs(y) < 1e6 and 0 < size < 1e4):
            return None
        # Fonts that draw their own shapes tell the ink only; an ideograph fills its square.
        if ord(text[0]) >= _CJK and right - left < size:
            right = max(right, left + 0.98 * size)
        return Glyph(text, left, right, y, size)

    def _turned_edges(self, index: int, x: float) -> tuple[float, float]:
        edges = self._edges
        self._api.FPDFText_GetCharBox(self._page, index, *edges)
        left, right, bottom, top = (e.value for e in edges)
        (xa, _), (xb, _) = (
            _turn(left, bottom, self._angle),
            _turn(right, top, self._angle),
        )
        return min(xa, xb, x), max(xa, xb)

    def _size(self, index: int) -> float:
        """Return the size as printed: the font's size by the scale of its first glyph."""
        nominal: float = self._api.FPDFText_GetFontSize(self._page, index)
        scale = self._scales.get(nominal)
        if scale is None or nominal == 1.0:
            matrix = self._api.FS_MATRIX()
            self._api.FPDFText_GetMatrix(self._page, index, matrix)
            scale = self._scales[nominal] = math.hypot(matrix.c, matrix.d)
        return nominal * scale


class _Paths:
    """Collects the rules of a page from its drawn paths, form objects included."""

    def __init__(self, api: Any, angle: int, max_objects: int) -> None:  # noqa: ANN401
        self._api = api
        self._angle = angle
        self._left = max_objects
        self.across: list[Rule] = []
        self.down: list[Rule] = []
        self.n_images = 0
        self._edges = tuple(ctypes.c_float() for _ in range(4))
        self._fill, self._stroke = ctypes.c_int(), ctypes.c_int()

    def read(self, page: Any) -> None:  # noqa: ANN401
        """Read all objects of a page."""
        api = self._api
        count = api.FPDFPage_CountObjects(page)
        objects = (api.FPDFPage_GetObject(page, i) for i in range(count))
        self._read(objects, count, (), 0)

    def _read(self, objects: Iterator[Any], count: int, outer: tuple[Any, ...], depth: int) -> None:
        api = self._api
        self._spend(max(count, 0))
        for item in objects:
            kind = api.FPDFPageObj_GetType(item)
            if kind == api.FPDF_PAGEOBJ_PATH:
                self._path(item, outer)
            elif kind == api.FPDF_PAGEOBJ_IMAGE:
                self.n_images += 1
            elif kind == api.FPDF_PAGEOBJ_FORM and depth < _MAX_NESTING:
                inner = api.FPDFFormObj_CountObjects(item)
                parts = (api.FPDFFormObj_GetObject(item, i) for i in range(inner))
                self._read(parts, inner, (self._matrix(item), *outer), depth + 1)

    def _spend(self, n: int) -> None:
        self._left -= n
        if self._left < 0:
            raise PageTooLargeError(setting="max_cells")

    def _matrix(self, item: Any) -> Any:  # noqa: ANN401
        matrix = self._api.FS_MATRIX()
        self._api.FPDFPageObj_GetMatrix(item, matrix)
        return matrix

    def _path(self, item: Any, outer: tuple[Any, ...]) -> None:  # noqa: ANN401
        api = self._api
        api.FPDFPath_GetDrawMode(item, self._fill, self._stroke)
        if not (self._fill.value or self._stroke.value):
            return
        n_segments = api.FPDFPath_CountSegments(item)
        if n_segments <= 5:
            api.FPDFPageObj_GetBounds(item, *self._edges)
            left, bottom, right, top = (e.value for e in self._edges)
            self._add((left, bottom), (right, top), outer)
        else:
            self._spend(n_segments)
            self._pieces(item, n_segments, (self._matrix(item), *outer))

    def _pieces(self, item: Any, n_segments: int, outer: tuple[Any, ...]) -> None:  # noqa: ANN401
        """Add the lines of a stroked path, or the boxes of the parts of a filled one."""
        api = self._api
        stroked = bool(self._stroke.value)
        x, y = ctypes.c_float(), ctypes.c_float()
        part: list[tuple[float, float]] = []
        for i in range(n_segments):
            segment = api.FPDFPath_GetPathSegment(item, i)
            if api.FPDFPathSegment_GetType(segment) == api.FPDF_SEGMENT_MOVETO:
                self._part(part, outer, stroked=stroked)
                part = []
            api.FPDFPathSegment_GetPoint(segment, x, y)
            part.append((x.value, y.value))
            if api.FPDFPathSegment_GetClose(segment):
                part.append(part[0])
        self._part(part, outer, stroked=stroked)

    def _part(
        self, points: list[tuple[float, float]], outer: tuple[Any, ...], *, stroked: bool
    ) -> None:
        if not points:
            return
        if stroked:
            for a, b in pairwise(points):
                self._add(a, b, outer, is_line=True)
        else:
            xs, ys = [p[0] for p in points], [p[1] for p in points]
            self._add((min(xs), min(ys)), (max(xs), max(ys)), outer)

    def _add(
        self,
        a: tuple[float, float],
        b: tuple[float, float],
        outer: tuple[Any, ...],
        *,
        is_line: bool = False,
    ) -> None:
        """Add a thin box as one rule, and a stroked frame as its four sides."""
        for m in outer:
            a, b = ((m.a * x + m.c * y + m.e, m.b * x + m.d * y + m.f) for x, y in (a, b))
        a, b = _turn(*a, self._angle), _turn(*b, self._angle)
        left, right = sorted((a[0], b[0]))
        bottom, top = sorted((a[1], b[1]))
        width, height = right - left, top - bottom
        if not (width < 1e5 and height < 1e5):
            return
        if height <= _THIN < width or (height < width <= _THIN and width > _LONG):
            self.across.append(Rule((bottom + top) / 2, left, right))
        elif width <= _THIN < height:
            self.down.append(Rule((left + right) / 2, bottom, top))
        elif self._stroke.value and not is_line and width > _THIN:
            self.across += (Rule(bottom, left, right), Rule(top, left, right))
            self.down += (Rule(left, bottom, top), Rule(right, bottom, top))
