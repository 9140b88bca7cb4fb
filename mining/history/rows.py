"""Facts as one plain row and back: bytes that can wait in a file or travel to another machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from struct import pack, unpack_from
from typing import Any

from mining.history.facts import Base, Claim, Odd, TableFacts, YearFacts
from mining.quantity import Interval, Quantity
from mining.report import Address, Number, Section
from mining.spans import Span

__all__ = ["read_facts", "write_facts"]

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
# No address has a line end.
_BETWEEN = "\n"


def write_facts(facts: YearFacts) -> bytes:
    """Return facts as bytes: a line of JSON, the text in UTF-8, all offsets as 32-bit numbers.

    `read_facts` gives them back as they were. Offsets are most of the numbers, and far cheaper to
    write and to read in this way.
    """
    # A damaged file may leave half a character behind, which plain UTF-8 refuses.
    text = facts.text.encode("utf-8", "surrogatepass")
    data = {
        "report": facts.report,
        "source": facts.source,
        "form": facts.form,
        "template": facts.template,
        "agency": facts.agency,
        "region": facts.region,
        "level": facts.level,
        "year": facts.year,
        "text": len(text),
        "sections": [_section(s) for s in facts.sections],
        "tables": [_table(t) for t in facts.tables],
        "figures": len(facts.figures),
        "claims": [_claim(c) for c in facts.claims],
        "places": [place[2:] for place in facts.places],
        "edits": len(facts.edits),
    }
    offsets = [
        *facts.figures,
        *[end for table in facts.tables for end in table.spans],
        *[end for place in facts.places for end in place[:2]],
        *[end for edit in facts.edits for end in edit],
    ]
    head = _ENCODER.encode(data).encode("utf-8", "surrogatepass")
    return b"".join((head, b"\n", text, pack(f"<{len(offsets)}I", *offsets)))


def read_facts(data: bytes) -> YearFacts:
    """Return the facts that `write_facts` wrote."""
    head = data.index(b"\n")
    found = json.loads(data[:head].decode("utf-8", "surrogatepass"))
    body = head + 1 + found["text"]
    offsets = iter(unpack_from(f"<{(len(data) - body) // 4}I", data, body))
    return YearFacts(
        **{name: found[name] for name in ("report", "source", "form", "template")},
        **{name: found[name] for name in ("agency", "region", "level", "year")},
        text=data[head + 1 : body].decode("utf-8", "surrogatepass"),
        sections=tuple([_read_section(s) for s in found["sections"]]),
        # Offsets come one after the other, so that the order of these lines counts.
        figures=tuple(islice(offsets, found["figures"])),
        tables=tuple([_read_table(t, offsets) for t in found["tables"]]),
        claims=tuple([_read_claim(c) for c in found["claims"]]),
        places=tuple(
            [(next(offsets), next(offsets), page, path) for page, path in found["places"]]
        ),
        edits=tuple(islice(zip(*[offsets] * 4, strict=False), found["edits"])),
    )


def _section(section: Section) -> list[Any]:
    heading, span = section.heading, section.span
    ends = [heading.start, heading.end, span.start, span.end]
    return [section.key, section.title, section.order, ends, section.matched_by, section.score]


def _read_section(row: list[Any]) -> Section:
    key, title, order, (a, b, c, d), matched_by, score = row
    return Section(
        key=key,
        title=title,
        order=order,
        heading=Span(a, b),
        span=Span(c, d),
        matched_by=matched_by,
        score=score,
    )


def _table(table: TableFacts) -> list[Any]:
    values = [v if v is None or type(v) is int else str(v) for v in table.values]
    odd = [[o.index, o.kind, o.unit] for o in table.odd]
    # The cells of a table are mostly all read in one way.
    scores = table.scores[:1] if len(set(table.scores)) == 1 else table.scores
    addresses = _BETWEEN.join(table.addresses)
    whole = [table.span.start, table.span.end]
    return [table.key, table.section, table.unit, whole, addresses, values, scores, odd]


def _read_table(row: list[Any], offsets: Iterator[int]) -> TableFacts:
    key, section, unit, whole, addresses, values, scores, odd = row
    return TableFacts(
        key=key,
        section=section,
        unit=unit,
        span=Span(*whole),
        addresses=tuple(addresses.split(_BETWEEN)) if values else (),
        values=tuple([Decimal(v) if type(v) is str else v for v in values]),
        spans=tuple(islice(offsets, 2 * len(values))),
        scores=tuple(scores if len(scores) == len(values) else scores * len(values)),
        odd=tuple([Odd(*o) for o in odd]),
    )


def _claim(claim: Claim) -> list[Any]:
    told = claim.quantity
    return [
        claim.kind,
        claim.sign,
        [claim.span.start, claim.span.end, claim.sentence.start, claim.sentence.end],
        None if told is None else _quantity(told),
        [_base(base) for base in claim.bases],
        claim.is_explicit,
        claim.is_counted,
        None if claim.share is None else _quantity(claim.share),
    ]


def _read_claim(row: list[Any]) -> Claim:
    kind, sign, (a, b, c, d), told, bases, is_explicit, is_counted, share = row
    return Claim(
        kind=kind,
        sign=sign,
        span=Span(a, b),
        sentence=Span(c, d),
        quantity=None if told is None else _read_quantity(told),
        bases=tuple(_read_base(base) for base in bases),
        is_explicit=is_explicit,
        is_counted=is_counted,
        share=None if share is None else _read_quantity(share),
    )


def _base(base: Base) -> list[Any]:
    told = None if base.told is None else _quantity(base.told)
    return [base.address, base.also, base.score, base.span.start, base.span.end, told]


def _read_base(row: list[Any]) -> Base:
    address, also, score, start, end, told = row
    return Base(
        address=Address(address),
        also=tuple(also),
        score=score,
        span=Span(start, end),
        told=None if told is None else _read_quantity(told),
    )


def _quantity(told: Quantity) -> list[Any]:
    numbers = [_number(told.value), _number(told.low), _number(told.high)]
    ranges = [_interval(told.narrow), _interval(told.wide)]
    return [*numbers, told.unit, told.approx, *ranges, told.is_magnitude]


def _read_quantity(row: list[Any]) -> Quantity:
    value, low, high, unit, approx, narrow, wide, is_magnitude = row
    return Quantity(
        value=_read_number(value) or 0,
        low=_read_number(low),
        high=_read_number(high),
        unit=unit,
        approx=approx,
        narrow=_read_interval(narrow),
        wide=_read_interval(wide),
        is_magnitude=is_magnitude,
    )


def _interval(span: Interval) -> list[Any]:
    return [_number(span.low), _number(span.high), span.low_open, span.high_open]


def _read_interval(row: list[Any]) -> Interval:
    low, high, low_open, high_open = row
    return Interval(_read_number(low), _read_number(high), low_open, high_open)


def _number(value: Number | None) -> int | str | None:
    return str(value) if isinstance(value, Decimal) else value


def _read_number(value: int | str | None) -> Number | None:
    return Decimal(value) if isinstance(value, str) else value
