"""One agency over the years: renamed, moved under another name, or somebody else."""

from pathlib import Path

import pytest

from mining.history.mapping import load_agencies
from mining.study.agencies import map_digest, name_agencies


def names(*told: tuple[str, str | None, int | None]) -> list[str]:
    return [agency.name for agency in name_agencies(told)]


def test_renamed_agency_has_its_latest_name() -> None:
    old, new = "宁波市江宁区环保局", "宁波市生态环境局江宁分局"

    assert names((new, None, 2021), (old, None, 2017), (old, None, 2018)) == [new] * 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("宁波市工商局", "宁波市市场监督管理局"),  # merged with others
        ("南京市鼓楼区教育局", "徐州市鼓楼区教育局"),  # another place of that name
        ("江宁区教育局", "江宁区水利局"),
    ],
)
def test_other_agencies_keep_apart(one: str, other: str) -> None:
    assert names((one, None, 2018), (other, None, 2019)) == [one, other]


def test_name_that_fits_two_agencies_is_of_neither() -> None:
    told = ["南京市鼓楼区教育局", "鼓楼区教育局", "徐州市鼓楼区教育局"]

    assert names(*((name, None, 2020) for name in told)) == told


def test_name_without_place_is_unknown() -> None:
    found = name_agencies([("水务局", None, 2020), ("水务局", None, 2021)])

    assert [agency.is_known for agency in found] == [False, False]


def test_region_told_elsewhere_places_the_name() -> None:
    told = [("水务局", "南京市江宁区", 2020), ("水务局", "南京市鼓楼区", 2020)]

    found = name_agencies([*told, ("南京市江宁区水务局", None, 2021)])

    assert all(agency.is_known for agency in found)
    assert found[0] == found[2]
    assert found[0].name != found[1].name


def test_order_changes_nothing() -> None:
    told = [
        ("江宁县水利局", None, 2008),
        ("江宁区水务局", None, 2021),
        ("江宁区水利局", None, 2015),
    ]

    there = name_agencies(told)
    back = name_agencies(reversed(told))

    assert there == back[::-1]


def test_users_file_decides(tmp_path: Path) -> None:
    path = tmp_path / "same.csv"
    path.write_text("agency,same_as\n宁波市工商局,宁波市市场监督管理局\n", encoding="utf-8")
    known = load_agencies(path)

    told = [("宁波市工商局", None, 2012), ("宁波市市场监督管理局", None, 2016)]
    found = name_agencies(told, known)

    assert {agency.name for agency in found} == {"宁波市市场监督管理局"}
    assert map_digest(known) != map_digest(None)
