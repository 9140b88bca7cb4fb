"""From texts to the words that are counted: one segmenter, stop words, gaps kept."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from itertools import islice
from typing import NoReturn

from mining.corpus.chunks import map_chunks
from mining.errors import StudyError
from mining.study.corpus.document import Document
from mining.words.segment import Engine, Segmenter, domain_words, load_words

__all__ = [
    "GAP",
    "Tokenizer",
    "choose_engine",
    "load_words",
    "ngrams",
    "stop_words",
    "stream_words",
]

GAP = ""
"""Stands where words were left out, so that no pair of words reaches over them."""

_CHUNK = 64
# Numbers are new words without end; what is kept in mind is dropped when it is this much.
_MOST_KNOWN = 500_000


@cache
def stop_words() -> tuple[str, ...]:
    """Return the words that counts leave out, in the order of the file."""
    text = (files("mining") / "data" / "stopwords.txt").read_text(encoding="utf-8")
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))


def choose_engine(name: str) -> tuple[Engine, bool]:
    """Return the engine of a name, and whether it stands in for one that is not installed.

    ``fast`` is rjieba where it is installed and jieba elsewhere; the words they find differ in
    about one of a thousand, so that a result always tells its engine.
    """
    if name != "fast":
        return ("rjieba", False) if name == "rjieba" else ("jieba", False)
    is_there = _is_installed("rjieba")
    return ("rjieba" if is_there else "jieba"), not is_there


def _is_installed(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ValueError:  # a module without a specification, or one that was blocked
        return False


class _Kept(dict[str, str]):
    """What each word counts as: itself in lower case, or nothing."""

    def __init__(self, stop: Iterable[str]) -> None:
        super().__init__()
        self._stop = frozenset(stop)

    def __missing__(self, word: str) -> str:
        folded = word.lower()
        is_word = any(char.isalpha() for char in folded) and folded not in self._stop
        self[word] = kept = folded if is_word else GAP
        return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokenizer:
    """How texts become words; the same in every study.

    Numbers, punctuation and stop words leave gaps.

    Parameters
    ----------
    engine
        ``jieba`` or ``rjieba``.
    own_words
        Terms to keep whole beside the domain dictionary.
    stop
        Words to leave out.
    """

    engine: Engine = "jieba"
    own_words: tuple[str, ...] = ()
    stop: tuple[str, ...] | None = None

    def words(self, text: str) -> list[str]:
        """Return the words of a text in order, with gaps.

        Examples
        --------
        >>> Tokenizer().words("公开了3件，目录和栏目")
        ['公开', '', '', '', '', '目录', '', '栏目']
        """
        kept = _kept(self)
        if len(kept) > _MOST_KNOWN:
            kept.clear()
        return [kept[word] for word in _segmenter(self).cut(text)]

    def terms(self, text: str) -> tuple[str, ...]:
        """Return the words of an entry of a dictionary, all of them: what texts have for it."""
        return tuple(w.lower() for w in _segmenter(self).cut(text) if not w.isspace())

    def segmenter(self) -> Segmenter:
        """Return the segmenter, loaded once per process."""
        return _segmenter(self)

    def settings(self) -> dict[str, object]:
        """Return what the words depend on, for the settings of a result."""
        left_out = "\n".join(_stop(self)).encode()
        return {
            "engine": self.engine,
            "dictionary": _segmenter(self).fingerprint,
            "own_words": len(self.own_words),
            "stop_words": hashlib.sha256(left_out).hexdigest()[:16],
        }


def _stop(tokenizer: Tokenizer) -> tuple[str, ...]:
    return stop_words() if tokenizer.stop is None else tokenizer.stop


@cache
def _segmenter(tokenizer: Tokenizer) -> Segmenter:
    return Segmenter(engine=tokenizer.engine, words=(*domain_words(), *tokenizer.own_words))


@cache
def _kept(tokenizer: Tokenizer) -> _Kept:
    return _Kept(_stop(tokenizer))


def stream_words(
    documents: Iterable[Document], tokenizer: Tokenizer, *, workers: int = 1
) -> Iterator[tuple[Document, list[str]]]:
    """Yield each document with its words, in order, whatever the number of processes."""
    waiting: deque[Document] = deque()
    source = iter(documents)

    def chunks() -> Iterator[list[str]]:
        while chunk := list(islice(source, _CHUNK)):
            waiting.extend(chunk)
            yield [document.text for document in chunk]

    job = _WordJob(tokenizer)
    for words in map_chunks(job, chunks(), workers=workers, lost=_lost):
        yield waiting.popleft(), words


@dataclass(frozen=True, slots=True)
class _WordJob:
    tokenizer: Tokenizer

    def __call__(self, texts: Sequence[str]) -> list[list[str]]:
        return [self.tokenizer.words(text) for text in texts]


def _lost(text: str) -> NoReturn:
    msg = f"the process that cut a text of {len(text)} characters into words died"
    raise StudyError(msg, code="E702", hint="use fewer workers, or give them more memory")


def ngrams(words: Sequence[str], longest: int) -> Iterator[str]:
    """Yield the words, then the pairs, and so on, of neighbours without a gap between them.

    Examples
    --------
    >>> list(ngrams(["政务", "公开", "", "目录"], 2))
    ['政务', '公开', '目录', '政务 公开']
    """
    yield from filter(None, words)
    for n in range(2, longest + 1):
        for group in zip(*(words[i:] for i in range(n)), strict=False):
            if all(group):
                yield " ".join(group)
