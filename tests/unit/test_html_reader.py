"""Web pages to raw text: the report and its tables, nothing of the site, nothing for attackers."""

import base64
import quopri
from pathlib import Path

import pytest

from mining.attachments import attachment_name
from mining.pipeline import parse_report, read_report
from mining.readers.html import read_html
from mining.report import Report
from mining.settings import Settings

PAGES = Path(__file__).parents[1] / "data" / "html"
SETTINGS = Settings()
SENTENCE = "本年新收政府信息公开申请12件，均已答复。"


def read(page: str | bytes, name: str = "page.html", **limits: float) -> Report:
    data = page.encode() if isinstance(page, str) else page
    settings = Settings(**limits)  # type: ignore[arg-type]
    return read_html(data, report_id="r", path=Path(name), settings=settings)


def text_of(body: str) -> str:
    return read(f"<html><body>{body}</body></html>").raw_text


def lines_of(report: Report) -> list[str]:
    return [line for line in report.raw_text.split("\n") if line and line[0] != "\t"]


def codes(report: Report) -> list[str]:
    return [entry.code for entry in report.log]


def page(name: str) -> bytes:
    return (PAGES / name).read_bytes()


def test_only_the_report_of_a_portal_page_is_read() -> None:
    assert lines_of(read(page("portal.html"))) == [
        "临河县水利局2022年政府信息公开工作年度报告",
        "本报告的数据自2022年1月1日起至2022年12月31日止。",
        "一、总体情况",
        "全年主动公开政府信息128条，新收申请6件，均在法定时限内答复。",
        "1.完善目录，重新整理了栏目；",
        "2.加强培训，全年两期。",
        "二、主动公开政府信息情况",
        "四、政府信息公开行政复议、行政诉讼情况",
        "五、存在的主要问题及改进情况",
        "栏目更新不够及时，已明确专人负责。",
        "下一步，每季度检查一次。",
        "临河县水利局",
        "2023年1月18日",
    ]


def test_the_cells_of_a_portal_page_are_read() -> None:
    report, _ = parse_report(read(page("portal.html")), settings=SETTINGS)
    cells = {str(c.address): c.raw for t in report.tables or () for c in t.cells}

    assert cells["disclosure.normative_documents.issued"] == "1"
    assert cells["disclosure.normative_documents.in_force"] == "7"
    assert cells["litigation.review.upheld"] == "1"
    assert cells["litigation.direct.total"] == "2"
    assert cells["litigation.after_review.total"] == "0"
    assert report.meta is not None
    assert report.meta.year == 2022
    assert report.meta.agency == "临河县水利局"


def test_facts_of_the_page_are_logged() -> None:
    told = {entry.code: entry.message for entry in read(page("portal.html")).log}

    assert told["meta-pubdate"] == "2023-01-18 09:30"
    assert told["meta-contentsource"] == "临河县水利局"
    assert told["title-added"].startswith("临河县水利局2022年")


def test_a_table_that_lays_out_the_page_is_no_table() -> None:
    report = read(page("layout.html"))

    assert "青石镇2020年政府信息公开工作年度报告" in lines_of(report)
    assert "一、总体情况" in lines_of(report)
    assert "\t规范性文件\n\t2\n\t2\n\t9\n\n" in report.raw_text
    assert "联系我们" not in report.raw_text
    assert "\t一、" not in report.raw_text


def test_places_of_cells_are_kept() -> None:
    report = read(page("portal.html"))
    places = {b.raw_span.of(report.raw_text): b.prov.path for b in report.blocks}

    assert places["规章"].startswith("(//td)[")
    assert places["一、总体情况"].startswith("(//p)[")


TABLES = [
    ("rows", "<table><tr><td>甲<td>1<tr><td>乙<td>2</table>", ["甲 1", "乙 2"]),
    ("no rows", "<table><td>甲</td><td>1</td><tr><td>乙<td>2</table>", ["甲 1", "乙 2"]),
    (
        "merged over rows",
        "<table><tr><td rowspan=3>三、结果<td>甲<td>1<tr><td>乙<td>2<tr><td>丙<td>3</table>",
        ["三、结果 甲 1", "_ 乙 2", "_ 丙 3"],
    ),
    (
        "merged over rows and columns",
        "<table><tr><td rowspan=2 colspan=2>甲<td>1<td rowspan=2>2<tr><td>3<tr><td>4<td>5</table>",
        ["甲 1 2", "_ 3 _", "4 5"],
    ),
    ("merged over columns", "<table><tr><td colspan=9>甲<td>1<tr><td>乙</table>", ["甲 1", "乙"]),
    (
        "to the end",
        "<table><tr><td rowspan=0>甲<td>1<tr><td>2<tr><td>3</table>",
        ["甲 1", "_ 2", "_ 3"],
    ),
    ("header cells", "<table><tr><th>甲<td>1<tr><td>乙<th>2</table>", ["甲 1", "乙 2"]),
    ("groups", "<table><thead><tr><td>甲<td>1<tbody><tr><td>乙<td>2</table>", ["甲 1", "乙 2"]),
    ("blank", "<table><tr><td>甲<td>&nbsp;<td>2<tr><td>乙<td><td>3</table>", ["甲 _ 2", "乙 _ 3"]),
    (
        "breaks",
        "<table><tr><td>本年新<br>收<td>1<tr><td><p>乙</p><p>丙</p><td>2</table>",
        ["本年新收 1", "乙丙 2"],
    ),
    (
        "text behind a block",
        "<table><tr><td><p>本年</p>新收<td>1<tr><td>乙<td>2</table>",
        ["本年新收 1", "乙 2"],
    ),
    (
        "nested row",
        "<table><tr><td>甲<td><table><tr><td>1<td>2</table></td></tr><tr><td>乙<td>3<td>4</table>",
        ["甲 1 2", "乙 3 4"],
    ),
    (
        "nested table",
        "<table><tr><td><table><tr><td>甲<td>1<tr><td>乙<td>2</table></td></tr></table>",
        ["甲 1", "乙 2"],
    ),
    ("hidden cell", "<table><tr><td>甲<td hidden>9<td>1<tr><td>乙<td>2</table>", ["甲 1", "乙 2"]),
    (
        "form inside",
        "<table><form><tr><td>甲<td>1</tr><tr><td>乙<td>2</tr></form></table>",
        ["甲 1", "乙 2"],
    ),
    (
        "split number",
        "<table><tr><td>甲<td><b>1</b><i>2</i><tr><td>乙<td>3</table>",
        ["甲 12", "乙 3"],
    ),
]


@pytest.mark.parametrize(("body", "rows"), [c[1:] for c in TABLES], ids=[c[0] for c in TABLES])
def test_tables_become_tabbed_cells(body: str, rows: list[str]) -> None:
    written = "".join(
        "".join(f"\t{'' if cell == '_' else cell}\n" for cell in row.split()) + "\n" for row in rows
    )

    assert text_of(f"<p>{SENTENCE}</p>{body}") == f"{SENTENCE}\n{written}"


TEXTS = [
    ("inline tags", "<p>新收<span>1</span><span>2</span>件。</p>", ["新收12件。"]),
    ("blocks", "<div>甲县<p>乙局</p>丙科</div>", ["甲县", "乙局", "丙科"]),
    (
        "breaks",
        "<div>一、概述<br>全年公开5条。<br/><br/>完</div>",
        ["一、概述", "全年公开5条。", "完"],
    ),
    (
        "wrapped source",
        "<p>全年公开政府\n     信息5条，其中网站\r\n3条。</p>",
        ["全年公开政府信息5条，其中网站3条。"],
    ),
    ("wrapped words", "<p>用 Word\n 2016 编写。</p>", ["用 Word 2016 编写。"]),
    ("entities", "<p>&#20844;&#24320; 5&nbsp;条。</p>", ["公开 5\xa0条。"]),
    ("preformatted", "<pre>一、概述\n全年公开5条。</pre>", ["一、概述", "全年公开5条。"]),
    ("sounds", "<p><ruby>公<rt>gōng</rt></ruby>开5条。</p>", ["公开5条。"]),
    (
        "hidden",
        "<p>公开5条。</p><p style='DISPLAY : none'>藏。</p><p aria-hidden=true>藏。</p>",
        ["公开5条。"],
    ),
    (
        "not text",
        "<p>公开5条。</p><select><option>甲。</select><textarea>乙。</textarea>",
        ["公开5条。"],
    ),
    ("stray cell", "<td>公开5条。</td>", ["公开5条。"]),
    ("buttons", "<p>公开5条。</p><p>字体：【大 中 小】 打印 关闭</p>", ["公开5条。"]),
    ("list", "<ol start=3><li>甲</li><li>乙</li></ol>", ["3.甲", "4.乙"]),
    ("list told", "<ol><li>1、甲</li><li>（二）乙</li></ol>", ["1、甲", "（二）乙"]),
    ("list letters", "<ol type=a><li>甲</li><li>乙</li></ol>", ["a.甲", "b.乙"]),
    ("list roman", "<ol type=I><li value=4>甲</li><li>乙</li></ol>", ["IV.甲", "V.乙"]),
    ("list Chinese", "<ol style='list-style-type: cjk-ideographic'><li>甲</li></ol>", ["一、甲"]),
    ("list bare", "<ol style='list-style:none'><li>甲</li></ol>", ["甲"]),
    ("list backwards", "<ol reversed><li>甲</li><li>乙</li></ol>", ["2.甲", "1.乙"]),
]


@pytest.mark.parametrize(("body", "lines"), [c[1:] for c in TEXTS], ids=[c[0] for c in TEXTS])
def test_text_is_read_as_it_is_shown(body: str, lines: list[str]) -> None:
    assert text_of(body).splitlines() == lines


REPORT = "".join(
    f"<p>{n}、第{n}部分</p><p>这是第{n}部分的内容，全年办理{i}件，均在法定时限内按期答复申请人。</p>"
    for i, n in enumerate("一二三四五六")
)


def test_a_print_copy_is_left_out() -> None:
    body = f"<div class=pc>{REPORT}</div><div class=phone>{REPORT}</div>"

    assert text_of(body).count("第三部分的内容") == 1


def test_a_report_outside_its_container_is_not_lost() -> None:
    first, second = REPORT[: len(REPORT) // 2], REPORT[len(REPORT) // 2 :]

    assert text_of(f"<div id=Zoom>{first}</div><div>{second}</div>").count("部分的内容") == 6


def test_a_page_saved_behind_a_dialog_is_read() -> None:
    assert "第六部分的内容" in text_of(f"<div aria-hidden=true>{REPORT}</div>")


def test_a_title_in_the_body_stays_the_only_one() -> None:
    title = "<title>临河县2021年政府信息公开年报</title>"
    report = read(f"{title}<h2>临河县</h2><h2>2021年政府信息公开工作年度报告</h2>{REPORT}")

    assert "title-added" not in codes(report)


def test_a_lost_title_is_taken_from_the_page() -> None:
    report = read(f"<title>临河县2021年政府信息公开工作年度报告 - 临河县人民政府</title>{REPORT}")

    assert lines_of(report)[0] == "临河县2021年政府信息公开工作年度报告"


def test_the_name_of_a_column_is_no_title() -> None:
    assert "title-added" not in codes(read(f"<h1>临河县政府网 政府信息公开年报</h1>{REPORT}"))


def test_a_title_is_found_in_what_stands_around_the_text() -> None:
    card = "<p>索引号 | LH03/7 | 名称 | 临河县水利局2021年政府信息公开工作年度报告</p>"
    report = read(f"<body><div>{REPORT * 3}</div><div>{card}</div></body>")

    assert lines_of(report)[0] == "临河县水利局2021年政府信息公开工作年度报告"


ENCODINGS = [
    ("gb2312", "gb18030", "gb18030"),
    ("GBK", "gb18030", "gb18030"),
    ("utf-8", "utf-8", "utf-8"),
    ("utf-8", "gb18030", "gb18030"),
    ("gb2312", "utf-8", "utf-8"),
    ("", "gb18030", "gb18030"),
    ("iso-8859-1", "gb18030", "gb18030"),
    ("no-such-name", "utf-8", "utf-8"),
    ("utf-16", "utf-16", "utf-16"),
    ("", "utf-8-sig", "utf-8-sig"),
]


@pytest.mark.parametrize(("told", "real", "found"), ENCODINGS)
def test_encodings(told: str, real: str, found: str) -> None:
    head = f'<meta charset="{told}">' if told else ""
    report = read(f"<html><head>{head}</head><body>{REPORT * 3}</body></html>".encode(real))

    assert report.raw_text.count("第五部分的内容") == 3
    assert report.source.encoding == found


def test_big5_is_read() -> None:
    body = "<p>本年度受理政府資訊公開申請十二件，均已答覆。</p>" * 3
    report = read(
        f'<?xml version="1.0" encoding="big5"?><html><body>{body}</body></html>'.encode("big5")
    )

    assert "受理政府資訊公開申請十二件" in report.raw_text


@pytest.mark.parametrize("coding", ["quoted-printable", "base64", "8bit"])
def test_a_web_archive_is_read(coding: str) -> None:
    content = f"<html><body>{REPORT}</body></html>".encode("gb18030")
    written = {"quoted-printable": quopri.encodestring, "base64": base64.encodebytes}.get(
        coding, bytes
    )
    kind = "Content-Type: multipart/related;\n\tboundary='----=_Part'\n"
    head = f"From: <Saved>\nMIME-Version: 1.0\n{kind}"
    part = f"Content-Type: text/html; charset=gb2312\nContent-Transfer-Encoding: {coding}\n\n"
    archive = (
        f"{head}\n------=_Part\n{part}".replace("'", '"').encode()
        + written(content)
        + b"\n------=_Part\nContent-Type: image/png\n\nxx\n------=_Part--\n"
    ).replace(b"\n", b"\r\n")

    report = read(archive, "page.mht")

    assert report.raw_text.count("部分的内容") == 6
    assert report.source.media_type == "multipart/related"


def test_an_attachment_is_read_when_it_lies_beside(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    (tmp_path / "W020220111.txt").write_text(f"一、总体情况\n{SENTENCE}\n", encoding="utf-8")

    report = read_report(page("attachment.html"), report_id="page", path=path, settings=SETTINGS)

    assert SENTENCE in report.raw_text
    assert report.id == "page"
    assert "attachment-read" in codes(report)


def test_a_missing_attachment_is_told(tmp_path: Path) -> None:
    path = tmp_path / "page.html"

    report = read_report(page("attachment.html"), report_id="page", path=path, settings=SETTINGS)

    assert [e.message for e in report.log if e.code == "attachment-only"] == ["W020220111.txt"]


def test_an_attachment_outside_the_folder_is_never_read(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(SENTENCE, encoding="utf-8")
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    for href in ("../secret.txt", "..%2Fsecret.txt", "link.txt", "file:///etc/passwd.txt"):
        data = f"<p>附件：<a href='{href}'>年报</a></p>".encode()
        report = read_report(data, report_id="p", path=folder / "p.html", settings=SETTINGS)

        assert SENTENCE not in report.raw_text


@pytest.mark.parametrize(
    ("link", "name"),
    [
        ("./P0202.docx", "P0202.docx"),
        ("/a/%E5%B9%B4%E6%8A%A5.pdf?x=1", "年报.pdf"),
        ("2022年年报.doc", "2022年年报.doc"),
        ("..\\..\\a.txt", "a.txt"),
        ("javascript:void(0)", ""),
        ("http://[bad/a.pdf", ""),
        ("a%00.pdf", ""),
        ("next.html", ""),
    ],
)
def test_names_of_attachments(link: str, name: str) -> None:
    assert attachment_name(link) == name


def test_links_of_pictures_count_as_links() -> None:
    pictures = "<a href=1><img></a><a href=2><img></a>"
    body = f"<p>{SENTENCE * 20}</p><div>{pictures}<a href=3>首页</a></div>"
    assert lines_of(read(f"<body>{body}</body>")) == [SENTENCE * 20]
    one = body.replace(pictures, "")
    assert lines_of(read(f"<body>{one}</body>"))[1:] == ["首页"]


def test_a_text_goes_on_behind_what_is_no_text() -> None:
    assert (
        text_of("<p>新收<script>var 甲 = 1;</script>12<svg><g>乙</g></svg>件</p>") == "新收12件\n"
    )
    assert text_of("<p>新收12件<script>var 甲 = 1;") == "新收12件\n"
