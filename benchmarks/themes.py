"""Ways to tell themes, side by side: ``python -m benchmarks.themes --train FILE... --out FILE.md``.

Every way is scored by cross-validation over the voices of the training files, without looking at
pairs unless the row says so; thresholds are chosen on the held-out probabilities for all alike, one
for all themes. The test voices are not read here.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.decomposition import TruncatedSVD
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import ComplementNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import LinearSVC

from mining.themes.classify import ThemeClassifier, shipped_folder
from mining.themes.features import Statement, learn_features
from mining.themes.labelled import load_labelled
from mining.themes.lexicon import theme_lexicon
from mining.themes.model import context_of
from mining.themes.names import THEMES
from mining.themes.themedata import ThemeData, from_sections
from mining.themes.themescore import label_matrix
from mining.themes.training import feature_matrix, first_stage, group_folds
from mining.words.segment import segmenter

Scores = NDArray[np.float64]
Way = Callable[[NDArray[np.intp], NDArray[np.intp]], Scores]
_STEPS = 60
_EPOCHS = 5
# About as many points as a report has.
_REPORT = 10
_ROUNDS = 3


class Ways:
    """The ways, as functions from training and held-out positions to scores."""

    def __init__(self, data: ThemeData) -> None:
        self.data = data
        self.truth = label_matrix(data.labels, THEMES)
        self.texts = [s.text for s in data.statements]
        self.words = [" ".join(segmenter().cut(t)) for t in self.texts]

    def table(self) -> dict[str, Way]:
        """Return the ways by name."""
        logistic = LogisticRegression(C=10, class_weight="balanced", solver="liblinear")
        return {
            "lexicon alone": self._lexicon,
            "logistic regression, words": lambda a, b: self._linear(logistic, "w", a, b),
            "logistic regression, characters": lambda a, b: self._linear(logistic, "c", a, b),
            "logistic regression, both": lambda a, b: self._linear(logistic, "wc", a, b),
            "linear SVM, both": lambda a, b: self._linear(LinearSVC(C=0.5), "wc", a, b),
            "complement naive Bayes, both": lambda a, b: self._linear(
                ComplementNB(alpha=0.3), "wc", a, b
            ),
            "10 nearest neighbours, both": self._neighbours,
            "logistic regression over 200 SVD axes": self._axes,
            "spaCy textcat (bag of words, 5 epochs)": self._spacy,
            "gradient boosting over 60 SVD axes": self._boosted,
            "shipped, first stage alone": self._shipped,
            "shipped, with the segmenter's longer words": lambda a, b: self._shipped(
                a, b, words=True
            ),
        }

    def _lexicon(self, train: NDArray[np.intp], held: NDArray[np.intp]) -> Scores:
        del train
        found = [theme_lexicon().scores(self.texts[i]) for i in held]
        return np.array([[row[t] for t in THEMES] for row in found])

    def _rows(
        self, parts: str, train: NDArray[np.intp], held: NDArray[np.intp]
    ) -> tuple[sp.csr_matrix, sp.csr_matrix]:
        blocks: tuple[list[sp.csr_matrix], list[sp.csr_matrix]] = ([], [])
        for part in parts:
            texts, options = (
                (self.words, {"analyzer": str.split})
                if part == "w"
                else (self.texts, {"analyzer": "char", "ngram_range": (1, 3)})
            )
            vectorizer = TfidfVectorizer(sublinear_tf=True, **options)
            blocks[0].append(vectorizer.fit_transform([texts[i] for i in train]))
            blocks[1].append(vectorizer.transform([texts[i] for i in held]))
        return sp.hstack(blocks[0]).tocsr(), sp.hstack(blocks[1]).tocsr()

    def _linear(
        self, model: object, parts: str, train: NDArray[np.intp], held: NDArray[np.intp]
    ) -> Scores:
        return self._one_by_one(model, *self._rows(parts, train, held), train)

    def _one_by_one(
        self, model: object, known: object, asked: object, train: NDArray[np.intp]
    ) -> Scores:
        columns = []
        for k in range(len(THEMES)):
            fitted = model.fit(known, self.truth[train, k])  # type: ignore[attr-defined]
            if hasattr(fitted, "decision_function"):
                columns.append(fitted.decision_function(asked))
            else:
                columns.append(np.diff(fitted.predict_log_proba(asked), axis=1).ravel())
        return np.column_stack(columns)

    def _neighbours(self, train: NDArray[np.intp], held: NDArray[np.intp]) -> Scores:
        known, asked = self._rows("wc", train, held)
        model = KNeighborsClassifier(n_neighbors=10, metric="cosine")
        places = model.fit(known, self.truth[train]).kneighbors(asked, return_distance=False)
        votes: Scores = self.truth[train][places].mean(axis=1)
        return votes

    def _axes(self, train: NDArray[np.intp], held: NDArray[np.intp]) -> Scores:
        known, asked = self._rows("wc", train, held)
        axes = TruncatedSVD(200, random_state=0).fit(known)
        model = LogisticRegression(C=30, class_weight="balanced", max_iter=300)
        return self._one_by_one(model, axes.transform(known), axes.transform(asked), train)

    def _boosted(self, train: NDArray[np.intp], held: NDArray[np.intp]) -> Scores:
        known, asked = self._rows("wc", train, held)
        axes = TruncatedSVD(60, random_state=0).fit(known)
        model = HistGradientBoostingClassifier(
            max_iter=40, max_leaf_nodes=8, early_stopping=False, random_state=0
        )
        return self._one_by_one(model, axes.transform(known), axes.transform(asked), train)

    def _spacy(self, train: NDArray[np.intp], held: NDArray[np.intp]) -> Scores:
        import spacy  # noqa: PLC0415 - slow to load
        from spacy.training import Example  # noqa: PLC0415
        from spacy.util import minibatch  # noqa: PLC0415
        from thinc.api import fix_random_seed  # noqa: PLC0415

        fix_random_seed(0)
        nlp = spacy.blank("zh")  # cuts into characters, so that n-grams are of characters
        model = {"@architectures": "spacy.TextCatBOW.v3", "exclusive_classes": False,
                 "ngram_size": 3, "no_output_layer": False}  # fmt: skip
        head = nlp.add_pipe("textcat_multilabel", config={"model": model})
        for theme in THEMES:
            head.add_label(theme)  # type: ignore[attr-defined]
        examples = [
            Example.from_dict(
                nlp.make_doc(self.texts[i]),
                {"cats": dict(zip(THEMES, map(float, self.truth[i]), strict=True))},
            )
            for i in train
        ]
        optimizer = nlp.initialize(lambda: examples)
        chance = np.random.default_rng(0)
        for _ in range(_EPOCHS):
            chance.shuffle(examples)
            for batch in minibatch(examples, 32):  # type: ignore[no-untyped-call]
                nlp.update(batch, sgd=optimizer)
        docs = nlp.pipe(self.texts[i] for i in held)
        return np.array([[doc.cats[t] for t in THEMES] for doc in docs])

    def _shipped(
        self, train: NDArray[np.intp], held: NDArray[np.intp], *, words: bool = False
    ) -> Scores:
        known = [self.data.statements[i] for i in train]
        longer = {w for i in train for w in self.words[i].split()} if words else set()
        features = learn_features(known, theme_lexicon(), words=longer)
        weights, bias = first_stage(feature_matrix(features, known), self.truth[train])
        asked = feature_matrix(features, [self.data.statements[i] for i in held])
        scores: Scores = asked @ weights + bias
        return scores


def best_f1(scores: Scores, truth: NDArray[np.int8]) -> tuple[float, float]:
    """Return micro- and macro-F1 at the one threshold with the best micro-F1."""
    best = (0.0, 0.0)
    for level in np.quantile(scores, 1 - np.linspace(0.02, 0.2, _STEPS)):
        told = scores >= level
        right = (told & (truth == 1)).sum(axis=0)
        total = told.sum(axis=0) + truth.sum(axis=0)
        micro = 2 * right.sum() / total.sum()
        best = max(best, (float(micro), float(np.mean(2 * right / np.maximum(total, 1)))))
    return best


def with_pairs(data: ThemeData, scores: Scores, share: float = 0.7) -> Scores:
    """Return scores with a share of those of the statements paired with each."""
    context = context_of(scores, data.statements)
    summed: Scores = context[:, :, 0] + share * context[:, :, 1]
    return summed


def speed(statements: Sequence[Statement]) -> str:
    """Return how fast the shipped model is, in processor time of one core."""
    started = time.process_time()
    classifier = ThemeClassifier.load(shipped_folder())
    classifier.predict(statements[:1])
    loading = time.process_time() - started
    alone = [replace(s, answers=None) for s in statements]
    tens = [alone[i : i + _REPORT] for i in range(0, len(alone), _REPORT)]
    rates = []
    for batches in ([list(statements)], tens):
        taken = []
        for _ in range(_ROUNDS):
            started = time.process_time()
            for batch in batches:
                classifier.predict(batch)
            taken.append(time.process_time() - started)
        rates.append(len(statements) / min(taken))
    return (
        f"Shipped model: {loading:.2f} s to load, {rates[0]:,.0f} statements a second in one "
        f"batch, {rates[1]:,.0f} in batches of {_REPORT}."
    )


def main() -> None:
    """Score every way and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--train", nargs="+", type=Path, required=True, help="labelled sections")
    parser.add_argument("--out", type=Path, required=True, help="Markdown to write")
    args = parser.parse_args()
    ways = Ways(from_sections(load_labelled(*args.train)))
    folds = group_folds(ways.data.groups)
    lines = [
        f"{len(ways.texts)} statements, {len(set(ways.data.groups))} voices, held out by voice.",
        "",
        "| way | micro-F1 | macro-F1 | with its pair: micro | macro | seconds |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, way in ways.table().items():
        started = time.process_time()
        scores = np.zeros(ways.truth.shape)
        for fold in np.unique(folds):
            held = np.flatnonzero(folds == fold)
            scores[held] = way(np.flatnonzero(folds != fold), held)
        taken = time.process_time() - started
        alone = best_f1(scores, ways.truth)
        paired = best_f1(with_pairs(ways.data, scores), ways.truth)
        numbers = " | ".join(f"{x:.3f}" for x in (*alone, *paired))
        lines.append(f"| {name} | {numbers} | {taken:.0f} |")
        print(lines[-1], flush=True)
    lines += ["", speed(ways.data.statements)]
    args.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
