"""Numbers that Word prints by itself stand before their paragraphs as text."""

from pathlib import Path

import pytest

from mining.docx.numbering import format_number
from mining.pipeline import parse_report
from mining.readers.docx import read_docx
from mining.report import Report
from mining.settings import Settings
from tests.wordmaker import make_docx, numbered, p, tbl, tc


def lvl(index: int, fmt: str, text: str, more: str = "", start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="{start}"/><w:numFmt w:val="{fmt}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def abstract(*levels: str, key: int = 0) -> str:
    return f'<w:abstractNum w:abstractNumId="{key}">{"".join(levels)}</w:abstractNum>'


def num(key: int = 1, base: int = 0, change: str = "") -> str:
    return f'<w:num w:numId="{key}"><w:abstractNumId w:val="{base}"/>{change}</w:num>'


def read(body: str, numbering: str, styles: str = "") -> Report:
    data = make_docx(body, parts={"numbering": numbering, "styles": styles})
    return read_docx(data, report_id="r", path=Path("r.docx"), settings=Settings())


def lines(body: str, numbering: str, styles: str = "") -> list[str]:
    return read(body, numbering, styles).raw_text.splitlines()


HEADINGS = abstract(
    lvl(0, "chineseCounting", "%1、"),
    lvl(1, "chineseCountingThousand", "（%2）"),
    lvl(2, "decimal", "%3."),
)


@pytest.mark.parametrize(
    ("number", "number_format", "printed"),
    [
        (1, "decimal", "1"),
        (10, "chineseCounting", "十"),
        (21, "chineseCountingThousand", "二十一"),
        (12, "japaneseCounting", "十二"),
        (10, "ideographDigital", "一〇"),
        (3, "chineseLegalSimplified", "叁"),
        (3, "decimalEnclosedCircle", "③"),
        (20, "decimalEnclosedCircleChinese", "⑳"),
        (21, "decimalEnclosedCircle", "21"),
        (4, "decimalEnclosedParen", "(4)"),
        (4, "decimalEnclosedFullstop", "4."),
        (7, "decimalZero", "07"),
        (1, "lowerLetter", "a"),
        (27, "upperLetter", "AA"),
        (14, "lowerRoman", "xiv"),
        (9, "upperRoman", "IX"),
        (2, "ideographTraditional", "乙"),
        (12, "ideographZodiac", "亥"),
        (5, "none", ""),
        (5, "someNewFormat", "5"),
        (0, "lowerLetter", ""),
        (0, "chineseCounting", "零"),
    ],
)
def test_number_formats(number: int, number_format: str, printed: str) -> None:
    assert format_number(number, number_format) == printed


def test_levels_count_and_start_again_below_a_higher_one() -> None:
    body = (
        numbered("总体情况")
        + numbered("主动公开", level=1)
        + numbered("依申请公开", level=1)
        + numbered("2022年收到12件", level=2)
        + numbered("主动公开政府信息情况")
        + numbered("规章", level=1)
    )

    assert lines(body, HEADINGS + num()) == [
        "一、总体情况",
        "（一）主动公开",
        "（二）依申请公开",
        "1. 2022年收到12件",
        "二、主动公开政府信息情况",
        "（一）规章",
    ]


def test_legal_numbering_prints_digits() -> None:
    levels = abstract(lvl(0, "chineseCounting", "第%1章"), lvl(1, "decimal", "%1.%2", "<w:isLgl/>"))
    body = numbered("总则") + numbered("目的", level=1) + numbered("范围", level=1)

    assert lines(body, levels + num()) == ["第一章 总则", "1.1 目的", "1.2 范围"]


def test_lists_of_one_kind_share_their_count_unless_they_start_anew() -> None:
    anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    body = "".join(numbered("甲", num=n) for n in (1, 2, 3, 3))

    assert lines(body, HEADINGS + num(1) + num(2) + num(3, change=anew)) == [
        "一、甲",
        "二、甲",
        "一、甲",
        "二、甲",
    ]


def test_a_list_may_change_a_level() -> None:
    other = f'<w:lvlOverride w:ilvl="0">{lvl(0, "decimal", "%1）", start=5)}</w:lvlOverride>'

    assert lines(numbered("乙") * 2, HEADINGS + num(change=other)) == ["5）乙", "6）乙"]


def test_restart_may_be_switched_off() -> None:
    levels = abstract(
        lvl(0, "chineseCounting", "%1、"), lvl(1, "decimal", "%2、", '<w:lvlRestart w:val="0"/>')
    )
    body = (numbered("章") + numbered("条", level=1)) * 2

    assert lines(body, levels + num()) == ["一、章", "1、条", "二、章", "2、条"]


STYLES = (
    '<w:style w:styleId="1" w:type="paragraph"><w:name w:val="heading 1"/>'
    '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:styleId="2" w:type="paragraph"><w:name w:val="heading 2"/><w:basedOn w:val="1"/>'
    '<w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:styleId="3" w:type="paragraph"><w:name w:val="本局标题"/><w:basedOn w:val="1"/>'
    "</w:style>"
    '<w:style w:styleId="loop" w:type="paragraph"><w:basedOn w:val="loop"/></w:style>'
)


def styled(text: str, style: str, more: str = "") -> str:
    return p(text, f'<w:pStyle w:val="{style}"/>{more}')


def test_numbering_comes_through_styles() -> None:
    off = '<w:numPr><w:numId w:val="0"/></w:numPr>'
    body = (
        styled("总体情况", "1")
        + styled("主动公开", "2")
        + styled("数据", "3")
        + styled("不编号", "1", off)
        + styled("转圈", "loop")
        + styled("没有的样式", "9")
    )

    assert lines(body, HEADINGS + num(), STYLES) == [
        "一、总体情况",
        "（一）主动公开",
        "二、数据",
        "不编号",
        "转圈",
        "没有的样式",
    ]


def test_a_style_may_be_tied_to_a_level() -> None:
    levels = abstract(
        lvl(0, "chineseCounting", "%1、"), lvl(1, "decimal", "（%2）", '<w:pStyle w:val="1"/>')
    )

    assert lines(styled("甲", "1") * 2, levels + num(), STYLES) == ["（1）甲", "（2）甲"]


def test_a_list_may_be_that_of_a_list_style() -> None:
    linked = '<w:abstractNum w:abstractNumId="7"><w:numStyleLink w:val="清单"/></w:abstractNum>'
    styles = (
        '<w:style w:styleId="清单" w:type="numbering">'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    numbering = HEADINGS + linked + num(1) + num(2, base=7)

    assert lines(numbered("甲", num=2), numbering, styles) == ["一、甲"]


@pytest.mark.parametrize(
    "numbering",
    [
        "",
        num(),
        abstract(lvl(0, "bullet", "●")) + num(),
        abstract(lvl(1, "decimal", "%1")) + num(),
        abstract(lvl(0, "decimal", "")) + num(),
    ],
    ids=["no lists", "no abstract list", "bullet", "level not told", "no text"],
)
def test_nothing_is_printed_where_word_prints_no_number(numbering: str) -> None:
    assert lines(numbered("正文"), numbering) == ["正文"]


def test_hostile_numbers_are_bounded() -> None:
    far = abstract(lvl(0, "lowerLetter", "%1" * 90_000, start=999_999_999)) + num()

    assert len(lines(numbered("a"), far)[0]) < 30_000


def test_deleted_paragraphs_do_not_count() -> None:
    gone = (
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:rPr><w:del/>'
        "</w:rPr></w:pPr><w:del><w:r><w:delText>旧</w:delText></w:r></w:del></w:p>"
    )

    assert lines(numbered("甲") + gone + numbered("乙"), HEADINGS + num()) == ["一、甲", "二、乙"]


def test_cells_are_numbered_too() -> None:
    rows = [[tc(numbered("国家秘密", level=2)), tc(p("0"))] for _ in range(2)]

    assert lines(tbl(rows), HEADINGS + num())[::3] == ["\t1. 国家秘密", "\t2. 国家秘密"]


def test_sections_are_found_by_automatic_numbers() -> None:
    titles = ("总体情况", "主动公开政府信息情况", "收到和处理政府信息公开申请情况")
    body = p("云州市水务局2022年政府信息公开工作年度报告") + "".join(
        numbered(title) + p("全年主动公开政府信息86条，工作平稳。") for title in titles
    )

    report, _ = parse_report(read(body, HEADINGS + num()), settings=Settings())

    assert [s.key for s in report.sections or ()] == [
        "preface",
        "overview",
        "disclosure",
        "applications",
    ]
