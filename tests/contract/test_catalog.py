"""The catalogue against its golden file: nothing is lost, nothing changes unseen.

After a change that is meant, read the difference and write the file anew with
``python -m tests.contract.test_catalog``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mining.catalog import READERS, RULES, STEPS, shipped_forms
from mining.form import Form

GOLDEN = Path(__file__).parents[1] / "golden" / "catalog.json"


def describe_form(form: Form) -> dict[str, Any]:
    return {
        "family": form.family,
        "template": form.template,
        "years": [form.detect.first_year, form.detect.last_year],
        "sections": [s.key for s in form.sections],
        "tables": {t.key: [len(t.rows), len(t.columns)] for t in form.tables},
        "checks": {spec.key: spec.rule for spec in form.checks},
    }


def describe() -> dict[str, Any]:
    """Return the catalogue as plain data, in its own order."""
    return {
        "readers": {suffix: reader.__module__ for suffix, reader in READERS.items()},
        "steps": [f"{step.__module__}.{step.__name__}" for step in STEPS],  # type: ignore[attr-defined]
        "rules": {
            part.id: {"severity": str(part.severity), "since": part.since}
            for part in RULES.values()
        },
        "forms": {form.id: describe_form(form) for form in shipped_forms()},
    }


def as_text(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def test_the_catalogue_is_the_golden_one() -> None:
    expected = json.loads(GOLDEN.read_text(encoding="utf-8"))

    # A tuple would come back as a list; order of rules and checks counts, so texts are compared.
    assert as_text(expected) == as_text(describe())


def test_every_rule_is_switched_on_by_a_form_or_free_for_forms() -> None:
    used = {spec.rule for form in shipped_forms() for spec in form.checks}

    assert set(RULES) - used == {"table-identity"}


def test_narrative_checks_have_tables_and_phrases() -> None:
    for form in shipped_forms():
        if any(spec.rule == "narrative-table" for spec in form.checks):
            assert form.tables
            assert form.phrases


def test_forms_are_loaded_once() -> None:
    assert shipped_forms() is shipped_forms()


if __name__ == "__main__":
    GOLDEN.write_text(as_text(describe()), encoding="utf-8")
