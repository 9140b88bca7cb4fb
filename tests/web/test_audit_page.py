"""The page in a real browser: it filters, shows, stays offline and takes text for text."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select

from mining.finding import Failure
from mining.present import html
from mining.present.cards import ReportCard, failure_card, summarize
from mining.present.html import write_page
from tests.cardmaker import make_card, make_finding

pytestmark = pytest.mark.web

FLAGS = (
    "--headless --no-sandbox --disable-gpu --hide-scrollbars --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)
EVIL = "</script><script>window.hacked=1</script><img src=x onerror=window.hacked=1>"
BALANCE = make_finding(
    id="ba1a",
    rule="table-balance",
    message="“总计”一列：新收与上年结转共27，办结与结转下年共26，相差1。",
    terms=[{"label": f"第{n}项", "value": str(n % 2), "role": ""} for n in range(12)],
    passages=[],
)
SUSPECT = make_finding(id="50c7", status="suspect", severity="warning")
FAILED = failure_card(Failure(report="坏.pdf", source="坏.pdf", code="E103", message="无法解码"))
CARDS: list[ReportCard] = [
    make_card(make_finding(), BALANCE),
    make_card(SUSPECT, report="青山县/2021.txt", agency="青山县教育局", region="青山县", year=2021),
    make_card(
        make_finding(id="e711", message=EVIL), report=EVIL, agency=EVIL, region=None, year=None
    ),
    FAILED,
]


def start_browser(folder: Path) -> webdriver.Chrome:
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not driver:
        reason = "no chromium or chromedriver on this machine"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (*FLAGS.split(), f"--user-data-dir={folder}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        driver = start_browser(Path(folder))
        yield driver
        driver.quit()


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "audit.html"
    write_page(CARDS, path, summary=summarize(CARDS))
    return path


def log_of(browser: webdriver.Chrome, name: str) -> list[dict[str, str]]:
    entries: list[dict[str, str]] = browser.get_log(name)  # type: ignore[no-untyped-call]
    return entries


def show(browser: webdriver.Chrome, file: Path, place: str = "", *, width: int = 1280) -> None:
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    for name in ("browser", "performance"):
        log_of(browser, name)
    browser.get("about:blank")
    browser.get(file.as_uri() + place)


@pytest.fixture
def page(browser: webdriver.Chrome, page_file: Path) -> Iterator[webdriver.Chrome]:
    show(browser, page_file)
    yield browser
    assert [entry for entry in log_of(browser, "browser") if entry["level"] == "SEVERE"] == []


def texts(page: webdriver.Chrome, selector: str) -> list[str]:
    return [e.text for e in page.find_elements(By.CSS_SELECTOR, selector)]


def one(page: webdriver.Chrome, selector: str) -> WebElement:
    return page.find_element(By.CSS_SELECTOR, selector)


def choose(page: webdriver.Chrome, facet: str, value: str) -> None:
    Select(one(page, f"#by-{facet}")).select_by_value(f"={value}")


def shown(page: webdriver.Chrome) -> str:
    return one(page, "#shown").text


def test_summary_stands_first(page: webdriver.Chrome) -> None:
    assert texts(page, "#summary .tile > b") == ["3", "133", "3", "1"]
    assert "1 份未能读取" in one(page, "#summary").text
    assert texts(page, "#summary .coverage b") == ["60", "24", "21"]


@pytest.mark.parametrize(
    ("facet", "value", "count"),
    [
        ("status", "suspect", 1),
        ("severity", "error", 3),
        ("rule", "table-balance", 1),
        ("year", "2022", 2),
        ("region", "青山县", 1),
    ],
)
def test_filters(page: webdriver.Chrome, facet: str, value: str, count: int) -> None:
    choose(page, facet, value)

    assert shown(page) == f"显示 {count} 条，共 4 条"
    assert len(page.find_elements(By.CSS_SELECTOR, ".row.finding")) == count


def test_counts_follow_the_other_filters(page: webdriver.Chrome) -> None:
    choose(page, "year", "2022")

    options = texts(page, "#by-status option")
    assert options == ["全部（2）", "不一致（2）"]
    assert texts(page, "#by-year option")[0] == "全部（4）"


def test_search_and_clear(page: webdriver.Chrome) -> None:
    one(page, "#search").send_keys("教育")
    assert texts(page, ".row.finding .rule") == ["正文与表格"]

    one(page, "#search").send_keys("没有这个单位")
    assert one(page, ".empty").text == "没有符合条件的内容"

    one(page, "#clear").click()
    assert shown(page) == "显示 4 条，共 4 条"


def test_number_and_cell_are_marked_side_by_side(page: webdriver.Chrome) -> None:
    mark, cell = one(page, "blockquote mark"), one(page, "td.role-cell")

    assert (mark.text, cell.text) == ("93件", "91")
    assert mark.is_displayed()
    assert cell.is_displayed()
    colours = {e.value_of_css_property("background-color") for e in (mark, cell)}
    assert colours == {"rgba(255, 224, 138, 1)"}
    assert mark.rect["x"] + mark.rect["width"] < cell.rect["x"]
    assert texts(page, ".comparison dd") == ["93", "91", "+2"]
    assert texts(page, ".legend li") == ["12\n正文数字", "12\n表中数字", "?\n位置不够确定"]
    assert one(page, "td.absent").get_attribute("title") == "无此栏"
    assert one(page, "td .uncertain").text == "?"


def test_pages_of_sentence_and_cell_stand_beside_them(page: webdriver.Chrome) -> None:
    one(page, ".row.finding").click()

    assert texts(page, "figcaption .at") == ["第1页"]
    assert texts(page, "caption .at") == ["第3页"]


def test_keyboard_and_shareable_place(page: webdriver.Chrome, page_file: Path) -> None:
    body = one(page, "body")
    body.send_keys("j")
    assert page.current_url.endswith("#f=ba1a")
    body.send_keys("j", "k", "k")
    assert page.current_url.endswith("#f=a1b2c3d4e5f60718")

    show(page, page_file, "#f=50c7")
    assert "青山县教育局" in one(page, ".detail .origin").text


def test_letters_in_the_search_box_are_letters(page: webdriver.Chrome) -> None:
    one(page, "#search").send_keys("jk")

    assert "#" not in page.current_url


def test_list_moves_with_arrow_keys(page: webdriver.Chrome) -> None:
    one(page, "#list").send_keys(Keys.ARROW_DOWN)

    selected = one(page, "[role=option][aria-selected=true]")
    assert selected.get_attribute("aria-posinset") == "2"
    assert one(page, "#list").get_attribute("aria-activedescendant") == selected.get_attribute("id")


def test_long_formula_leaves_out_zeros(page: webdriver.Chrome, page_file: Path) -> None:
    show(page, page_file, "#f=ba1a")

    assert texts(page, ".term b") == ["0", *["1"] * 6]
    assert texts(page, ".formula .none") == ["另有 5 项为 0，未列出。"]


def test_markup_in_a_report_stays_text(page: webdriver.Chrome) -> None:
    choose(page, "region", "不详")
    one(page, ".row.finding").click()

    assert EVIL in one(page, ".message").text
    assert page.execute_script("return window.hacked") is None
    assert page.find_elements(By.CSS_SELECTOR, "img") == []


def test_nothing_is_asked_of_a_network(page: webdriver.Chrome, page_file: Path) -> None:
    one(page, "body").send_keys("j")

    messages = [json.loads(entry["message"])["message"] for entry in log_of(page, "performance")]
    asked = {
        m["params"]["request"]["url"]
        for m in messages
        if m["method"] == "Network.requestWillBeSent"
    }
    assert {u for u in asked if not u.startswith(("data:", "about:"))} == {page_file.as_uri()}


def test_policy_forbids_the_network(page: webdriver.Chrome) -> None:
    answer = page.execute_async_script(
        "const done = arguments[0];"
        "fetch('http://127.0.0.1/').then(() => done('sent'), () => done('blocked'))"
    )
    log = log_of(page, "browser")  # the refused request is logged; this test expects it

    assert answer == "blocked"
    assert any("Content Security Policy" in entry["message"] for entry in log)


def test_failed_inputs_are_listed(page: webdriver.Chrome) -> None:
    one(page, "[data-tab=failed]").click()

    assert texts(page, ".row.failed .text") == [
        "[E103] 文字编码混乱，无法还原（无法解码）。请另存为 UTF-8 文本后再试"
    ]


def test_report_shows_its_checks(page: webdriver.Chrome) -> None:
    one(page, ".origin .link").click()

    assert page.current_url.split("#")[1].startswith("r=")
    assert texts(page, ".rules tbody th") == ["行合计", "正文与表格"]


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_nothing_sticks_out(browser: webdriver.Chrome, page_file: Path, width: int) -> None:
    for place in ("", "#f=a1b2c3d4e5f60718", "#f=ba1a", "#f=e711"):
        show(browser, page_file, place, width=width)
        assert browser.execute_script("return document.documentElement.scrollWidth") == width


def test_phone_shows_list_then_finding_then_list(
    browser: webdriver.Chrome, page_file: Path
) -> None:
    show(browser, page_file, width=390)
    assert not one(browser, "#detail").is_displayed()

    one(browser, ".row.finding").click()
    assert not one(browser, "#list").is_displayed()
    assert one(browser, "td.role-cell").is_displayed()

    one(browser, ".back").click()
    assert one(browser, "#list").is_displayed()


def test_large_run_draws_only_what_is_seen(browser: webdriver.Chrome, tmp_path: Path) -> None:
    cards = [
        make_card(*(make_finding(id=f"{r:04}{n}") for n in range(10)), report=f"{r}.txt")
        for r in range(500)
    ]
    write_page(cards, tmp_path / "big.html", summary=summarize(cards))

    show(browser, tmp_path / "big.html", "#f=04999")

    assert shown(browser) == "显示 5,000 条，共 5,000 条"
    assert len(browser.find_elements(By.CSS_SELECTOR, ".row")) < 60
    assert one(browser, "[aria-selected=true]").get_attribute("aria-posinset") == "5000"


def test_too_many_findings_are_cut_with_a_note(
    browser: webdriver.Chrome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(html, "MOST_FINDINGS", 2)
    write_page(CARDS, tmp_path / "cut.html", summary=summarize(CARDS))

    show(browser, tmp_path / "cut.html")

    assert (
        one(browser, ".notice").text
        == "问题过多，这里只列出最要紧的 2 条；全部结果见数据表 findings.parquet。"
    )


def test_english_page(browser: webdriver.Chrome, tmp_path: Path) -> None:
    write_page(CARDS, tmp_path / "en.html", summary=summarize(CARDS), lang="en")

    show(browser, tmp_path / "en.html")

    assert one(browser, "h1").text == "Audit of disclosure reports"
    assert browser.find_element(By.TAG_NAME, "html").get_attribute("lang") == "en"


def test_empty_run_says_so(browser: webdriver.Chrome, tmp_path: Path) -> None:
    write_page([make_card()], tmp_path / "none.html", summary=summarize([make_card()]))

    show(browser, tmp_path / "none.html")

    assert one(browser, ".choose").text == "没有发现不一致或存疑之处"
