"""First-level sections: headings by the form's names and by numbering, without gaps."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from mining.errors import LayerError
from mining.form import Form, SectionSpec
from mining.report import LogEntry, Report, Section, change_report, make_section
from mining.settings import Settings
from mining.spans import Span
from mining.textkeys import heading_key, label_key

__all__ = ["split_sections"]

_DIGITS = "一二三四五六七八九十"
# Expressions for lines begin with the line end before it, as a search jumps from one to the next in
# half the time that `^` takes; `_candidates` puts one before the text.
# In a sentence, or between the cells of a table row.
_NO_TITLE = r"。；;！!？?|\t"
# A line that may be a heading: 一、 / 一 概述 / 第一部分 / （一） is left to sub-headings. One
# without a mark may be for `_ALONE`.
_NUMBERED = re.compile(
    rf"\n[ \t]*+(?P<number>[{_DIGITS}]{{1,3}}|\d{{1,2}}|第[ ]?[{_DIGITS}]{{1,3}}[ ]?(?:部分|章))"
    # Told at once, as most lines that begin with a number are cells.
    r"(?=[ \t、.．,，:：])"
    r"(?:(?:[ ]*+(?P<mark>[、.．,，:：])|(?=[ \t]))[ \t]*(?![^\n]{61})"
    rf"(?P<title>[^\s\d{_NO_TITLE}](?:[^\n{_NO_TITLE}]++|(?=\t)))(?:\t[^\S\n]*+)?"
    r"|[ ]*+[、.．][ ]*+)$",
    re.MULTILINE,
)
_TITLE_END = re.compile(r"[\n。：:]| (?=\S)|$")
# A number whose title was lost, or stands on the next line.
_ALONE = re.compile(rf"\n[ ]*+(?P<number>[{_DIGITS}]{{1,3}})[ ]*[、.．][ ]*$", re.MULTILINE)
_SENTENCE_END = re.compile(r"[。；;，,：:！!？?]$")
_GAP = re.compile(r"\S {2,}\S")
_NOT_TITLE = re.compile(rf"[{_NO_TITLE}]|{_GAP.pattern}")
_MAX_TITLE = 40
_EXACT, _PATTERN, _INLINE_SCORE, _BARE, _NUMBER = 1.0, 0.9, 0.85, 0.9, 0.7
# A heading that the form names outweighs one known by its number alone, and the number on it
# outweighs the same words alone.
_WEIGHTS = {"number": 0.1, "bare": 6.0}
_KNOWN_WEIGHT = 10.0
# What a chain pays for each numbered heading that it leaves out between two of its own: else a
# report printed twice would end in the last section of its second copy.
_SKIPPED = 0.5
# No report has so many; the search looks at all pairs.
_MAX_CANDIDATES = 400
# A damaged label of a table row is this much like the label.
_LIKE_LABEL = 80


class _Candidate(NamedTuple):
    """A line that may be a first-level heading; `number` is 0 when none is printed."""

    span: Span
    number: int
    title: str
    key: str
    order: int
    score: float
    matched_by: str


@lru_cache(maxsize=32)
def _bare_line(initials: str) -> re.Pattern[str]:
    """Compile lines that begin like a heading of the form: most table lines never do."""
    return re.compile(rf"\n[ ]*+(?P<title>[{re.escape(initials)}][^\n|\t]{{1,40}}+)$", re.MULTILINE)


@lru_cache(maxsize=32)
def _inline_number(initials: str) -> re.Pattern[str]:
    """Compile the number of a heading inside a line: behind a sentence or a cell, or with its text.

    What stands before is asked once a first digit is there, so that the search for one stays fast;
    behind it stands what no heading key keeps, or a first character of one.
    """
    return re.compile(
        rf"[{_DIGITS}](?<![^\n。！；;）) \t\d|”》][{_DIGITS}])[{_DIGITS}]{{0,2}}"
        r"(?P<mark>[ ]*[、.．][ ]*)"
        rf"(?=[^\s\u4e00-\u9fff]|[第的{_DIGITS}{re.escape(initials)}])"
    )


def split_sections(report: Report, form: Form, settings: Settings) -> Report:  # noqa: ARG001
    """Cut the text into first-level sections.

    What stands before the first heading is ``preface``; a heading that the form does not know is
    ``unknown`` and keeps its own words; a text without any heading is one ``unknown`` section.
    Sections leave no gaps: each ends where the next one starts.

    Raises
    ------
    LayerError
        E301 when the text is not normalised yet.
    """
    if report.raw_text and not report.text:
        msg = "sections need the normalised text"
        raise LayerError(msg, code="E301", path=report.id)
    text = report.text
    candidates = _without_echoes(text, sorted(_candidates(text, form), key=lambda c: c.span.start))
    chain = _best_chain(_at_most(candidates), len(text))
    chosen = _named_by_place(_drop_strangers(chain, form), form)
    sections = _cover(text, chosen)
    log = tuple(
        LogEntry(stage="sections", code=s.matched_by, message=f"{s.key}: {s.title}", span=s.heading)
        for s in sections
        if s.matched_by not in ("exact", "preface")
    )
    return change_report(report, sections=sections, log=report.log + log)


def _without_echoes(text: str, candidates: list[_Candidate]) -> list[_Candidate]:
    """Drop a second line of the same heading: 附表, and below it the name of the table."""
    kept: list[_Candidate] = []
    for item in candidates:
        last = kept[-1] if kept else None
        echo = last and last.key == item.key and item.key != "unknown"
        if last and echo and not text[last.span.end : item.span.start].strip():
            continue
        kept.append(item)
    return kept


def _candidates(text: str, form: Form) -> Iterator[_Candidate]:
    # Places in `lines` are those of the text plus one.
    lines = f"\n{text}"
    seen: set[int] = set()
    for match in _NUMBERED.finditer(lines):
        found = _numbered(lines, match, form)
        if found is None and match["mark"] is None:
            found = _alone(lines, match.start(), form.heading_specs)
        if found is not None:
            seen.add(found.span.start)
            yield found
    initials = form.heading_initials
    for match in _bare_line(initials).finditer(lines) if initials else ():
        title = match["title"].strip()
        spec = _bare_spec(title, form)
        if spec is not None:
            span = Span(match.start("title") - 1, match.end() - 1)
            yield _Candidate(span, 0, title, spec.key, spec.order, _BARE, "bare")
    yield from _inline(text, form, seen)


def _bare_spec(title: str, form: Form) -> SectionSpec | None:
    """Return the section whose name is the whole line, although no number is printed."""
    key = label_key(title)
    spec = form.heading_specs.get(key.replace("的", ""))
    if spec is not None or key[:1] not in form.bare_initials:
        return spec
    for spec in form.bare_specs:
        for pattern in spec.bare:
            if pattern.fullmatch(key):
                return spec
    return None


def _numbered(lines: str, match: re.Match[str], form: Form) -> _Candidate | None:
    title = match["title"]
    if title is None:
        return None
    title = title.strip()
    if len(title) > _MAX_TITLE or ("  " in title and _GAP.search(title)):
        return None
    key = label_key(title)
    spec, how, score = form.heading_specs.get(key.replace("的", "")), "exact", _EXACT
    if spec is None:
        # Most numbered lines are rows of tables.
        if key in form.row_labels:
            return None
        spec, how, score = _spec_by_pattern(key, form), "pattern", _PATTERN
    start, end = match.start("number"), match.end()
    if spec is None and (joined := _joined(lines, match, form)):
        spec, title, end = joined
        how, score = "exact", _EXACT
    if spec is None and not _may_be_unknown(match, title):
        return None
    span, number = Span(start - 1, end - 1), _number(match["number"])
    if spec is None:
        return _Candidate(span, number, title, "unknown", 0, _NUMBER, "number")
    return _Candidate(span, number, title, spec.key, spec.order, score, how)


def _spec_by_pattern(key: str, form: Form) -> SectionSpec | None:
    for spec in form.sections:
        for pattern in spec.patterns:
            if pattern.match(key):
                return spec
    return None


def _joined(lines: str, match: re.Match[str], form: Form) -> tuple[SectionSpec, str, int] | None:
    """Try the heading with the next line joined, as it may run over two; return its end too."""
    end = lines.find("\n", match.end() + 1)
    end = len(lines) if end < 0 else end
    title = (match["title"] + lines[match.end() + 1 : end]).strip()
    if len(title) > _MAX_TITLE or _NOT_TITLE.search(title):
        return None
    spec = form.heading_specs.get(heading_key(title))
    return (spec, title, end) if spec is not None else None


def _may_be_unknown(match: re.Match[str], title: str) -> bool:
    """Tell whether a numbered line that is no row of a table is a heading by its looks alone."""
    return (
        match["mark"] in ("、", ".", "．")
        and not match["number"].isdigit()
        and len(title) > 1
        and not _SENTENCE_END.search(title)
        and "\t" not in match[0]
    )


def _inline(text: str, form: Form, seen: set[int]) -> Iterator[_Candidate]:
    """Find headings that ran into the line before them or the text after them."""
    for match in _inline_number(form.heading_initials).finditer(text):
        start = match.start()
        if start in seen:
            continue
        rest = text[match.end() : match.end() + form.longest_heading + 8]
        spec, line = _leading_name(rest, form.heading_specs)
        if spec is not None:
            span = Span(start, match.end() + len(line))
            number = _number(text[start : match.start("mark")])
            yield _Candidate(
                span, number, line.strip(), spec.key, spec.order, _INLINE_SCORE, "inline"
            )


def _leading_name(rest: str, names: dict[str, SectionSpec]) -> tuple[SectionSpec | None, str]:
    """Return the heading that `rest` begins with, up to a line end, a mark or a blank."""
    for match in _TITLE_END.finditer(rest):
        line = rest[: match.start()]
        spec = names.get(heading_key(line))
        if spec is not None or match[0] in ("\n", ""):
            return spec, line
    return None, rest


def _alone(lines: str, position: int, names: dict[str, SectionSpec]) -> _Candidate | None:
    """Read a line whose number stands alone: the title is on the next line, or was lost."""
    match = _ALONE.match(lines, position)
    if match is None:
        return None
    start, end = match.start("number") - 1, match.end() - 1
    next_end = lines.find("\n", match.end() + 1)
    line = lines[match.end() + 1 : next_end if next_end >= 0 else len(lines)]
    spec = names.get(heading_key(line)) if len(line) <= _MAX_TITLE else None
    number = _number(match["number"])
    if spec is not None:
        span = Span(start, end + 1 + len(line))
        return _Candidate(span, number, line.strip(), spec.key, spec.order, _EXACT, "exact")
    return _Candidate(Span(start, end), number, "", "unknown", 0, _NUMBER, "number")


@lru_cache(maxsize=256)
def _number(text: str) -> int:
    digits = text.strip("第部分章 ")
    if digits.isdigit():
        return int(digits)
    if "十" not in digits:
        return _DIGITS.index(digits[0]) + 1 if digits else 0
    tens, _, ones = digits.partition("十")
    ten = _DIGITS.index(tens[0]) + 1 if tens else 1
    return ten * 10 + (_DIGITS.index(ones[0]) + 1 if ones else 0)


def _at_most(candidates: list[_Candidate]) -> list[_Candidate]:
    """Keep what a search over all pairs can take, headings that the form names before others."""
    if len(candidates) <= _MAX_CANDIDATES:
        return candidates
    return [c for c in candidates if c.key != "unknown"][:_MAX_CANDIDATES]


def _best_chain(candidates: list[_Candidate], length: int) -> list[_Candidate]:
    """Return the heaviest run of candidates whose order and numbers rise.

    A known heading weighs more than a number alone, and one with a body more than a line of a
    table of contents, so the real headings win over a contents list and over inner lists.
    """
    # Most reports have no other lines, and as each adds to the weight, all are the heaviest run.
    if all(map(_may_follow, candidates, candidates[1:])):
        return candidates
    best: list[tuple[float, int]] = []
    starts = [*(c.span.start for c in candidates[1:]), length]
    named = [c.key != "unknown" and c.number > 0 for c in candidates]
    before = [0, *itertools.accumulate(named)]
    for i, current in enumerate(candidates):
        body = min(starts[i] - current.span.end, 200) / 100
        weight = body + _WEIGHTS.get(current.matched_by, _KNOWN_WEIGHT)
        gain, previous = 0.0, -1
        for j in range(i):
            rest = best[j][0] - _SKIPPED * (before[i] - before[j + 1])
            if rest > gain and _may_follow(candidates[j], current):
                gain, previous = rest, j
        best.append((gain + weight, previous))
    chain: list[_Candidate] = []
    index = max(range(len(best)), key=lambda i: best[i][0], default=-1)
    while index >= 0:
        chain.append(candidates[index])
        index = best[index][1]
    return chain[::-1]


def _may_follow(first: _Candidate, second: _Candidate) -> bool:
    # Candidates come in the order of the text.
    if second.span.start < first.span.end:
        return False
    if first.key != "unknown" and first.key == second.key:
        return False
    both_known = first.key != "unknown" and second.key != "unknown"
    if first.number and second.number:
        # A wrong number on a heading that the form names is a fault of the report, not of ours.
        return first.number < second.number or (both_known and first.order < second.order)
    # Without numbers only the form's order tells a heading from the head of a table's part.
    return not both_known or first.order < second.order


def _drop_strangers(chain: list[_Candidate], form: Form) -> list[_Candidate]:
    """Drop unnamed numbered lines that are table rows or do not continue the numbering."""
    kept: list[_Candidate] = []
    for i, current in enumerate(chain):
        if current.key == "unknown":
            before = next((c.number for c in reversed(kept) if c.number), 0)
            after = next((c.number for c in chain[i + 1 :] if c.number), current.number + 1)
            if current.number != before + 1 or after <= current.number:
                continue
            if _is_like_row(current.title, form):
                continue
        kept.append(current)
    return kept


def _is_like_row(title: str, form: Form) -> bool:
    """Tell whether a title is the damaged label of a table row."""
    # Imported here: only texts with unnamed headings need it.
    from rapidfuzz.fuzz import ratio  # noqa: PLC0415

    key = label_key(title)
    return any(ratio(key, label) >= _LIKE_LABEL for label in form.row_labels)


def _named_by_place(chain: list[_Candidate], form: Form) -> list[_Candidate]:
    """Name the headings whose title was lost, where one required section is missing just there."""
    if all(current.title for current in chain):
        return chain
    named: list[_Candidate] = []
    for i, current in enumerate(chain):
        before = named[-1].order if named else 0
        after = chain[i + 1].order if i + 1 < len(chain) else before
        missing = [s for s in form.sections if s.required and before < s.order < after]
        if current.title or len(missing) != 1:
            named.append(current)
        else:
            spec = missing[0]
            named.append(current._replace(key=spec.key, order=spec.order, matched_by="place"))
    return named


def _cover(text: str, chosen: list[_Candidate]) -> tuple[Section, ...]:
    if not chosen:
        return (_bare_section("unknown", Span(0, len(text)), 1),)
    first = chosen[0].span.start
    has_preface = bool(text[:first].strip())
    starts = [first if has_preface else 0, *(c.span.start for c in chosen[1:]), len(text)]
    sections = [_bare_section("preface", Span(0, first), 0)] if has_preface else []
    for i, item in enumerate(chosen):
        sections.append(
            make_section(
                key=item.key,
                title=item.title,
                order=i + 1,
                heading=item.span,
                span=Span(starts[i], starts[i + 1]),
                matched_by=item.matched_by,
                score=item.score,
            )
        )
    return tuple(sections)


def _bare_section(key: str, span: Span, order: int) -> Section:
    """Return a section without a heading: the preface, or a whole text that has none."""
    how, score = ("preface", 1.0) if key == "preface" else ("none", 0.5)
    heading = Span(span.start, span.start)
    return make_section(
        key=key, title="", order=order, heading=heading, span=span, matched_by=how, score=score
    )
