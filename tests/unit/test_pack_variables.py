"""Variables of a user's table and of paths; what is unsound is refused with its reason."""

from pathlib import Path

import pyarrow as pa
import pytest

from mining.corpus.variables import PathPattern, common_schema, load_table
from mining.errors import SettingsError


def csv_of(folder: Path, text: str) -> Path:
    path = folder / "变量.csv"
    path.write_text(text, encoding="utf-8-sig")
    return path


def test_columns_have_the_type_of_all_their_values(tmp_path: Path) -> None:
    text = "report,year,share,code,level\na.txt,2020,0.5,010,县\nb.txt,,2,110,\n\n"

    table = load_table(csv_of(tmp_path, text))

    assert table.schema.types == [pa.int64(), pa.float64(), pa.string(), pa.string()]
    assert table.of("b.txt") == {"year": None, "share": 2.0, "code": "110", "level": None}
    assert table.of("c.txt") == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name,year\na,1\n", "lacks the column report"),
        ("", "lacks the column report"),
        ("report,year\na.txt,1\na.txt,2\n", "two rows are for a.txt"),
        ("report,year\na.txt\n", "a row has 1 fields"),
        ("report,size\na.txt,1\n", "size is a column of every pack"),
        ("report,a,a\nx,1,1\n", "same name"),
        ("report,\nx,1\n", "no name"),
        ('report,a\n"x,1\n', "can't be read"),
    ],
)
def test_unsound_table_is_refused(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        load_table(csv_of(tmp_path, text))


def test_table_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "变量.csv"
    path.write_bytes("report,level\n年报.txt,县".encode("gb18030"))

    with pytest.raises(SettingsError, match="UTF-8"):
        load_table(path)


@pytest.mark.parametrize(
    ("pattern", "report", "told"),
    [
        ("{agency}_{year}.txt", "甲县/水务局_2020.txt", {"agency": "水务局", "year": 2020}),
        ("{region}/{_}_{year}.{_}", "省/甲县/水务局_2020.docx", {"region": "甲县", "year": 2020}),
        ("{year}/年报-{agency}", "2020/年报-水务局", {"year": 2020, "agency": "水务局"}),
        ("{year}/{agency}.txt", "水务局.txt", {}),
        ("{agency}_{year}.txt", "水务局_去年.txt", {}),
        ("{agency}_{year}.txt", "_2020.txt", {}),
        ("{agency}_{year}.txt", "水务局_2020.html", {}),
        ("{agency}_{year}.txt", "水务局_2020.txt.txt", {}),
    ],
)
def test_path_tells_variables(pattern: str, report: str, told: dict[str, object]) -> None:
    assert PathPattern(pattern).of(report) == told


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("年报.txt", "no field"),
        ("{a}{b}.txt", "nothing between"),
        ("{a}/{a}.txt", "same name"),
        ("{size}.txt", "column of every pack"),
        ("{}.txt", "no name"),
    ],
)
def test_unsound_pattern_is_refused(pattern: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        PathPattern(pattern)


def test_whole_numbers_and_others_go_together_texts_do_not() -> None:
    whole, other, text = (
        pa.schema([("share", kind)]) for kind in (pa.int64(), pa.float64(), pa.string())
    )

    assert common_schema([whole, other]).field("share").type == pa.float64()
    with pytest.raises(SettingsError, match="E401"):
        common_schema([whole, text])
