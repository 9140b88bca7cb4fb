"""Sentences of random reports: templates whose slots are filled with a report's numbers.

A template is text with words ``<name>`` and slots in braces; the rest of a slot after a blank goes
to the mark (see `mining.generate.marks`). Kinds of slots, with A and B for addresses:

========================  =====================================================================
``{A:件 part}``           the cell, above 0 (``A/B``: A, and the words may mean B)
``{~A:条}``               the cell, perhaps as an approximation
``{A?件}``                the cell, which is 0, as a number
``{A!未收到申请}``         words of none for a cell that is 0
``{#2-9:个}``             any number in a range (``~#`` perhaps as an approximation)
``{@0/3/60-900:条}``      a total of three parts, which ``{@1:条}`` … tell; ``{@%1}`` is a share
``{%A/B}``                A as a share of B
``{^A:件}`` ``{^%A}``      the change against last year, as an amount and as a rate
``{<A:件}``               last year's number
``{=published}``           nothing; of the sentences with the same word only one is told
``{100%}``                just a mark
========================  =====================================================================
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from random import Random
from typing import ClassVar

from mining.generate.truth import FindingTruth
from mining.numerals import to_chinese, to_wan

__all__ = ["Teller"]

_SLOT = re.compile(r"\{([^{}]+)\}")
_WORD = re.compile(r"<([a-z]+)>")
_KINDS = re.compile(
    r"=(?P<once>[a-z]+)|(?P<any>~?#)(?P<low>\d+)-(?P<high>\d+):(?P<any_unit>.+)"
    r"|@0/(?P<n>\d)/(?P<least>\d+)-(?P<most>\d+):(?P<sum_unit>.+)"
    r"|@(?P<part>\d):(?P<part_unit>.+)|@%(?P<share>\d)"
    r"|%(?P<of>[a-z_.]+)/(?P<whole>[a-z_.]+)"
    r"|\^%(?P<rate>[a-z_.]+)|\^(?P<change>[a-z_.]+):(?P<change_unit>.+)"
    r"|<(?P<last>[a-z_.]+):(?P<last_unit>.+)"
    r"|(?P<zero>[a-z_.]+)\?(?P<zero_unit>.+)|(?P<none>[a-z_.]+)!(?P<words>.+)"
    r"|(?P<cell>~?[a-z_.]+)(?P<also>(?:/[a-z_.]+)*):(?P<unit>.+)"
)
_ADDRESSES = ("once", "of", "whole", "rate", "change", "last", "zero", "none", "cell")
_Slot = Mapping[str, str]


@cache
def _parse(template: str) -> tuple[tuple[str, _Slot | None], ...]:
    """Cut a template into literal text and slots."""
    pieces: list[tuple[str, _Slot | None]] = []
    for place, piece in enumerate(_SLOT.split(template)):
        if place % 2 == 0:
            pieces.append((piece, None))
            continue
        match = _KINDS.fullmatch(piece)
        found = {k: v for k, v in match.groupdict().items() if v} if match else {}
        pieces.append((f"{{{piece}}}", found or None))
    return tuple(pieces)


def _addresses(slot: _Slot) -> list[str]:
    return [slot[name].removeprefix("~") for name in _ADDRESSES if name in slot]


def _mark(text: str, *attributes: str) -> str:
    told = " ".join(a for a in attributes if a)
    return f"{{{text}|{told}}}" if told else f"{{{text}}}"


def _unit(told: str) -> tuple[str, str]:
    """Part the unit from the attributes of the mark."""
    unit, _, attributes = told.partition(" ")
    return unit, attributes


@dataclass(slots=True)
class Teller:
    """Tells the numbers of one report, each cell once.

    Parameters
    ----------
    rng
        Where choices come from.
    values
        Numbers by address, derived ones too.
    words
        What ``<name>`` stands for.
    printed
        Whether tables are printed; without them a figure has no cell.
    lies
        Rules to break once each, where a sentence allows it: ``narrative-table``,
        ``narrative-none``, ``narrative-percent``, ``narrative-parts``.
    findings
        What is wrong with the sentences told so far.
    told
        Addresses that sentences have spoken of.
    """

    rng: Random
    values: Mapping[str, int | Decimal]
    words: Mapping[str, str]
    printed: bool = True
    lies: set[str] = field(default_factory=set)
    findings: list[FindingTruth] = field(default_factory=list)
    told: set[str] = field(default_factory=set)
    _last: dict[str, int] = field(default_factory=dict)
    _parts: list[int] = field(default_factory=list)

    def fill_words(self, text: str) -> str:
        """Return `text` with its ``<name>`` filled in."""
        return _WORD.sub(lambda match: self.words[match[1]], text)

    def can_tell(self, template: str) -> bool:
        """Tell whether every slot of a template holds and its cells have not been told."""
        return all(slot is None or self._holds(slot) for _, slot in _parse(template))

    def tell(self, template: str) -> str:
        """Return the sentence with marks, and remember what it told."""
        self._parts = []
        pieces = _parse(template)
        text = "".join(
            piece if slot is None else self._fill(slot, template) for piece, slot in pieces
        )
        self.told |= {a for _, slot in pieces if slot for a in _addresses(slot)}
        return self.fill_words(text)

    def _holds(self, slot: _Slot) -> bool:
        addresses = _addresses(slot)
        if self.told.intersection(addresses):
            return False
        if "once" in slot:
            return True
        if "zero" in slot:
            return not self.values.get(slot["zero"])
        if "none" in slot:
            lie = self.printed and "narrative-none" in self.lies
            return lie or not self.values.get(slot["none"])
        if "rate" in slot or "change" in slot:
            return all(self.values.get(a) and self._change(a) for a in addresses)
        return all(self.values.get(a) for a in addresses)

    def _fill(self, slot: _Slot, template: str) -> str:
        fill = next(fill for name, fill in self._FILLERS.items() if name in slot)
        return fill(self, slot, template)

    def _address(self, address: str, also: str = "") -> str:
        return address + also if self.printed else ""

    def _wrong(self, rule: str, cell: str, note: str) -> None:
        self.lies.discard(rule)
        self.findings.append(FindingTruth(rule=rule, cell=cell, note=note))

    def _once(self, _slot: _Slot, _template: str) -> str:
        return ""

    def _any(self, slot: _Slot, _template: str) -> str:
        unit, attributes = _unit(slot["any_unit"])
        number = self.rng.randint(int(slot["low"]), int(slot["high"]))
        if slot["any"] == "~#":
            return _mark(_about(self.rng, number, unit), attributes)
        if 2 <= number <= 10 and unit not in ("%", "分") and self.rng.random() < 0.15:
            return _mark(to_chinese(number).replace("二", "两") + unit, attributes)
        return _mark(f"{number}{unit}", attributes)

    def _total(self, slot: _Slot, template: str) -> str:
        total = self.rng.randint(int(slot["least"]), int(slot["most"]))
        n = int(slot["n"])
        cuts = sorted(self.rng.sample(range(1, total), n - 1))
        self._parts = [b - a for a, b in zip([0, *cuts], [*cuts, total], strict=True)]
        # Channels may sum to more than a total that counts the same item once; kinds may not.
        if "narrative-parts" in self.lies and "类" in template:
            self._parts[0] += total // 2 + 1
            self._wrong("narrative-parts", "", f"各部分之和大于总数{total}")
        unit, attributes = _unit(slot["sum_unit"])
        self._parts.insert(0, total)
        return _mark(f"{total}{unit}", attributes)

    def _part(self, slot: _Slot, _template: str) -> str:
        unit, attributes = _unit(slot["part_unit"])
        return _mark(f"{self._parts[int(slot['part'])]}{unit}", attributes)

    def _share(self, slot: _Slot, _template: str) -> str:
        return self._percent(Decimal(self._parts[int(slot["share"])]), Decimal(self._parts[0]))

    def _share_of(self, slot: _Slot, _template: str) -> str:
        return self._percent(Decimal(self.values[slot["of"]]), Decimal(self.values[slot["whole"]]))

    def _percent(self, part: Decimal, whole: Decimal) -> str:
        places = self.rng.choice((Decimal(1), Decimal("0.1"), Decimal("0.01")))
        share = (part * 100 / whole).quantize(places, ROUND_HALF_UP)
        if "narrative-percent" in self.lies:
            wrong = share + (12 if share < 80 else -12)
            self._wrong("narrative-percent", "", f"应为{share}%，正文写{wrong}%")
            share = wrong
        return _mark(f"{share}%")

    def _change(self, address: str) -> int:
        """Return this year's number minus last year's, which is made up when first asked for."""
        now = int(self.values[address])
        if address not in self._last:
            self._last[address] = max(1, round(now * self.rng.uniform(0.6, 1.6)))
        return now - self._last[address]

    def _amount(self, slot: _Slot, _template: str) -> str:
        change = self._change(slot["change"])
        unit, attributes = _unit(slot["change_unit"])
        word = self.rng.choice(("增加", "多") if change > 0 else ("减少", "少"))
        return word + _mark(f"{abs(change)}{unit}", "change", attributes)

    def _rate(self, slot: _Slot, _template: str) -> str:
        change = self._change(slot["rate"])
        rate = Decimal(abs(change) * 100) / self._last[slot["rate"]]
        word = self.rng.choice(("增长", "上升") if change > 0 else ("下降", "减少"))
        return word + _mark(f"{rate.quantize(Decimal('0.1'), ROUND_HALF_UP)}%", "change")

    def _last_year(self, slot: _Slot, _template: str) -> str:
        self._change(slot["last"])
        unit, attributes = _unit(slot["last_unit"])
        return _mark(f"{self._last[slot['last']]}{unit}", "last_year", attributes)

    def _zero(self, slot: _Slot, _template: str) -> str:
        unit, attributes = _unit(slot["zero_unit"])
        return _mark(f"0{unit}", self._address(slot["zero"]), attributes)

    def _none(self, slot: _Slot, _template: str) -> str:
        address = slot["none"]
        if self.values.get(address):
            self._wrong("narrative-none", address, f"正文称没有，表中为{self.values[address]}")
        words, attributes = _unit(slot["words"])
        return _mark(words, address, "none", attributes) if self.printed else words

    def _cell(self, slot: _Slot, template: str) -> str:
        unit, attributes = _unit(slot["unit"])
        address = slot["cell"].removeprefix("~")
        value = self.values[address]
        mark = (self._address(address, slot.get("also", "")), attributes)
        if slot["cell"].startswith("~"):
            return _mark(_about(self.rng, int(value), unit), *mark)
        if self._may_lie(attributes, template):
            value = self._other_value(address)
            self._wrong("narrative-table", address, f"正文写{value}，表中为{self.values[address]}")
        return _mark(f"{value}{unit}", *mark)

    def _may_lie(self, attributes: str, template: str) -> bool:
        """Tell whether a wrong number here breaks nothing but the claim itself."""
        alone = not attributes and "part" not in template and "^" not in template
        return self.printed and "narrative-table" in self.lies and alone and "%" not in template

    def _other_value(self, address: str) -> int | Decimal:
        """Return a number that no cell which the words may mean holds."""
        value = self.values[address]
        taken = {v for a, v in self.values.items() if a.endswith((".total", ".count"))}
        taken |= {v for a, v in self.values.items() if a.startswith(("derived.", "disclosure."))}
        digits = f"{value}"
        swapped = int(digits[::-1]) if digits.isdigit() else 0
        wrong = self.rng.choice((value + 1, value + 10, value * 10, swapped, value - 1))
        while wrong <= 0 or wrong in taken:
            wrong = wrong + 3 if wrong > 0 else value + 2
        return wrong

    # Which method fills a slot, by the group of `_KINDS` that it has.
    _FILLERS: ClassVar[Mapping[str, Callable[[Teller, _Slot, str], str]]] = {
        "once": _once,
        "any": _any,
        "n": _total,
        "part": _part,
        "share": _share,
        "of": _share_of,
        "rate": _rate,
        "change": _amount,
        "last": _last_year,
        "zero": _zero,
        "none": _none,
        "cell": _cell,
    }


def _about(rng: Random, number: int, unit: str) -> str:
    """Return words for a number that hold it under the narrow reading of FIGURES.md."""
    if number < 200 or rng.random() < 0.25:
        return f"{number}{unit}"
    grain = 10 ** (len(str(number)) - 2)
    below = number // grain * grain
    if below == number:
        return f"{to_wan(number)}{unit}"
    above = below + grain
    return rng.choice(
        (
            f"{to_wan(below)}余{unit}",
            f"{to_wan(below)}多{unit}",
            f"近{to_wan(above)}{unit}",
            f"约{to_wan(number - number % (grain // 10 or 1))}{unit}",
            f"超过{to_wan(below)}{unit}",
            f"{to_wan(below)}{unit}以上",
            f"{to_wan(number, places=1) if number >= 10_000 else number}{unit}",
        )
    )
