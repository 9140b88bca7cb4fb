"""Small corpora for tests of words: texts and variables as tables of a run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from mining.study.corpus.collection import Corpus


def made_corpus(folder: Path, texts: Sequence[str], **variables: Sequence[object]) -> Corpus:
    """Return a corpus of these texts, the first named a000.txt, and of these variables."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"a{i:03}.txt" for i in range(len(texts))]
    pd.DataFrame({"report": names, "text": texts}).to_parquet(folder / "texts.parquet")
    columns = {"year": pd.array([2020] * len(texts), dtype="Int64"), **variables}
    return Corpus(run=folder, variables=pd.DataFrame({"report": names, **columns}))
