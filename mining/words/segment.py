"""Cutting Chinese text into words: jieba, or its fast port rjieba, with the domain dictionary."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Literal

from mining.errors import ReadError, SettingsError

__all__ = ["ENGINES", "Engine", "Segmenter", "Token", "domain_words", "load_words", "segmenter"]

Engine = Literal["jieba", "rjieba"]
ENGINES: tuple[Engine, ...] = ("jieba", "rjieba")

# High enough that a domain term beats its parts, low enough that it does not swallow neighbours;
# a test cuts every term by itself with both engines.
_FREQUENCY = 3000
_TAG = "n"
_MAX_WORD = 40


@dataclass(frozen=True, slots=True)
class Token:
    """A word and its place, half-open, in code points of the text."""

    text: str
    start: int
    end: int


class Segmenter:
    """Cuts text into words; the words joined are the text again, white space included.

    Parameters
    ----------
    engine
        ``jieba``, or ``rjieba`` from the extra ``[fast]``: the same algorithm and dictionary in
        Rust.
    words
        Terms to keep whole beside the general dictionary; the domain dictionary by default.

    Raises
    ------
    SettingsError
        E404 when the engine is not installed.

    Examples
    --------
    >>> Segmenter().cut("政务新媒体更新不及时")
    ['政务新媒体', '更新不及时']
    """

    def __init__(self, *, engine: Engine = "jieba", words: Sequence[str] | None = None) -> None:
        self.engine: Engine = engine
        self.words = domain_words() if words is None else tuple(dict.fromkeys(words))
        self._cut = _ENGINES[engine](self.words)

    @property
    def fingerprint(self) -> str:
        """Hash of the engine, its version and the words, for the settings of a result."""
        facts = "\n".join((self.engine, version(self.engine), str(_FREQUENCY), *self.words))
        return hashlib.sha256(facts.encode()).hexdigest()[:16]

    def cut(self, text: str) -> list[str]:
        """Return the words of `text` in order."""
        return self._cut(text)

    def tokens(self, text: str) -> Iterator[Token]:
        """Yield the words of `text` with their places; white space is left out."""
        position = 0
        for word in self._cut(text):
            end = position + len(word)
            if not word.isspace():
                yield Token(word, position, end)
            position = end

    def __reduce__(self) -> tuple[Callable[..., Segmenter], tuple[Engine, tuple[str, ...]]]:
        return _rebuild, (self.engine, self.words)


def _rebuild(engine: Engine, words: tuple[str, ...]) -> Segmenter:
    return Segmenter(engine=engine, words=words)


@cache
def segmenter(engine: Engine = "jieba") -> Segmenter:
    """Return the segmenter with the domain dictionary, loaded once per process."""
    return Segmenter(engine=engine)


@cache
def domain_words() -> tuple[str, ...]:
    """Return the terms of the domain dictionary, in the order of the file."""
    return _parse_words((files("mining") / "data" / "words.txt").read_text(encoding="utf-8"))


def load_words(path: Path) -> tuple[str, ...]:
    """Return the terms of a user's dictionary: one to a line, ``#`` starts a comment.

    Raises
    ------
    ReadError
        E102 when the file is no UTF-8 text.
    """
    try:
        return _parse_words(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        msg = "not UTF-8 text"
        raise ReadError(msg, code="E102", path=path, hint="save the list as UTF-8") from error


def _parse_words(text: str) -> tuple[str, ...]:
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    return tuple(dict.fromkeys(line for line in lines if 0 < len(line) <= _MAX_WORD))


def _jieba(words: Sequence[str]) -> Callable[[str], list[str]]:
    with warnings.catch_warnings():
        # Its sources have escape sequences that newer Pythons warn of when they compile them.
        warnings.simplefilter("ignore")
        import jieba  # noqa: PLC0415 - half a second that only words need

    tokenizer = jieba.Tokenizer()
    # What initialize() does, without its cache in a folder that other users may write to.
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    for word in words:
        tokenizer.add_word(word, _FREQUENCY, _TAG)
    cut: Callable[[str], list[str]] = tokenizer.lcut
    return cut


def _rjieba(words: Sequence[str]) -> Callable[[str], list[str]]:
    try:
        import rjieba  # noqa: PLC0415 - an extra
    except ImportError as error:
        msg = "the engine rjieba is not installed"
        hint = "pip install 'mining[fast]', or use the engine jieba"
        raise SettingsError(msg, code="E404", hint=hint) from error
    tokenizer = rjieba.Jieba()
    for word in words:
        tokenizer.add_word(word, _FREQUENCY, _TAG)
    cut: Callable[[str], list[str]] = tokenizer.cut
    return cut


_ENGINES: dict[Engine, Callable[[Sequence[str]], Callable[[str], list[str]]]] = {
    "jieba": _jieba,
    "rjieba": _rjieba,
}
