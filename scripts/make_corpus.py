"""Write reports with gold: ``make_corpus.py sample``, or random ones.

``make_corpus.py random --n 300 --seed 7 --formats txt,html,docx,pdf --out DIR``
"""

from __future__ import annotations

import argparse
from pathlib import Path

from mining.generate.corpus import write_corpus, write_random
from mining.generate.random_truth import FORMS

CORPORA = Path(__file__).resolve().parents[1] / "corpora"


def main() -> None:
    """Read the command line, write the corpus and say how many reports it has."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("name", help="folder under corpora/, or random")
    parser.add_argument("--n", type=int, default=300, help="how many random reports")
    parser.add_argument("--seed", type=int, default=0, help="of the first random report")
    parser.add_argument("--formats", default="txt", help="txt,html,docx,pdf: by turns")
    parser.add_argument("--form", choices=FORMS, help="one form only")
    parser.add_argument("--out", type=Path, help="folder of the random reports")
    args = parser.parse_args()
    if args.name != "random":
        print(f"{args.name}: {write_corpus(CORPORA / args.name)} reports")
        return
    if args.out is None:
        parser.error("random reports need --out")
    formats = args.formats.split(",")
    made = write_random(args.out, n=args.n, seed=args.seed, formats=formats, form=args.form)
    print(f"{args.out}: {made} reports")


if __name__ == "__main__":
    main()
