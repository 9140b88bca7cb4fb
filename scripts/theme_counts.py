"""Write the data card of the labelled sections: ``theme_counts.py FOLDER``."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from mining.themes.agreement import agree, render_agreement
from mining.themes.labelled import LabelledSection, load_labelled
from mining.themes.names import THEMES
from mining.themes.themedata import from_sections

_HEAD = """\
# Problem sections with labelled points

Written by `scripts/theme_counts.py`; do not edit.

Invented agencies, written by hand for this project in several voices (`t1` … `t10`): no sentence is
taken from a published report. `t6` and `t7` are the test part: nothing is ever trained or tuned on
them. `single/` holds statements, each problem with its answer, outside of sections: they serve the
theme classifier, not the cutter of points. `second/` holds points of a tenth labelled again by
somebody who saw the points and the guide, not the first labels.

Format: see `mining/themes/labelled.py`. In short, `{words|p staffing timeliness #a}` marks a
problem with two themes, the primary one first; `{words|i staffing >a}` the improvement that answers
it; `n` is neither; `hard` marks points whose theme words are mere setting, example, place or date.
The guide asks what is lacking or improved, not which words occur; domain themes absorb words of
form and number; lateness, people and skill are told beside them.
"""


def main() -> None:
    """Count the labels of a folder and write its README.md."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="corpora/themes")
    folder = parser.parse_args().folder
    sections = [*load_labelled(folder), *load_labelled(folder / "single")]
    parts = [_HEAD, "## Counts\n", _voices(sections), _labels(sections)]
    if (folder / "second").is_dir():
        parts += ["## Agreement of the two labellings\n", _agreement(sections, folder / "second")]
    (folder / "README.md").write_text("\n".join(parts), encoding="utf-8", newline="\n")


def _voices(sections: list[LabelledSection]) -> str:
    lines = [
        "| voice | sections | years | problems | improvements | neither | hard |",
        "|---|---:|---|---:|---:|---:|---:|",
    ]
    for voice in sorted({_voice(s) for s in sections}):
        own = [s for s in sections if _voice(s) == voice]
        kinds = Counter(p.kind for s in own for p in s.points)
        hard = sum(p.hard for s in own for p in s.points)
        years = f"{min(s.year for s in own)}–{max(s.year for s in own)}"
        counts = f"{kinds['problem']} | {kinds['improvement']} | {kinds['neither']} | {hard}"
        lines.append(f"| {voice} | {len(own)} | {years} | {counts} |")
    return "\n".join(lines) + "\n"


def _labels(sections: list[LabelledSection]) -> str:
    voices = sorted({_voice(s) for s in sections})
    lines = [f"| theme | {' | '.join(voices)} | all |", "|---|" + "---:|" * (len(voices) + 1)]
    counts = Counter((_voice(s), t) for s in sections for p in s.points for t in p.themes)
    for theme in THEMES:
        row = [counts[voice, theme] for voice in voices]
        lines.append(f"| {theme} | {' | '.join(map(str, row))} | {sum(row)} |")
    return "\n".join(lines) + "\n"


def _agreement(sections: list[LabelledSection], second: Path) -> str:
    again = load_labelled(second)
    named = {s.id: s for s in sections}
    first = from_sections([named[s.id] for s in again])
    marks = [{(s.id, p.span): p for p in s.points} for s in (*(named[s.id] for s in again), *again)]
    half = len(again)
    keys = [key for part in marks[:half] for key, p in part.items() if p.kind != "neither"]
    other = {key: p for part in marks[half:] for key, p in part.items()}
    shared = [i for i, key in enumerate(keys) if key in other]
    found = agree(
        [first.labels[i] for i in shared], [other[keys[i]].themes for i in shared], themes=THEMES
    )
    return "```\n" + render_agreement(found) + "\n```\n"


def _voice(section: LabelledSection) -> str:
    return section.id.rpartition("-")[0]


if __name__ == "__main__":
    main()
