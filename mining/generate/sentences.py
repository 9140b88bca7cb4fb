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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from random import Random
from typing import ClassVar

from mining.generate.faults import slip_value
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
_FAMILY = (
    "applications.received.total",
    "applications.total.total",
    "derived.accepted",
    "derived.handled",
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
        ``narrative-none``, ``narrative-percent``, ``narrative-parts``, ``narrative-growth``.
    slip
        Kind of the wrong numbers, one of `mining.generate.faults.SLIPS`; any when empty.
    findings
        What is wrong with the sentences told so far.
    told
        Addresses that sentences have spoken of.
    last
        Last year's numbers by address; made up when first asked for.
    knows_last
        Whether `last` is all there is to compare with, so that nothing is made up.
    """

    rng: Random
    values: Mapping[str, int | Decimal]
    words: Mapping[str, str]
    printed: bool = True
    lies: set[str] = field(default_factory=set)
    slip: str = ""
    findings: list[FindingTruth] = field(default_factory=list)
    told: set[str] = field(default_factory=set)
    last: dict[str, int] = field(default_factory=dict)
    knows_last: bool = False
    _parts: list[int] = field(default_factory=list)

    def fill_words(self, text: str) -> str:
        """Return `text` with its ``<name>`` filled in."""
        return _WORD.sub(lambda match: self.words[match[1]], text)

    def can_tell(self, template: str) -> bool:
        """Tell whether every slot of a template holds and its cells have not been told."""
        return all(slot is None or self._holds(slot) for _, slot in _parse(template))

    def can_lie(self, template: str) -> bool:
        """Tell whether a sentence has a place for a lie that is still to be told."""
        kinds = {name for _, slot in _parse(template) if slot for name in slot}
        if self.slip == "unit-slip":
            return "万元" in template and "cell" in kinds
        if self.slip == "number-for-none":
            return "zero" in kinds
        wanted = {"narrative-none": "none", "narrative-percent": "share", "narrative-parts": "n"}
        places = {wanted.get(lie, "cell") for lie in self.lies - {"narrative-growth"}}
        if "narrative-growth" in self.lies:
            places |= {"rate", "change", "last"}
        return bool(places & kinds)

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
            lie = lie and self.slip != "number-for-none"
            return lie or not self.values.get(slot["none"])
        if slot.keys() & {"rate", "change", "last"}:
            return self._can_compare(slot, addresses)
        return all(self.values.get(a) for a in addresses)

    def _can_compare(self, slot: _Slot, addresses: Sequence[str]) -> bool:
        if self.knows_last and not self.last.keys() >= set(addresses):
            return False
        if "last" in slot:
            return all(self.values.get(a) for a in addresses)
        return all(self.values.get(a) and self._change(a) and self.last[a] for a in addresses)

    def _fill(self, slot: _Slot, template: str) -> str:
        fill = next(fill for name, fill in self._FILLERS.items() if name in slot)
        return fill(self, slot, template)

    def _address(self, address: str, also: str = "") -> str:
        return address + also if self.printed else ""

    def _wrong(self, rule: str, cell: str, note: str, fault: str = "") -> None:
        self.lies.discard(rule)
        self.findings.append(FindingTruth(rule=rule, cell=cell, note=note, fault=fault))

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
            note = f"各部分之和大于总数{total}"
            self._wrong("narrative-parts", "", note, "part-too-large")
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
            note = f"应为{share}%，正文写{wrong}%"
            self._wrong("narrative-percent", "", note, "wrong-share")
            share = wrong
        return _mark(f"{share}%")

    def _change(self, address: str) -> int:
        """Return this year's number minus last year's, which is made up when first asked for."""
        now = int(self.values[address])
        if address not in self.last:
            self.last[address] = max(1, round(now * self.rng.uniform(0.6, 1.6)))
        return now - self.last[address]

    def _amount(self, slot: _Slot, _template: str) -> str:
        change = self._change(slot["change"])
        unit, attributes = _unit(slot["change_unit"])
        word = self.rng.choice(("增加", "多") if change > 0 else ("减少", "少"))
        if "narrative-growth" in self.lies:
            self._wrong_growth(slot["change"], f"{change:+}", "wrong-change")
            change += self.rng.choice((2, 3)) if change > 0 else -2
        return word + _mark(f"{abs(change)}{unit}", "change", attributes)

    def _wrong_growth(self, address: str, right: str, fault: str) -> None:
        self._wrong("narrative-growth", address, f"按上年报告应为{right}", fault)

    def _rate(self, slot: _Slot, _template: str) -> str:
        change = self._change(slot["rate"])
        rate = Decimal(abs(change) * 100) / self.last[slot["rate"]]
        word = self.rng.choice(("增长", "上升") if change > 0 else ("下降", "减少"))
        if "narrative-growth" in self.lies:
            self._wrong_growth(slot["rate"], f"{rate:.1f}%", "wrong-rate")
            rate += 8
        return word + _mark(f"{rate.quantize(Decimal('0.1'), ROUND_HALF_UP)}%", "change")

    def _last_year(self, slot: _Slot, _template: str) -> str:
        self._change(slot["last"])
        unit, attributes = _unit(slot["last_unit"])
        number = self.last[slot["last"]]
        if "narrative-growth" in self.lies:
            self._wrong_growth(slot["last"], f"{number}", "wrong-last-number")
            number += self.rng.choice((1, 3, 20))
        return _mark(f"{number}{unit}", "last_year", attributes)

    def _zero(self, slot: _Slot, _template: str) -> str:
        unit, attributes = _unit(slot["zero_unit"])
        if self.printed and self.slip == "number-for-none" and "narrative-none" in self.lies:
            number = self.rng.randint(1, 4)
            note = f"正文写{number}，表中为0"
            self._wrong("narrative-none", slot["zero"], note, self.slip)
            return _mark(f"{number}{unit}", slot["zero"], attributes)
        return _mark(f"0{unit}", self._address(slot["zero"]), attributes)

    def _none(self, slot: _Slot, _template: str) -> str:
        address = slot["none"]
        if self.values.get(address):
            note = f"正文称没有，表中为{self.values[address]}"
            self._wrong("narrative-none", address, note, "none-for-number")
        words, attributes = _unit(slot["words"])
        return _mark(words, address, "none", attributes) if self.printed else words

    def _cell(self, slot: _Slot, template: str) -> str:
        unit, attributes = _unit(slot["unit"])
        address = slot["cell"].removeprefix("~")
        value = self.values[address]
        mark = (self._address(address, slot.get("also", "")), attributes)
        if slot["cell"].startswith("~"):
            return _mark(_about(self.rng, int(value), unit), *mark)
        if self.slip and self._may_lie(attributes, template):
            return self._slipped(address, unit, *mark)
        if self._may_lie(attributes, template):
            value = self._other_value(address)
            self._wrong("narrative-table", address, f"正文写{value}，表中为{self.values[address]}")
        return _mark(f"{value}{unit}", *mark)

    def _may_lie(self, attributes: str, template: str) -> bool:
        """Tell whether a wrong number here breaks nothing but the claim itself."""
        alone = not attributes and "part" not in template and "^" not in template
        return self.printed and "narrative-table" in self.lies and alone and "%" not in template

    def _slipped(self, address: str, unit: str, *mark: str) -> str:
        """Tell a wrong number of the kind that is asked for, or the right one if there is none."""
        value = self.values[address]
        told = slip_value(self.slip, address, self.values, self.rng)
        other_unit = "元" if self.slip == "unit-slip" and unit == "万元" else unit
        if told is None or self._is_right(address, told, same_unit=other_unit == unit):
            return _mark(f"{value}{unit}", *mark)
        note = f"正文写{told}{other_unit}，表中为{value}{unit}"
        self._wrong("narrative-table", address, note, self.slip)
        return _mark(f"{told}{other_unit}", *mark)

    def _is_right(self, address: str, told: int | Decimal, *, same_unit: bool) -> bool:
        """Tell whether a number would be true of some cell that the words may mean."""
        if not same_unit:
            return False
        if self.slip != "part-for-total":
            return told <= 0 or told in self._taken()
        family = _FAMILY if address in _FAMILY else (address,)
        return told <= 0 or told in {self.values.get(a) for a in family}

    def _taken(self) -> set[int | Decimal]:
        """Return the numbers that a sentence might as well mean."""
        taken = {v for a, v in self.values.items() if a.endswith((".total", ".count"))}
        return taken | {
            v for a, v in self.values.items() if a.startswith(("derived.", "disclosure."))
        }

    def _other_value(self, address: str) -> int | Decimal:
        """Return a number that no cell which the words may mean holds."""
        value, taken = self.values[address], self._taken()
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
