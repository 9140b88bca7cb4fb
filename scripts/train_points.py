"""Make the weights by which problem sections are cut: ``train_points.py FILE.toml ... --out F``.

Without ``--out`` the given files are scored with the weights that come with the package.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from mining.themes.labelled import load_labelled
from mining.themes.points import cut_section
from mining.themes.pointscore import render_points, score_points
from mining.themes.pointtraining import train_points, weights_to_json


def main() -> None:
    """Train on the files, or score them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="+", type=Path, help="labelled sections")
    parser.add_argument("--out", type=Path, help="where to write the weights")
    parser.add_argument(
        "--single", nargs="*", type=Path, default=[], help="labelled statements out of sections"
    )
    args = parser.parse_args()
    sections = load_labelled(*args.files)
    if args.out is None:
        print(render_points(score_points(sections, [cut_section(s.text) for s in sections])))
        return
    weights = train_points(sections, single=load_labelled(*args.single) if args.single else ())
    lines = json.dumps(weights_to_json(weights), ensure_ascii=False, indent=0)
    args.out.write_text(lines + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
