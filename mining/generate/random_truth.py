"""Random reports: invented agencies, numbers that add up, sentences of many kinds, known errors.

The same seed gives the same report on every machine and in every process. Wording is our own and
stands in ``sentences.toml``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from mining.generate.faults import (
    FORM_FAULTS,
    SLIPS,
    TABLE_FAULTS,
    FormFaults,
    TableFaults,
    plant_form_faults,
    plant_named_faults,
    plant_table_faults,
)
from mining.generate.numbers import Values, derived_values, draw_values, table_truth
from mining.generate.offices import Place, draw_place, texts
from mining.generate.sentences import Teller
from mining.generate.truth import FindingTruth, SectionTruth, TableTruth, Truth
from mining.numerals import to_chinese

__all__ = ["FAULTS", "FORMS", "Draft", "random_truth"]

FORMS = ("2008", "2014", "2019", "2021")
"""Templates that random reports follow."""

_YEARS = {"2008": (2008, 2013), "2014": (2014, 2018), "2019": (2019, 2020), "2021": (2021, 2024)}
_STYLES = ("tab", "tab", "line-blanks-kept", "line-blanks-missing", "pipe", "spaces")
_LAYOUTS = {
    "2008": (),
    "2014": ("indicators",),
    "2019": ("disclosure-2019", "applications-2019", "litigation"),
    "2021": ("disclosure-2021", "applications-2021", "litigation"),
}
_BLANKS = FindingTruth(rule="table-value", status="suspect", note="没有填0，留了空白")
_LIES = ("narrative-table", "narrative-none", "narrative-percent", "narrative-parts")
_LIES_BY_FAULT = {
    **dict.fromkeys(SLIPS, "narrative-table"),
    "none-for-number": "narrative-none",
    "number-for-none": "narrative-none",
    "wrong-share": "narrative-percent",
    "part-too-large": "narrative-parts",
    "wrong-growth": "narrative-growth",
}
FAULTS = (
    *(f"table/{name}" for name in TABLE_FAULTS),
    *(f"form/{name}" for name in (*FORM_FAULTS, "template")),
    *(f"text/{name}" for name in (*_LIES_BY_FAULT, "told-twice") if name != "wrong-growth"),
)
"""Names of single errors that can be asked for: where they stand, and their kind."""
_TOPICS = ("disclosure", "requests", "management", "platform", "supervision")


def random_truth(
    seed: int,
    *,
    form: str | None = None,
    year: int | None = None,
    n_faults: int | None = None,
    fault: str = "",
) -> Truth:
    """Return the truth of one random report.

    Parameters
    ----------
    seed
        Names the report too: ``r0000042``.
    form
        One of `FORMS`; any of them when ``None``.
    year
        Of the report; one that fits the form when ``None``.
    n_faults
        How many errors to try to plant (not every report has a place for every error); half of
        the reports are clean when ``None``.
    fault
        One of `FAULTS`: the only error to try to plant, in place of `n_faults`.

    Examples
    --------
    >>> random_truth(7) == random_truth(7), random_truth(7).title == random_truth(8).title
    (True, False)
    """
    rng = Random(f"report/{seed}")
    form = "2019" if fault == "form/template" else form or rng.choice(FORMS)
    late = form == "2019" and (rng.random() < 0.04 or fault == "form/template")
    year = year or rng.randint(*((2021, 2023) if late else _YEARS[form]))
    wanted = rng.choice((0, 0, 0, 1, 2, 3)) if n_faults is None else n_faults
    draft = Draft(
        rng, form, year, place=draw_place(rng), wanted=0 if fault else wanted, fault=fault
    )
    return draft.truth(f"r{seed:07}")


class Draft:
    """Draws one report piece by piece, in the order of the page.

    Parameters
    ----------
    rng, form, year, place
        Where chance comes from, and who reports on which year on which form.
    wanted, fault
        How many errors to try to plant, or the name of the only one (`FAULTS`, or
        ``text/wrong-growth``).
    values
        The numbers of the tables; drawn when ``None``.
    last
        Last year's numbers by address, for a report of a series; sentences that compare make
        them up when ``None``.
    """

    def __init__(
        self,
        rng: Random,
        form: str,
        year: int,
        *,
        place: Place,
        wanted: int = 0,
        fault: str = "",
        values: Values | None = None,
        last: Values | None = None,
    ) -> None:
        self.rng = rng
        self.form = form
        self.year = year
        self.is_old = form in ("2008", "2014")
        self.place = place
        self.where, _, self.fault = fault.partition("/")
        self.growth = () if last is None else ("old_growth" if self.is_old else "growth",)
        kinds = [rng.choice(("table", "form", "lie", "lie")) for _ in range(wanted)]
        self.values: Values = draw_values(rng, form) if values is None else values
        self.table_faults = self._table_faults(kinds.count("table"))
        self.faults: FormFaults = plant_form_faults(
            rng,
            year=year,
            agency=self.place.agency,
            other_agency=self._neighbour(),
            is_old=self.is_old,
            wanted="form" in kinds,
            kind=self.fault if self.where == "form" and self.fault in FORM_FAULTS else "",
        )
        words = self._words()
        lies = set(rng.sample(_LIES, min(kinds.count("lie"), len(_LIES))))
        slip = self.fault if self.fault in (*SLIPS, "number-for-none") else ""
        if self.where == "text" and self.fault in _LIES_BY_FAULT:
            lies = {_LIES_BY_FAULT[self.fault]}
        self.teller = Teller(
            rng=rng,
            values=self.values | derived_values(self.values),
            words=words,
            printed=bool(_LAYOUTS[form]),
            lies=lies,
            slip=slip if self.where == "text" else "",
            last={a: int(v) for a, v in (last or {}).items()},
            knows_last=last is not None,
        )
        if self.fault == "told-twice":
            self.teller.told.add("published")

    def _table_faults(self, count: int) -> TableFaults:
        if self.where == "table":
            names = (self.fault,) if _LAYOUTS[self.form] else ()
            return plant_named_faults(self.values, self.rng, names=names)
        n_table = count if _LAYOUTS[self.form] else 0
        return plant_table_faults(self.values, self.rng, count=n_table)

    def _neighbour(self) -> str:
        """Return another office, or another town, of the county, whose report may be copied."""
        if self.place.level == "township":
            towns: dict[str, list[str]] = texts()["places"]
            return self.rng.choice(towns["first"]) + self.rng.choice(towns["second"]) + "镇人民政府"
        offices: list[str] = texts()["agencies"]["county"]
        names = [self.place.region + o for o in offices if "人民政府" not in o]
        return self.rng.choice([n for n in names if n != self.place.agency])

    def _words(self) -> dict[str, str]:
        rng = self.rng
        return {
            "agency": self.place.agency,
            "region": self.place.region,
            "self": self.place.own,
            "year": str(self.year),
            "last": str(self.year - 1),
            "period": str(self.faults.period),
            "phone": f"0{rng.randint(310, 998)}-{rng.randint(2000000, 8999999)}",
            "postcode": str(rng.randint(110000, 699999)),
            "house": str(rng.randint(1, 280)),
        }

    def truth(self, name: str) -> Truth:
        """Return the finished truth."""
        rng = self.rng
        title = self.teller.fill_words(rng.choice(texts()["titles"]["texts"])).split("|")
        sections = tuple(self._sections())
        style = rng.choice(_STYLES)
        tables = self._tables(style)
        findings = (
            *self.table_faults.findings,
            *self.faults.findings,
            *self.teller.findings,
            *self._late_form(),
            *(_BLANKS for table in tables.values() if not table.fill),
        )
        return Truth(
            name=name,
            form=self.form,
            style=style,
            agency=self.place.agency,
            region=self.place.region,
            level=self.place.level,
            year=self.year,
            title=tuple(title),
            sections=sections,
            tables=tables,
            findings=self._due(findings),
            encoding=rng.choice(("utf-8",) * 6 + ("gb18030", "utf-8-sig")),
            crlf=rng.random() < 0.15,
            indent=rng.choice(("", "", "　　", "  ")),
        )

    def _due(self, findings: Sequence[FindingTruth]) -> tuple[FindingTruth, ...]:
        """Leave out findings about cells of a table that is not printed."""
        lost = f"{self.faults.lost}."
        return tuple(f for f in findings if not (len(lost) > 1 and f.cell.startswith(lost)))

    def _late_form(self) -> Iterator[FindingTruth]:
        if self.form == "2019" and self.year > _YEARS["2019"][1]:
            note = f"{self.year}年的报告仍用2019年式样的表"
            yield FindingTruth(rule="form-template", note=note, fault="old-template")

    def _tables(self, style: str) -> dict[str, TableTruth]:
        # Blanks that the style loses, or that hide a sum, leave no truth to find.
        keeps_blanks = (
            style not in ("line-blanks-missing", "spaces") and not self.table_faults.findings
        )
        fill = "" if keeps_blanks and self.rng.random() < 0.08 else "0"
        return {
            layout.partition("-")[0]: table_truth(
                layout, self.values, printed=self.table_faults.printed, fill=fill
            )
            for layout in _LAYOUTS[self.form]
        }

    def _sections(self) -> Iterator[SectionTruth]:
        rng, wording = self.rng, texts()
        preface = [rng.choice(wording["preface"]["texts"])]
        yield SectionTruth(key="preface", body=self.teller.fill_words("\n".join(preface)))
        heads = wording["heads"]["old" if self.is_old else "sections"]
        bodies = self._old_bodies() if self.is_old else self._bodies()
        if self.fault == "told-twice" and not self.is_old:
            self._tell_twice(bodies)
        there = [head for head in heads if head[0] != self.faults.lost]
        for number, ((key, *headings), body) in enumerate(
            ((head, bodies[head[0]]) for head in there), start=1
        ):
            heading = rng.choice(headings).partition("、")[2]
            signed = number == len(there) and rng.random() < 0.7
            yield SectionTruth(
                key=key,
                heading=f"{to_chinese(number)}、{heading}",
                body=body + (self._signature() if signed or self._must_sign(number, there) else ""),
            )
        if self.form == "2014":
            heading = rng.choice(wording["heads"]["attachment"])
            yield SectionTruth(key="attachment", heading=heading, body="@indicators")

    def _must_sign(self, number: int, there: Sequence[object]) -> bool:
        return number == len(there) and self.faults.signature != self.place.agency

    def _signature(self) -> str:
        day = f"{self.year + 1}年{self.rng.randint(1, 3)}月{self.rng.randint(5, 28)}日"
        return f"\n\n{self.faults.signature}\n{day}"

    def _bodies(self) -> dict[str, str]:
        """Return the body of every section; the overview is told first."""
        overview = _lines(*self._grown(), self._overview())
        requests = self._some("requests_section", 1)
        return {
            "overview": overview,
            "disclosure": "@disclosure",
            "applications": _lines(*requests, "@applications"),
            "litigation": _lines("@litigation", *self._some("litigation", 1)),
            "problems": self._problems(),
            "other": _lines(*self._some("other", 1)),
        }

    def _old_bodies(self) -> dict[str, str]:
        rng = self.rng
        return {
            "overview": _lines(
                *self._grown(),
                *self._some("intro", 1),
                "".join(self._some("old_overview", rng.randint(1, 4))),
            ),
            "disclosure": _lines(
                "".join(self._old_disclosure()),
                *self._some("platform", rng.randint(0, 2)),
            ),
            "applications": _lines("".join(self._some("old_requests", rng.randint(1, 3)))),
            "fees": _lines(*self._some("old_fees", 1)),
            "litigation": _lines(*self._some("old_litigation", 1)),
            "problems": self._problems(),
        }

    def _grown(self) -> list[str]:
        """Compare with last year, where the report of last year is there to compare with."""
        return [line for group in self.growth for line in self._some(group, 2)]

    def _old_disclosure(self) -> list[str]:
        """Without a table the total may have parts of its own."""
        if self.form == "2008":
            return self._some("free_disclosure", 1)
        return self._some("old_disclosure", self.rng.randint(1, 4))

    def _some(self, group: str, count: int) -> list[str]:
        """Tell up to `count` sentences of a group that hold, in random order."""
        out: list[str] = []
        there = texts()[group]["texts"]
        order = self.rng.sample(there, len(there))
        if self.where == "text":
            order.sort(key=lambda t: not self.teller.can_lie(t))
        for template in order:
            if len(out) == count:
                break
            if self.teller.can_tell(template):
                out.append(self.teller.tell(template))
        return out

    def _overview(self) -> str:
        rng = self.rng
        lines = self._some("intro", 1)
        shape = rng.choice(("run-in", "run-in", "own-line", "digits", "yishi", "plain"))
        topics = zip(texts()["heads"]["topics"], _TOPICS, strict=True)
        for number, (names, group) in enumerate(topics, start=1):
            told = self._some(group, rng.randint(1, 4))
            lines += _topic(shape, number, rng.choice(names), "".join(told))
        return _lines(*lines)

    def _tell_twice(self, bodies: dict[str, str]) -> None:
        """Tell a number that no table holds in two sections, not the same way."""
        number = self.rng.randint(60, 4000)
        wrong = number + self.rng.choice((1, 10, 90))
        first, second = texts()["twice"]["texts"]
        bodies["overview"] += "\n" + self.teller.fill_words(first).replace("{#}", f"{{{number}条}}")
        bodies["problems"] = (
            self.teller.fill_words(second).replace("{#}", f"{{{wrong}条}}")
            + "\n"
            + bodies["problems"]
        )
        note = f"先写{number}条，后写{wrong}条"
        found = FindingTruth(rule="narrative-conflict", note=note, fault=self.fault)
        self.teller.findings.append(found)

    def _problems(self) -> str:
        rng, told = self.rng, texts()["problems"]
        shape = rng.choice(("yishi", "digits", "plain"))
        lead, fixes = rng.choice(told["lead"]), rng.choice(told["fixes_lead"])
        wrong = rng.sample(told["texts"], rng.randint(2, 4))
        done = rng.sample(told["fixes"], rng.randint(2, 4))
        body = _lines(*_listed(shape, lead, wrong), *_listed(shape, fixes, done))
        return self.teller.fill_words(body)


def _lines(*lines: str) -> str:
    return "\n".join(line for line in lines if line)


def _topic(shape: str, number: int, name: str, text: str) -> list[str]:
    """Return a topic of the overview with its sub-heading in one of the usual shapes."""
    match shape:
        case "run-in":
            return [f"（{to_chinese(number)}）{name}。{text}"]
        case "own-line":
            return [f"（{to_chinese(number)}）{name}", text]
        case "digits":
            return [f"{number}.{name}。{text}"]
        case "yishi":
            return [f"{to_chinese(number)}是{name}。{text}"]
    return [text]


def _listed(shape: str, lead: str, points: Sequence[str]) -> list[str]:
    match shape:
        case "yishi":
            told = "；".join(f"{to_chinese(n)}是{p}" for n, p in enumerate(points, start=1))
            return [f"{lead}{told}。"]
        case "digits":
            return [lead, *(f"{n}.{p}。" for n, p in enumerate(points, start=1))]
    return [f"{lead}{'；'.join(points)}。"]
