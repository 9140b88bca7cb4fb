"""The auditor's worksheet: summary, findings, coverage and failed inputs in one workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from mining.present.cards import FindingCard, ReportCard, Summary
from mining.present.messages import Lang, Wording, load_wording
from mining.present.sinks import XLSX_CHARS, XLSX_ROWS, encodable, new_workbook, part_path, writing

__all__ = ["MOST_LISTED", "write_workbook"]

MOST_LISTED = 100_000
"""Rows of a sheet beyond this are left out, and the summary says so: nobody reads on there."""

_Value = str | int | float | None

# Sign and colour both tell the status, as on the page.
_STATUS = {"mismatch": ("≠", "#A3211B", "#FBE9E6"), "suspect": ("?", "#7D5200", "#FCF0D2")}
_FINDING_COLUMNS = (
    ("status", 11),
    ("severity", 8),
    ("agency", 26),
    ("year", 8),
    ("region", 14),
    ("rule", 18),
    ("message", 64),
    ("stated", 14),
    ("expected", 14),
    ("difference", 10),
    ("section", 24),
    ("place", 14),
    ("cell", 34),
    ("formula", 44),
    ("narrative", 60),
    ("file", 40),
    ("finding", 20),
)
_COVERAGE_COLUMNS = (
    ("agency", 26),
    ("year", 8),
    ("region", 14),
    ("level", 10),
    ("template", 10),
    ("figures_found", 12),
    ("figures_linked", 14),
    ("figures_checked", 12),
    ("share_linked", 12),
    ("share_checked", 12),
    ("checks", 12),
    ("mismatch", 10),
    ("suspect", 10),
    ("consistent", 10),
    ("unverifiable", 12),
    ("file", 40),
)
_FAILED_COLUMNS = (("file", 44), ("source", 60), ("error", 80))
_SUMMARY_LINES = (
    ("reports", "reports"),
    ("failed", "failed"),
    ("checks", "checks"),
    ("mismatch", "mismatch"),
    ("suspect", "suspect"),
    ("consistent", "consistent"),
    ("unverifiable", "unverifiable"),
    ("figures_found", "found"),
    ("figures_linked", "linked"),
    ("figures_checked", "checked"),
)
_PERCENT_COLUMNS = frozenset({"share_linked", "share_checked"})
_WRAPPED = frozenset({"message", "formula", "narrative", "error"})


def write_workbook(
    cards: Iterable[ReportCard], path: str | Path, *, summary: Summary, lang: Lang = "zh"
) -> None:
    """Write the workbook of a run; memory does not grow with the number of cards.

    No text is ever taken for a formula or a link, whatever it begins with. A sheet that is full
    takes no more rows, and the summary says so.

    Parameters
    ----------
    cards
        One card for each input, in the order to be shown (see `cards.report_card`).
    path
        File to write; an earlier one is replaced when the new one is complete.
    summary
        Totals of the whole run (see `cards.summarize`).
    lang
        Language of heads and names; messages have the language their cards were made in.

    Raises
    ------
    OutputError
        E501, when the file can't be written.
    """
    target = Path(path)
    part = part_path(target)
    try:
        with writing(target):
            _fill(cards, part, summary=summary, wording=load_wording(lang))
            part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _fill(cards: Iterable[ReportCard], part: Path, *, summary: Summary, wording: Wording) -> None:
    book = new_workbook(part)
    try:
        # Sheets stand in the order they are made in; the summary is written last, with the cuts.
        front = book.add_worksheet(wording.ui["sheet_summary"])
        findings = _Sheet(book, "sheet_findings", _FINDING_COLUMNS, wording)
        coverage = _Sheet(book, "sheet_coverage", _COVERAGE_COLUMNS, wording)
        failed = _Sheet(book, "sheet_failed", _FAILED_COLUMNS, wording)
        for card in cards:
            if not card["ok"]:
                failed.add((card["report"], card["source"], card["error"]))
                continue
            coverage.add(_coverage_row(card))
            for finding in card["findings"]:
                row = _finding_row(card, finding, wording)
                findings.add(row, status=finding["status"])
        if findings.n_rows < summary["mismatch"] + summary["suspect"]:
            findings.is_cut = True
        sheets = (findings, coverage, failed)
        for sheet in sheets:
            sheet.finish()
        _write_summary(book, front, summary, sheets, wording)
    except BaseException:
        with suppress(OSError, xlsxwriter.exceptions.XlsxWriterException):
            book.close()
        raise
    book.close()


class _Sheet:
    """A sheet with a frozen head, column widths and a filter, filled row by row."""

    def __init__(
        self,
        book: xlsxwriter.Workbook,
        title: str,
        columns: Sequence[tuple[str, int]],
        wording: Wording,
    ) -> None:
        self.title, self.is_cut = wording.ui[title], False
        self._names = [name for name, _ in columns]
        self._sheet: Worksheet = book.add_worksheet(self.title)
        self._plain = book.add_format({"valign": "top"})
        wrapped = book.add_format({"valign": "top", "text_wrap": True})
        percent = book.add_format({"valign": "top", "num_format": "0.0%"})
        self._formats = [
            percent if n in _PERCENT_COLUMNS else wrapped if n in _WRAPPED else self._plain
            for n in self._names
        ]
        self._by_status = {
            status: book.add_format(
                {"valign": "top", "bold": True, "font_color": ink, "bg_color": paper}
            )
            for status, (_, ink, paper) in _STATUS.items()
        }
        for column, (_, width) in enumerate(columns):
            self._sheet.set_column(column, column, width)
        self._sheet.freeze_panes(1, 0)
        head = _head_format(book)
        for column, name in enumerate(self._names):
            self._sheet.write_string(0, column, _column_title(name, wording), head)
        self._row = 1

    def add(self, values: Sequence[_Value], *, status: str = "") -> None:
        """Add a row, unless the sheet is full; a status colours the first column."""
        if self._row >= min(XLSX_ROWS, MOST_LISTED + 1):
            self.is_cut = True
            return
        for column, value in enumerate(values):
            style = self._formats[column]
            if column == 0 and status in self._by_status:
                style = self._by_status[status]
            _write(self._sheet, self._row, column, value, style)
        self._row += 1

    @property
    def n_rows(self) -> int:
        """How many rows stand below the head."""
        return self._row - 1

    def finish(self) -> None:
        """Put the filter over all rows written."""
        self._sheet.autofilter(0, 0, max(self._row - 1, 1), len(self._names) - 1)


def _head_format(book: xlsxwriter.Workbook) -> Format:
    return book.add_format(
        {"bold": True, "valign": "vcenter", "text_wrap": True, "bg_color": "#EEEAE1", "bottom": 2}
    )


def _column_title(name: str, wording: Wording) -> str:
    return wording.statuses.get(name) or wording.ui[name]


def _write(sheet: Worksheet, row: int, column: int, value: _Value, style: Format) -> None:
    # `write_string` rather than `write`: a text such as =1+1 must stay a text.
    if value is None or value == "":
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, str):
        text = encodable(value)
        cut = text if len(text) <= XLSX_CHARS else text[: XLSX_CHARS - 1] + "…"
        sheet.write_string(row, column, cut, style)
    else:
        sheet.write_number(row, column, value, style)


def _finding_row(card: ReportCard, finding: FindingCard, wording: Wording) -> list[_Value]:
    status, severity, rule = finding["status"], finding["severity"], finding["rule"]
    sign = _STATUS[status][0] if status in _STATUS else ""
    passages = ("".join(text for text, _ in p["pieces"]) for p in finding["passages"])
    return [
        f"{sign} {wording.statuses.get(status, status)}".strip(),
        wording.severities.get(severity, severity),
        card["agency"],
        card["year"],
        card["region"],
        wording.titles.get(rule, rule),
        finding["message"],
        _number_or_text(finding["stated"]),
        _number_or_text(finding["expected"]),
        _number_or_text(finding["difference"]),
        finding["section"],
        finding["place"],
        finding["cell"],
        finding["formula"],
        "\n".join(passages),
        card["report"],
        finding["id"],
    ]


def _number_or_text(text: str) -> _Value:
    """Return a short plain number as a number, so that a column of them can be sorted."""
    bare = text.removeprefix("-")
    is_number = len(bare) <= 15 and bare.replace(".", "", 1).isdecimal() and bare.isascii()
    return float(text) if is_number and bare[:1].isdecimal() else text


def _coverage_row(card: ReportCard) -> list[_Value]:
    found, linked, checked = (card["coverage"][k] for k in ("found", "linked", "checked"))
    counts = card["counts"]
    return [
        card["agency"],
        card["year"],
        card["region"],
        card["level"],
        card["template"],
        found,
        linked,
        checked,
        linked / found if found else None,
        checked / found if found else None,
        sum(counts.values()),
        *(counts.get(s, 0) for s in ("mismatch", "suspect", "consistent", "unverifiable")),
        card["report"],
    ]


def _write_summary(
    book: xlsxwriter.Workbook,
    sheet: Worksheet,
    summary: Summary,
    sheets: Sequence[_Sheet],
    wording: Wording,
) -> None:
    ui, head, plain = wording.ui, _head_format(book), book.add_format({"valign": "top"})
    big = book.add_format({"bold": True, "font_size": 16})
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 14)
    sheet.set_column(2, 2, 70)
    sheet.write_string(0, 0, ui["page_title"], big)
    for column, key in enumerate(("item", "count", "note")):
        sheet.write_string(2, column, ui[key], head)
    totals: dict[str, int] = {
        key: value for key, value in summary.items() if isinstance(value, int)
    }
    for row, (name, key) in enumerate(_SUMMARY_LINES, start=3):
        sheet.write_string(row, 0, _column_title(name, wording), plain)
        sheet.write_number(row, 1, totals.get(key, 0), plain)
        if key == "checked":
            sheet.write_string(row, 2, ui["coverage_note"], plain)
    row = 3 + len(_SUMMARY_LINES)
    for cut in (s for s in sheets if s.is_cut):
        row += 1
        note = ui["cut_rows"].format(n=cut.n_rows)
        sheet.write_string(row, 0, cut.title, plain)
        sheet.write_string(row, 2, note, plain)
