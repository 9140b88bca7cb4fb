"""Points of a run that are worth labelling, as rows for a spreadsheet."""

from __future__ import annotations

from pathlib import Path

from mining.study.frames import load_table
from mining.themes.classify import ThemeClassifier
from mining.themes.features import Statement
from mining.themes.suggest import choose_statements

__all__ = ["rows_to_label"]

_COLUMNS = ("report", "point", "kind", "text", "answers")


def rows_to_label(run: Path, classifier: ThemeClassifier, n: int) -> list[dict[str, str]]:
    """Return rows for `mining.themes.labelcsv`; an improvement brings the problem it answers.

    Raises
    ------
    StudyError
        E701 when the run has no table of points.
    """
    points = load_table(run, "points", _COLUMNS).drop_duplicates(["report", "point"])
    keys = list(zip(points["report"], points["point"], strict=True))
    places = {key: i for i, key in enumerate(keys)}
    answers = [
        None if told != told else places.get((report, int(told)))  # noqa: PLR0124 - null is nan
        for report, told in zip(points["report"], points["answers"].astype("float64"), strict=True)
    ]
    statements = [
        Statement(text, kind, answer)
        for text, kind, answer in zip(points["text"], points["kind"], answers, strict=True)
    ]
    chosen = choose_statements(classifier, statements, n)
    extra = [a for i in chosen if (a := answers[i]) is not None and a not in set(chosen)]
    told = classifier.predict(statements)
    rows = []
    for i in (*chosen, *dict.fromkeys(extra)):
        report, point = keys[i]
        answer = answers[i]
        rows.append(
            {
                "id": f"{report}#{point}",
                "report": str(report),
                "kind": statements[i].kind,
                "text": statements[i].text,
                "answers": "" if answer is None else f"{report}#{keys[answer][1]}",
                "suggested": " ".join(f"{x.theme}:{x.score:.2f}" for x in told[i]),
            }
        )
    return rows
