"""Run the study of docs/study from a generated corpus to its tables and charts.

``worked_study.py [OUT] [--docs docs/study]``: the second form renews what the docs show.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from PIL import Image

from mining import Settings, collect, run_audit
from mining.generate.recovery import compare_world
from mining.generate.recoverychart import draw_recovery, recovery_markdown
from mining.generate.worldfiles import load_world_truth, write_world
from mining.generate.worldplan import load_plan
from mining.study.charts.style import save_chart
from mining.study.chartstudy import write_chart_study
from mining.study.corpus.collection import open_corpus
from mining.study.panel.outputs import write_panel
from mining.study.reuse.results import write_reuse_study
from mining.study.themestudy import write_theme_study
from mining.study.topics.topicstudy import TopicChoices, write_topic_study

PNG = ("png",)
TOPICS = TopicChoices(numbers=(19,), seeds=3, by=("year", "level"))
SHOWN = (
    "charts-rates",
    "recovery",
    "reuse-chart-distribution",
    "themes-chart-by-level",
    "themes-chart-by-year",
    "themes-chart-recurrence",
    "topics-chart-by-year",
)
TABLE = re.compile(r"(?s)(<!-- recovery -->\n).*(<!-- end -->)")


def study(out: Path, agencies: int | None) -> None:
    """Write corpus, run, tables and charts below `out`."""
    world, run, tables = out / "world", out / "run", out / "tables"
    print(f"corpus: {write_world(world, load_plan(agencies=agencies))} reports")
    txt = frozenset({".txt"})
    inputs = collect([str(world / "reports")], suffixes=txt, settings=Settings())
    print(f"audit: {run_audit(inputs, run, workers=2).totals}")
    write_theme_study(run, tables, by=("year", "level", "kind"), formats=PNG, lang="en")
    write_reuse_study(run, tables, formats=PNG, lang="en")
    write_chart_study(run, tables, formats=PNG, lang="en")
    points = open_corpus([str(run)], points=True).points("problem", "improvement")
    write_topic_study(points, tables, TOPICS, formats=PNG, lang="en")
    _, notes = write_panel(run, tables, reuse=tables, formats=["csv", "parquet"], lang="en")
    for note in notes:
        print(f"panel: {note.text('en')}")
    found = compare_world(load_world_truth(world), run, tables / "panel-data.parquet")
    save_chart(draw_recovery(found, lang="en"), found, tables / "recovery", PNG)
    (tables / "recovery.md").write_text(recovery_markdown(found), encoding="utf-8")
    print(recovery_markdown(found))


def renew(docs: Path, tables: Path) -> None:
    """Put the table and the charts into the docs; 32 colours are enough, and small."""
    readme = docs / "README.md"
    table = (tables / "recovery.md").read_text(encoding="utf-8")
    text = TABLE.sub(rf"\g<1>{table}\g<2>", readme.read_text(encoding="utf-8"))
    readme.write_text(text, encoding="utf-8")
    for name in SHOWN:
        picture = Image.open(tables / f"{name}.png").convert("RGB")
        picture.quantize(32).save(docs / f"{name}.png", optimize=True)


def main() -> None:
    """Read the command line, run the study and perhaps renew the docs."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("out", type=Path, nargs="?", default=Path("reports_out/study"))
    parser.add_argument("--agencies", type=int, help="fewer agencies than planned")
    parser.add_argument("--docs", type=Path, help="folder of the worked study")
    args = parser.parse_args()
    study(args.out, args.agencies)
    if args.docs is not None:
        renew(args.docs, args.out / "tables")


if __name__ == "__main__":
    main()
