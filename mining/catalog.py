"""The parts list: every reader, step and rule, by hand and in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType

from mining.checks import copied, growth, narrative, table, years
from mining.checks import form as form_rules
from mining.contracts import Reader, Rule, Step
from mining.form import Form
from mining.formload.file import load_forms
from mining.readers.html import read_html
from mining.readers.text import read_text
from mining.report import Report, ThemeScore
from mining.settings import Settings
from mining.steps.figures import extract_figures
from mining.steps.link import link_figures
from mining.steps.points import cut_points
from mining.steps.roles import assign_roles
from mining.steps.sections import split_sections
from mining.steps.tables import extract_tables
from mining.themes.classify import theme_classifier
from mining.themes.features import Statement

__all__ = ["READERS", "RULES", "STEPS", "shipped_forms"]


def _read_docx(data: bytes, *, report_id: str, path: Path, settings: Settings) -> Report:
    from mining.readers.docx import read_docx

    return read_docx(data, report_id=report_id, path=path, settings=settings)


def _read_doc(data: bytes, *, report_id: str, path: Path, settings: Settings) -> Report:
    from mining.readers.doc import read_doc

    return read_doc(data, report_id=report_id, path=path, settings=settings)


def _read_pdf(data: bytes, *, report_id: str, path: Path, settings: Settings) -> Report:
    from mining.readers.pdf import read_pdf

    return read_pdf(data, report_id=report_id, path=path, settings=settings)


READERS: Mapping[str, Reader] = MappingProxyType(
    {
        ".txt": read_text,
        **dict.fromkeys((".html", ".htm", ".shtml", ".xhtml", ".mht", ".mhtml"), read_html),
        ".docx": _read_docx,
        ".docm": _read_docx,
        ".doc": _read_doc,
        ".wps": _read_doc,
        ".rtf": _read_doc,
        ".pdf": _read_pdf,
    }
)
"""Readers by file suffix, in lower case."""


def _classify(statements: Sequence[Statement]) -> Sequence[tuple[ThemeScore, ...]]:
    # The model is read when the first point comes: a command that needs none should not wait.
    return theme_classifier().predict(statements)


def _cut_points(report: Report, form: Form, settings: Settings) -> Report:
    return cut_points(report, form, settings, classify=_classify)


STEPS: tuple[Step, ...] = (
    split_sections,
    extract_tables,
    extract_figures,
    assign_roles,
    link_figures,
    _cut_points,
)
"""Steps after normalisation, metadata and the choice of the form, in order."""

_RULES = (
    narrative.narrative_table,
    narrative.narrative_parts,
    narrative.narrative_percent,
    narrative.narrative_conflict,
    growth.narrative_growth,
    narrative.narrative_none,
    table.table_row_total,
    table.table_results_total,
    table.table_balance,
    table.table_litigation_total,
    table.table_indicator_total,
    table.table_indicator_bound,
    table.table_value,
    table.table_unit,
    table.table_decisions,
    table.table_identity,
    years.years_carried,
    years.years_items,
    years.years_in_force,
    years.years_same,
    form_rules.form_section_missing,
    form_rules.form_year,
    form_rules.form_agency,
    form_rules.form_template,
    copied.form_copied,
)
RULES: Mapping[str, Rule] = MappingProxyType({part.id: part for part in _RULES})
"""Rules by their public id."""


@cache
def shipped_forms() -> tuple[Form, ...]:
    """Return the forms that come with the package, loaded once."""
    return load_forms(rules=RULES)
