"""Raw text to normalised text, with the map back: the only step that makes new text."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from mining.errors import ReadError
from mining.form import Form
from mining.report import Report
from mining.settings import Settings
from mining.spans import Edit, OffsetMap
from mining.traditional import Simplifier, find_simplifier

__all__ = ["normalize", "normalize_text"]

# Code point to code point: digits and letters of any width, blanks of any kind, look-alike signs.
_SINGLE = {chr(ord("０") + i): chr(ord("0") + i) for i in range(10)}
_SINGLE |= {chr(ord("Ａ") + i): chr(ord("A") + i) for i in range(26)}
_SINGLE |= {chr(ord("ａ") + i): chr(ord("a") + i) for i in range(26)}
_SINGLE |= dict.fromkeys("\u00a0\u2002\u2003\u2009\u202f\u3000\v\f", " ")
_SINGLE |= dict.fromkeys("﹝〘", "〔") | dict.fromkeys("﹞〙", "〕") | dict.fromkeys("﹣−", "-")
_SINGLE |= {"％": "%", "＋": "+", "－": "-", "｜": "|", "．": "."}

# One scan finds which of them a text holds at all; `str.translate` takes 15 times as long.
_WIDE = re.compile(f"[{''.join(_SINGLE)}]")
_ENCLOSED = {chr(0x3220 + i): f"({c})" for i, c in enumerate("一二三四五六七八九十")}
_ENCLOSED |= {chr(0x2474 + i): f"({i + 1})" for i in range(20)}
_ENCLOSED |= {chr(0x2488 + i): f"{i + 1}." for i in range(20)}
# Word leaves bookmark marks in its text export; zero-width characters hide inside numbers.
_CHANGED = re.compile(
    # One class first: it finds the few places fast, and what follows tells them apart.
    rf"[\r\u2028\u2029\u0085\ufeff\u200b-\u200f\u2060\u00ad\[{''.join(_ENCLOSED)}]"
    r"(?:(?<=\r)\n?|(?<=\[)bookmark: ?\w{1,80}\]|(?<![\r\[]))"
)


def normalize(report: Report, form: Form, settings: Settings) -> Report:  # noqa: ARG001
    """Fill `text` and `offsets` from `raw_text`; `form` does not matter here.

    Raises
    ------
    ReadError
        E104 when the text grows over ``max_chars``: ㈠ becomes three characters.
    """
    text, offsets = normalize_text(report.raw_text)
    if len(text) > max(settings.max_chars, len(report.raw_text)):
        msg = f"{len(text)} characters, the limit is {settings.max_chars}"
        hint = "split the file or raise max_chars"
        raise ReadError(msg, code="E104", path=report.source.uri, hint=hint)
    return replace(report, text=text, offsets=offsets)


def normalize_text(raw: str) -> tuple[str, OffsetMap]:
    r"""Return the normalised text and where each of its ranges stood in `raw`.

    Line ends become ``\n``, blanks of any kind one space each, digits and letters half-width;
    zero-width characters and Word bookmarks go; ㈠ becomes (一). A text that is mostly traditional
    becomes simplified. Nothing else changes.

    Examples
    --------
    >>> normalize_text("新收１２件\r\n")[0]
    '新收12件\n'
    >>> normalize_text("主動公開(kāi)資訊３條")[0]
    '主动公开信息3条'
    """
    simplifier = find_simplifier(raw)
    if simplifier is None:
        text, offsets = _change(raw, _CHANGED, None)
    else:
        text, offsets = _change(raw, _changed_with(simplifier.pattern), simplifier)
        text = simplifier.translate(text)
    return _fold(text), offsets


@lru_cache(maxsize=2)
def _changed_with(pattern: str) -> re.Pattern[str]:
    return re.compile(f"{_CHANGED.pattern}|{pattern}")


def _change(
    raw: str, changed: re.Pattern[str], simplifier: Simplifier | None
) -> tuple[str, OffsetMap]:
    """Replace what `changed` finds and note where the length changes."""
    pieces: list[str] = []
    edits: list[Edit] = []
    done = written = 0
    for match in changed.finditer(raw):
        start, end = match.span()
        found = match[0]
        if found == "\r\n":
            # Some files have one a line: only the first sign goes, and the rest stays in the piece.
            pieces.append(raw[done:start])
            position = written + start - done
            edits.append(Edit(start, end, position, position + 1))
            written, done = position, end - 1
            continue
        new = _ENCLOSED.get(found) or ("\n" if found[0] in "\r\u2028\u2029\u0085" else "")
        if simplifier is not None:
            new = new or simplifier.replacement(found)
        pieces += (raw[done:start], new)
        position = written + start - done
        if len(new) != len(found):
            edits.append(Edit(start, end, position, position + len(new)))
        written = position + len(new)
        done = end
    pieces.append(raw[done:])
    return "".join(pieces), OffsetMap(tuple(edits))


def _fold(text: str) -> str:
    for char in sorted(set(_WIDE.findall(text))):
        text = text.replace(char, _SINGLE[char])
    return text
