"""Raw text to normalised text, with the map back: the only step that makes new text."""

from __future__ import annotations

import re
from functools import lru_cache

from mining.errors import ReadError
from mining.form import Form
from mining.report import Report, change_report
from mining.settings import Settings
from mining.spans import Edit, OffsetMap, make_edit
from mining.traditional import FREQUENT, Simplifier, find_simplifier

__all__ = ["normalize", "normalize_text"]

# Code point to code point: digits and letters of any width, blanks of any kind, look-alike signs.
_SINGLE = {chr(ord("０") + i): chr(ord("0") + i) for i in range(10)}
_SINGLE |= {chr(ord("Ａ") + i): chr(ord("A") + i) for i in range(26)}
_SINGLE |= {chr(ord("ａ") + i): chr(ord("a") + i) for i in range(26)}
_SINGLE |= dict.fromkeys("\u00a0\u2002\u2003\u2009\u202f\u3000\v\f", " ")
_SINGLE |= dict.fromkeys("﹝〘", "〔") | dict.fromkeys("﹞〙", "〕") | dict.fromkeys("﹣−", "-")
_SINGLE |= {"％": "%", "＋": "+", "－": "-", "｜": "|", "．": "."}

_ENCLOSED = {chr(0x3220 + i): f"({c})" for i, c in enumerate("一二三四五六七八九十")}
_ENCLOSED |= {chr(0x2474 + i): f"({i + 1})" for i in range(20)}
_ENCLOSED |= {chr(0x2488 + i): f"{i + 1}." for i in range(20)}
_LINE_ENDS = "\r\u2028\u2029\u0085"
_HIDDEN = "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060\u00ad"
_MOVING = f"{_LINE_ENDS}{_HIDDEN}[{''.join(_ENCLOSED)}"
# Word leaves bookmark marks in its text export; zero-width characters hide inside numbers.
_CHANGED = re.compile(
    # One class first: it finds the few places fast, and what follows tells them apart.
    rf"[{re.escape(_MOVING)}](?:(?<=\r)\n?|(?<=\[)bookmark: ?\w{{1,80}}\]|(?<![\r\[]))"
)
# One scan tells which of these signs a text holds; `str.translate` takes 15 times as long.
_SIGNS = re.compile(f"[{re.escape(''.join(_SINGLE) + _MOVING + FREQUENT)}]")
_SEARCHED = frozenset(_MOVING + FREQUENT)


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
    return change_report(report, text=text, offsets=offsets)


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
    lines = raw.split("\r\n")
    text = "\n".join(lines) if len(lines) > 1 else raw
    signs = set(_SIGNS.findall(text))
    if _SEARCHED.isdisjoint(signs):
        offsets = OffsetMap(_line_edits(lines))
    else:
        text, offsets = _search(raw)
    for char in signs & _SINGLE.keys():
        text = text.replace(char, _SINGLE[char])
    return text, offsets


def _line_edits(lines: list[str]) -> tuple[Edit, ...]:
    """Return the edits of a text in which only the ends of these lines change."""
    edits = []
    end = 0
    for number, line in enumerate(lines[:-1]):
        start = end + len(line)
        end = start + 1
        raw_start = start + number
        edits.append(make_edit(raw_start=raw_start, raw_end=raw_start + 2, start=start, end=end))
    return tuple(edits)


def _search(raw: str) -> tuple[str, OffsetMap]:
    """Replace all that may change the length, and simplify."""
    simplifier = find_simplifier(raw)
    if simplifier is None:
        return _change(raw, _CHANGED, None)
    text, offsets = _change(raw, _changed_with(simplifier.pattern), simplifier)
    return simplifier.translate(text), offsets


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
            edits.append(make_edit(raw_start=start, raw_end=end, start=position, end=position + 1))
            written, done = position, end - 1
            continue
        new = _ENCLOSED.get(found) or ("\n" if found[0] in _LINE_ENDS else "")
        if simplifier is not None:
            new = new or simplifier.replacement(found)
        pieces += (raw[done:start], new)
        position = written + start - done
        if len(new) != len(found):
            edits.append(
                make_edit(raw_start=start, raw_end=end, start=position, end=position + len(new))
            )
        written = position + len(new)
        done = end
    pieces.append(raw[done:])
    return "".join(pieces), OffsetMap(tuple(edits))
