"""PDF files to raw reports: printed reports cell by cell, damaged and hostile files."""

from __future__ import annotations

import importlib.util
import json
import time
import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from mining.errors import MissingExtraError, ReadError
from mining.pdf.guard import is_ordinary
from mining.pipeline import parse_report, read_report
from mining.readers.pdf import read_pdf
from mining.report import Report
from mining.settings import Settings
from tests.pdfmaker import line, make_pdf, stream, text

ROOT = Path(__file__).parents[2]
SAMPLES = {
    "word_ruled": "yunzhou_hrss_2022",
    "word_broken_rows": "lanyang_police_2020",
    "web_unruled": "shiqiao_town_2019",
}
SENTENCE = "本年新收政府信息公开申请28件，均已按期办结答复。"
PAGE = text(80, 700, SENTENCE)


def read(data: bytes, settings: Settings | None = None) -> Report:
    return read_pdf(data, report_id="r", path=Path("报告.pdf"), settings=settings or Settings())


def refused(data: bytes, settings: Settings | None = None) -> ReadError:
    with pytest.raises(ReadError) as caught:
        read(data, settings)
    assert "报告.pdf" in str(caught.value)
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize("name", SAMPLES)
def test_every_cell_of_a_printed_report(name: str) -> None:
    path = ROOT / "tests" / "data" / "pdf" / f"{name}.pdf"
    gold_path = ROOT / "corpora" / "sample" / "gold" / f"{SAMPLES[name]}.json"
    gold = json.loads(gold_path.read_text(encoding="utf-8"))
    raw = read_report(path.read_bytes(), report_id=name, path=path, settings=Settings())

    report, _ = parse_report(raw, settings=Settings())

    found = {c.address: c.raw for table in report.tables or () for c in table.cells}
    assert found == {c["address"]: c["raw"] for c in gold["cells"]}
    assert report.template == gold["template"]
    keys = [s.key for s in report.sections or ()]
    assert keys == [s["key"] for s in gold["sections"]]


def test_places_are_pages_and_boxes() -> None:
    content = PAGE + line(80, 500, 280, 500) + line(80, 540, 280, 540)
    content += b"".join(line(x, 500, x, 540) for x in (80, 180, 280)) + text(100, 515, "规章")
    report = read(make_pdf([PAGE, content + text(200, 515, "12")]))

    last = report.blocks[-1]

    assert last.raw_span.of(report.raw_text) == "12"
    assert last.prov.page == 2
    assert last.prov.bbox is not None
    assert last.prov.bbox == pytest.approx((180, 500, 280, 540), abs=1)
    assert report.source.n_pages == 2
    assert report.source.media_type == "application/pdf"


def test_the_same_file_gives_the_same_report() -> None:
    data = make_pdf([PAGE])

    assert read(data) == read(data)


TURNS: Mapping[str, tuple[str, bytes]] = {
    "upright": ("1 0 0 1", b""),
    "quarter": ("0 1 -1 0", b"/Rotate 90"),
    "quarter without mark": ("0 1 -1 0", b""),
    "upside down": ("-1 0 0 -1", b"/Rotate 180"),
    "three quarters": ("0 -1 1 0", b"/Rotate 270"),
}


@pytest.mark.parametrize("name", TURNS)
def test_turned_pages_read_like_upright_ones(name: str) -> None:
    turn, entry = TURNS[name]
    a, b, c, d = map(int, turn.split())
    content = b""
    for x, y, words in ((0, 0, "规章"), (90, 0, "3"), (0, -20, "行政许可"), (90, -20, "731")):
        content += text(300 + a * x + c * y, 400 + b * x + d * y, words, turn=turn)
    for x0, y0, x1, y1 in [
        *((-5, y, 130, y) for y in (14, -6, -26)),
        *((x, 14, x, -26) for x in (-5, 80, 130)),
    ]:
        ends = [(300 + a * x + c * y, 400 + b * x + d * y) for x, y in ((x0, y0), (x1, y1))]
        content += line(*ends[0], *ends[1])

    report = read(make_pdf([content], page=b"/MediaBox [0 0 700 842] " + entry))

    assert report.raw_text == "\t规章\n\t3\n\n\t行政许可\n\t731\n\n"
    box = report.blocks[0].prov.bbox
    assert box is not None
    assert min(box[0], box[1]) > 150


def test_radicals_become_characters() -> None:
    report = read(make_pdf([text(80, 700, "⾏政许可办理⻓期有效的事项共有三⼗件左右")]))

    assert report.raw_text == "行政许可办理长期有效的事项共有三十件左右\n"


def test_pages_go_on_and_numbers_go() -> None:
    first = PAGE + text(80, 684, "其中网上申请一十二件，信函申请一十六件，当面申", size=10)
    pages = [first + text(290, 30, "- 1 -"), text(80, 700, "请没有。") + text(290, 30, "- 2 -")]

    lines = read(make_pdf(pages)).raw_text.splitlines()

    assert lines[-1].endswith("当面申请没有。")
    assert not any("-" in line for line in lines)


def test_a_form_object_holds_rules_too() -> None:
    rules = b"".join(line(x, 0, x, 20) for x in (0, 100, 200))
    rules += line(0, 0, 200, 0) + line(0, 20, 200, 20)
    form = stream(rules, b"/Type /XObject /Subtype /Form /BBox [0 0 300 300]")
    content = b"q 1 0 0 1 80 500 cm /X0 Do Q " + text(100, 506, "规章") + text(220, 506, "7")

    report = read(make_pdf([PAGE + content], extra={5: form}))

    assert report.raw_text.endswith("\t规章\n\t7\n\n")


def box(x: float, y: float, width: float, height: float) -> str:
    return f"{x} {y} {width} {height} re "


EDGES_X, EDGES_Y = (80, 180, 280), (500, 520, 540)
THIN = [box(80, y, 200, 0.5) for y in EDGES_Y] + [box(x, 500, 0.5, 40) for x in EDGES_X]
CELLS = [box(x, y, 100, 20) for x in EDGES_X[:2] for y in EDGES_Y[:2]]
LINES = [f"80 {y} m 280 {y} l " for y in EDGES_Y] + [f"{x} 500 m {x} 540 l " for x in EDGES_X]
SHADE = "q 0.9 g " + box(80, 520, 200, 20) + "f Q "


@pytest.mark.parametrize(
    "drawing",
    [
        "f ".join(THIN) + "f ",
        "".join(THIN) + "f* ",
        "S ".join(CELLS) + "S ",
        "0.5 w " + "".join(CELLS) + "S ",
        "0.5 w " + "".join(LINES) + "S ",
        SHADE + "".join(THIN) + "f ",
        "q 0.5 0 0 0.5 0 0 cm "
        + "".join(box(2 * x, 1000, 1, 80) for x in EDGES_X)
        + "f "
        + "".join(box(160, 2 * y, 400, 1) for y in EDGES_Y)
        + "f Q ",
    ],
    ids=["boxes", "one path", "frames", "frames in one path", "lines", "shaded", "scaled"],
)
def test_rules_are_seen_however_they_are_drawn(drawing: str) -> None:
    content = PAGE + drawing.encode() + text(90, 526, "项目") + text(190, 526, "数量")
    content += text(90, 506, "收费") + text(190, 506, "0.4")

    report = read(make_pdf([content]))

    assert report.raw_text == f"{SENTENCE}\n\t项目\n\t数量\n\n\t收费\n\t0.4\n\n"


def test_a_file_locked_by_its_owner_is_read() -> None:
    path = ROOT / "tests" / "data" / "pdf" / "owner_locked.pdf"

    assert read(path.read_bytes()).raw_text == SENTENCE + "\n"


IMAGE = stream(
    b"\x00" * 12,
    b"/Type /XObject /Subtype /Image /Width 2 /Height 2 /BitsPerComponent 8 /ColorSpace /DeviceRGB",
)


def test_pictures_without_text_are_refused() -> None:
    error = refused(make_pdf([b"q 500 0 0 700 0 0 cm /X0 Do Q"], extra={5: IMAGE}))

    assert error.code == "E106"


def test_a_picture_page_among_others_is_told() -> None:
    pages = [PAGE, b"q 500 0 0 700 0 0 cm /X0 Do Q"]

    assert [e.code for e in read(make_pdf(pages, extra={5: IMAGE})).log] == ["page-without-text"]


def test_fonts_without_characters_are_refused() -> None:
    error = refused(make_pdf([text(80, 700, "\ue123\ue124\ue125" * 20)]))

    assert error.code == "E103"


ENCRYPTED = (
    b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <"
    + b"41" * 32
    + b"> /U <"
    + b"42" * 32
    + b"> >> /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]"
)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "E102"),
        (b"PK\x03\x04 something else", "E101"),
        (b"%PDF-1.7\n", "E101"),
        (make_pdf([PAGE])[:400], "E101"),
        (make_pdf([b""]), "E102"),
        (make_pdf([PAGE], trailer=ENCRYPTED), "E107"),
        (make_pdf([PAGE], extra={2: b"<< /Type /Pages /Kids [2 0 R] /Count 9 >>"}), "E101"),
    ],
    ids=["empty", "zip", "head", "truncated", "no text", "encrypted", "tree in itself"],
)
def test_unreadable_files_say_why(data: bytes, code: str) -> None:
    assert refused(data).code == code


@pytest.mark.parametrize(
    ("settings", "data"),
    [
        (Settings(max_pages=2), make_pdf([PAGE] * 3)),
        (Settings(max_chars=10), make_pdf([PAGE])),
        (Settings(max_cells=10), make_pdf([PAGE + line(0, 0, 9, 0) * 50])),
        (Settings(max_seconds=1e-9), make_pdf([PAGE])),
    ],
    ids=["max_pages", "max_chars", "max_cells", "max_seconds"],
)
def test_limits_hold(settings: Settings, data: bytes, request: pytest.FixtureRequest) -> None:
    error = refused(data, settings)

    assert error.code == "E104"
    assert request.node.callspec.id in error.message


def shared(content: bytes, called: int) -> bytes:
    entries = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X0 %d 0 R"
    return stream(content, entries % called + b" >> >>")


TWICE = zlib.compress(zlib.compress(b" " * 500_000_000))
HOSTILE = {
    "calls itself": make_pdf([PAGE + b"/X0 Do"], extra={5: shared(b"/X0 Do /X0 Do", 5)}),
    "calls ten, nine times": make_pdf(
        [PAGE + b"/X0 Do"],
        extra={n: shared(b"/X0 Do " * 10 if n < 59 else b"", n + 1) for n in range(50, 60)}
        | {5: shared(b"/X0 Do " * 10, 50)},
    ),
    "inflates": make_pdf([PAGE + b" " * 500_000_000], compress=True),
    "inflates twice": make_pdf(
        [PAGE],
        extra={
            11: b"<< /Length %d /Filter [/Fl#61teDecode /FlateDecode] >>\nstream\n%b\nendstream"
            % (len(TWICE), TWICE)
        },
    ),
    "a million boxes": make_pdf([PAGE + b"0 0 9 1 re f " * 1_000_000], compress=True),
    "nested states": make_pdf([b"q " * 2_000_000 + PAGE], compress=True),
    "text on text": make_pdf([PAGE * 60_000], compress=True),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_go_to_a_child_and_end(name: str) -> None:
    start = time.monotonic()

    assert not is_ordinary(HOSTILE[name])
    assert refused(HOSTILE[name]).code == "E104"
    # Two seconds on a quiet machine.
    assert time.monotonic() - start < 6


@pytest.mark.parametrize(
    "data",
    [
        make_pdf([PAGE], page=b"/MediaBox [0 0 1e30 1e30]"),
        make_pdf([PAGE], extra={2: b"<< /Type /Pages /Kids [10 0 R] /Count 2000000000 >>"}),
        make_pdf([PAGE]).replace(b"startxref\n", b"startxref\n9"),
        make_pdf(
            [PAGE],
            extra={
                1: b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript"
                b" /JS (while\\(1\\){}) >> >>"
            },
        ),
        make_pdf([PAGE], trailer=b"/Note (/Encrypt)"),
    ],
    ids=["huge page", "false count", "wrong place of the table", "script", "read by the child"],
)
def test_odd_but_sound_files_are_read(data: bytes) -> None:
    assert read(data).raw_text == SENTENCE + "\n"


def test_child_and_parent_read_alike() -> None:
    path = ROOT / "tests" / "data" / "pdf" / "word_ruled.pdf"
    data = path.read_bytes()

    # The remark after the end makes the file go to a child, and changes nothing.
    other = read(data + b"\n% /Encrypt\n")

    assert is_ordinary(data)
    assert other.raw_text == read(data).raw_text
    assert other.blocks == read(data).blocks


def test_any_cut_of_a_file_ends_well() -> None:
    data = make_pdf([PAGE, PAGE + line(1, 1, 9, 9)], compress=True)
    codes = {code_of(data[:size]) for size in range(0, len(data), 97)}

    assert codes <= {"", "E101", "E102", "E104"}


def code_of(data: bytes) -> str:
    try:
        read(data)
    except ReadError as error:
        return error.code
    return ""


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mining.readers.pdf.find_spec", lambda _name: None)

    with pytest.raises(MissingExtraError, match=r"mining\[pdf\]"):
        read(make_pdf([PAGE]))
    assert importlib.util.find_spec("pypdfium2")
