"""Write reports with gold: ``make_corpus.py sample``, random ones, or a world with known trends.

``make_corpus.py random --n 300 --seed 7 --formats txt,html,docx,pdf --out DIR``
``make_corpus.py study --agencies 300 --out DIR``
"""

from __future__ import annotations

import argparse
from pathlib import Path

from mining.generate.corpus import write_corpus, write_random
from mining.generate.random_truth import FORMS
from mining.generate.worldfiles import write_world
from mining.generate.worldplan import load_plan

CORPORA = Path(__file__).resolve().parents[1] / "corpora"


def main() -> None:
    """Read the command line, write the corpus and say how many reports it has."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("name", help="folder under corpora/, random or study")
    parser.add_argument("--n", type=int, default=300, help="how many random reports")
    parser.add_argument("--agencies", type=int, help="how many agencies a study has")
    parser.add_argument("--seed", type=int, help="of the first random report, or of the study")
    parser.add_argument("--formats", default="txt", help="txt,html,docx,pdf: by turns")
    parser.add_argument("--form", choices=FORMS, help="one form only")
    parser.add_argument("--out", type=Path, help="folder of random reports or of a study")
    args = parser.parse_args()
    if args.name not in ("random", "study"):
        print(f"{args.name}: {write_corpus(CORPORA / args.name)} reports")
        return
    if args.out is None:
        parser.error(f"{args.name} needs --out")
    if args.name == "study":
        made = write_world(args.out, load_plan(agencies=args.agencies, seed=args.seed))
        print(f"{args.out}: {made} reports")
        return
    formats = args.formats.split(",")
    made = write_random(args.out, n=args.n, seed=args.seed or 0, formats=formats, form=args.form)
    print(f"{args.out}: {made} reports")


if __name__ == "__main__":
    main()
