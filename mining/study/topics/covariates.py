"""Topics that depend on document variables, or that change over years: the extra ``[topics]``.

Both models are tomotopy's, sampled by one thread from a seed. The same documents and seed give the
same numbers on one kind of processor; another one, whose vector instructions add in another order,
may differ in the last digits and from there on, as tomotopy itself tells.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from types import ModuleType

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from mining.errors import MissingExtraError, SettingsError, StudyError
from mining.study.frames import UNKNOWN
from mining.study.frequency import TermMatrix
from mining.study.topics.fitting import Matrix
from mining.study.topics.vocabulary import Vocabulary, choose_terms, count_known, told_rows

__all__ = ["FoundTopics", "YearTopics", "fit_covariates", "fit_years"]

_PASSES, _BURN_IN, _SIGMA = 600, 100, 1.0
# The dynamic model climbs slowly and gets stuck: with small variances of words over years, steps
# that hardly shrink and the best of some starts it finds topics planted in tests.
_YEAR_PASSES, _STARTS = 1000, 3
_YEAR_SETTINGS = {
    "alpha_var": 1.0,
    "eta_var": 5.0,
    "phi_var": 0.1,
    "lr_a": 1.0,
    "lr_b": 10.0,
    "lr_c": 0.51,
}
_DOCUMENT_PRIOR, _WORD_PRIOR = 0.1, 0.01


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FoundTopics:
    """Topics with the part that document variables have in them.

    Parameters
    ----------
    terms, probabilities, sizes
        As `mining.study.topics.model.Topics`.
    shares
        A row per document, nan where it has none of the words.
    priors
        ``by``, ``group``, ``topic``, ``share``: how much of each topic is expected of a document
        with this value, all its other variables as they are in the documents with it.
    """

    terms: tuple[str, ...]
    probabilities: Matrix
    sizes: Matrix
    shares: Matrix
    priors: pd.DataFrame = field(default_factory=pd.DataFrame)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class YearTopics:
    """Topics whose words change from year to year.

    Parameters
    ----------
    terms
        The words, in order.
    years
        Those that have documents, in order.
    by_year
        Probabilities by year, topic and word.
    shares
        A row per document, nan where it has no year or none of the words.
    """

    terms: tuple[str, ...]
    years: tuple[int, ...]
    by_year: Matrix
    shares: Matrix

    def words(self, top: int = 10) -> pd.DataFrame:
        """Return the first words of each topic in each year.

        Returns
        -------
        DataFrame
            ``topic``, ``year``, ``rank``, ``term``, ``probability``.
        """
        rows = [
            (topic + 1, year, rank, self.terms[i], self.by_year[t, topic, i])
            for topic in range(self.by_year.shape[1])
            for t, year in enumerate(self.years)
            for rank, i in enumerate(
                np.argsort(-self.by_year[t, topic], kind="stable")[:top].tolist(), 1
            )
        ]
        return pd.DataFrame(rows, columns=["topic", "year", "rank", "term", "probability"])


def fit_covariates(
    matrix: TermMatrix,
    by: Sequence[str],
    n_topics: int = 20,
    *,
    seed: int = 20_080_501,
    vocabulary: Vocabulary | None = None,
    passes: int = _PASSES,
) -> FoundTopics:
    """Fit a Dirichlet-multinomial regression (Mimno & McCallum 2008) on document variables.

    Parameters
    ----------
    matrix
        The documents.
    by
        Variables, each taken as categories, years too; missing values are one of them.
    n_topics, seed, vocabulary
        As `TopicModel`.
    passes
        How often all words are sampled.

    Raises
    ------
    MissingExtraError
        E601 when tomotopy is not installed.
    SettingsError
        E401 when a variable is unknown or none is given.
    StudyError
        E702 when no word is left.
    """
    tomotopy = _tomotopy()
    if not by:
        msg = "no document variable is given"
        raise SettingsError(msg, code="E401", hint="name some, as in year,level")
    terms, counts, rows = _prepare(matrix, vocabulary)
    values = _values(matrix, by)
    model = tomotopy.DMRModel(
        k=min(n_topics, len(rows)), alpha=_DOCUMENT_PRIOR, eta=_WORD_PRIOR, sigma=_SIGMA, seed=seed
    )
    for row in rows:
        model.add_doc(_bag(counts, row, terms), multi_metadata=values[row])
    model.burn_in = _BURN_IN
    model.train(passes, workers=1)
    k = int(model.k)
    shares = np.full((len(values), k), np.nan)
    shares[rows] = [doc.get_topic_dist() for doc in model.docs]
    sizes = np.nanmean(shares, axis=0)
    order = np.lexsort((np.arange(k), -np.round(sizes, 6)))
    return FoundTopics(
        terms=terms,
        probabilities=_in_order(model, terms, order),
        sizes=sizes[order],
        shares=shares[:, order],
        priors=_priors(model, values, rows, order),
    )


def fit_years(
    matrix: TermMatrix,
    n_topics: int = 10,
    *,
    seed: int = 20_080_501,
    vocabulary: Vocabulary | None = None,
    passes: int = _YEAR_PASSES,
) -> YearTopics:
    """Fit a dynamic topic model (Blei & Lafferty 2006) over years, the likeliest of three.

    Years without documents are left out, and their neighbours stand side by side. Its time
    grows with the number of words: about 10 seconds for 300 short sections.

    Raises
    ------
    MissingExtraError
        E601 when tomotopy is not installed.
    StudyError
        E702 when no word is left, or there are fewer than two years.
    """
    tomotopy = _tomotopy()
    terms, counts, told = _prepare(matrix, vocabulary)
    years = pd.to_numeric(matrix.documents["year"], errors="coerce").astype("Int64")
    rows = [row for row in told if not pd.isna(years[row])]
    points = sorted({int(years[row]) for row in rows})
    if len(points) < 2:
        msg = "topics over years need documents of two years or more"
        raise StudyError(msg, code="E702", hint="give reports of more years")
    place = {year: i for i, year in enumerate(points)}
    k = min(n_topics, len(rows))
    models = []
    for start in range(_STARTS):
        model = tomotopy.DTModel(k=k, t=len(points), seed=seed + start, **_YEAR_SETTINGS)
        for row in rows:
            model.add_doc(_bag(counts, row, terms), timepoint=place[int(years[row])])
        model.train(passes, workers=1)
        models.append(model)
    model = max(models, key=lambda found: float(found.ll_per_word))
    shares = np.full((len(years), k), np.nan)
    shares[rows] = [doc.get_topic_dist() for doc in model.docs]
    sizes = np.nanmean(shares, axis=0)
    order = np.lexsort((np.arange(k), -np.round(sizes, 6)))
    by_year = np.array([_in_order(model, terms, order, timepoint=t) for t in place.values()])
    return YearTopics(terms=terms, years=tuple(points), by_year=by_year, shares=shares[:, order])


def _tomotopy() -> ModuleType:
    try:
        with warnings.catch_warnings():
            # Where warnings are errors, those of its compiled part would seem a missing package.
            warnings.simplefilter("ignore")
            import tomotopy  # noqa: PLC0415 - an extra
    except ImportError as error:
        msg = "topics with document variables need tomotopy, which is not installed"
        raise MissingExtraError(msg, code="E601", hint="pip install 'mining[topics]'") from error
    found: ModuleType = tomotopy
    return found


def _prepare(
    matrix: TermMatrix, vocabulary: Vocabulary | None
) -> tuple[tuple[str, ...], csr_matrix, list[int]]:
    terms = choose_terms(matrix, vocabulary or Vocabulary())
    counts = count_known(matrix, terms)
    return terms, counts, told_rows(counts).tolist()


def _bag(counts: csr_matrix, row: int, terms: Sequence[str]) -> list[str]:
    """Return the words of a document in order, each as often as it comes."""
    part = slice(counts.indptr[row], counts.indptr[row + 1])
    pairs = zip(counts.indices[part], counts.data[part], strict=True)
    return [terms[i] for i, n in pairs for _ in range(int(n))]


def _values(matrix: TermMatrix, by: Sequence[str]) -> list[list[str]]:
    """Return the values of the variables of each document, as ``variable=value``."""
    known = matrix.documents
    if unknown := [name for name in by if name not in known]:
        msg = f"no document variable {unknown[0]}"
        raise SettingsError(msg, code="E401", hint=f"choose from {', '.join(known.columns)}")
    columns = []
    for name in dict.fromkeys(by):
        column = known[name].astype(object)
        told = column.where(column.notna(), UNKNOWN)
        columns.append([f"{name}={value}" for value in told])
    return [list(row) for row in zip(*columns, strict=True)]


def _in_order(model: object, terms: Sequence[str], order: object, **options: int) -> Matrix:
    """Return the probabilities with words and topics in our order."""
    words = list(getattr(model, "used_vocabs"))  # noqa: B009 - tomotopy has no types
    place = {word: i for i, word in enumerate(words)}
    rows = []
    for topic in np.asarray(order).tolist():
        told = getattr(model, "get_topic_word_dist")(topic, **options)  # noqa: B009
        rows.append([told[place[term]] for term in terms])
    found: Matrix = np.array(rows, dtype=np.float64)
    return found


def _priors(
    model: object, values: Sequence[Sequence[str]], rows: Sequence[int], order: object
) -> pd.DataFrame:
    """Return the mean expected shares of the documents with each value."""
    combined = sorted({tuple(values[row]) for row in rows})
    expected = {c: _expected(model, c)[np.asarray(order)] for c in combined}
    found = []
    for pair in sorted({pair for c in combined for pair in c}):
        having = [expected[tuple(values[row])] for row in rows if pair in values[row]]
        name, _, group = pair.partition("=")
        mean = np.mean(having, axis=0)
        found += [(name, group, topic, share) for topic, share in enumerate(mean.tolist(), 1)]
    return pd.DataFrame(found, columns=["by", "group", "topic", "share"])


def _expected(model: object, values: Iterator[str] | Sequence[str]) -> Matrix:
    told = getattr(model, "get_topic_prior")("", list(values))  # noqa: B009
    prior: Matrix = np.asarray(told, dtype=np.float64)
    expected: Matrix = prior / prior.sum()
    return expected
