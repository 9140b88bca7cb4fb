"""Write a corpus of generated reports from its truth files: ``make_corpus.py sample``."""

from __future__ import annotations

import argparse
from pathlib import Path

from mining.generate.corpus import write_corpus

CORPORA = Path(__file__).resolve().parents[1] / "corpora"


def main() -> None:
    """Read the command line, write the corpora and say how many reports each has."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="+", metavar="NAME", help="folder under corpora/")
    for name in parser.parse_args().names:
        print(f"{name}: {write_corpus(CORPORA / name)} reports")


if __name__ == "__main__":
    main()
