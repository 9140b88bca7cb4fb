"""Train, check and describe the theme model that comes with the package.

``train_themes.py --train FILE... --test FILE... --out FOLDER`` writes the model and its card; the
test files are read once, after training, and only counts of them are told.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from mining.themes.cards import model_card
from mining.themes.classify import ThemeClassifier
from mining.themes.labelled import load_labelled
from mining.themes.themedata import from_sections, score_data


def main() -> None:
    """Train on some files, score on the others, write the folder."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--train", nargs="+", type=Path, required=True, help="labelled sections")
    parser.add_argument("--test", nargs="+", type=Path, required=True, help="other voices")
    parser.add_argument("--out", type=Path, required=True, help="folder of the model")
    args = parser.parse_args()
    data = from_sections(load_labelled(*args.train))
    classifier = ThemeClassifier.fit(data.statements, data.labels, groups=data.groups)
    classifier.save(args.out)
    # As it will be used: read again from its files.
    classifier = ThemeClassifier.load(args.out)
    test = from_sections(load_labelled(*args.test))
    card = model_card(
        classifier.model,
        data=data,
        test={
            "pairs as labelled": score_data(classifier, test),
            "each statement by itself": score_data(classifier, test.unpaired()),
        },
    )
    (args.out / "card.md").write_text(card, encoding="utf-8", newline="\n")
    print(card)


if __name__ == "__main__":
    main()
