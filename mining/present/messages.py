"""A finding in words, Chinese or English, from templates that are data."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from string import Formatter
from typing import Literal

from mining.finding import Finding
from mining.report import Provenance

__all__ = [
    "FORMULA_TOKEN",
    "Lang",
    "Wording",
    "load_wording",
    "plain_number",
    "plain_value",
    "word_failure",
    "word_finding",
    "word_formula",
    "word_place",
    "word_rule_titles",
]

Lang = Literal["zh", "en"]

FORMULA_TOKEN = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+|==|<=|>=|[-+=()]|[^\s=<>+()-]+|[<>]")
"""One address, operator, parenthesis or other word of a formula."""

_OPERATORS = {"==": "=", "<=": "≤", ">=": "≥", "-": "−", "*": "×", "/": "÷"}
_PLACE = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+")
_INTERVAL = re.compile(r"([\[(])(-?[\d.]+|-∞), (-?[\d.]+|∞)([\])])")
_DECIMAL = re.compile(r"-?\d+\.\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """All words of one language: templates by rule and status, and names of everything shown.

    `failures` and `details` say why a file can't be read, by code and by the English reason.
    `templates` and `fallback` give, for a status, wordings from the richest to the plainest.
    """

    titles: Mapping[str, str]
    statuses: Mapping[str, str]
    severities: Mapping[str, str]
    sections: Mapping[str, str]
    tables: Mapping[str, str]
    roles: Mapping[str, str]
    reasons: Mapping[str, str]
    failures: Mapping[str, str]
    details: Mapping[str, str]
    formula_words: Mapping[str, str]
    fallback: Mapping[str, Sequence[str]]
    templates: Mapping[str, Mapping[str, Sequence[str]]]
    ui: Mapping[str, str]


@lru_cache(maxsize=4)
def load_wording(lang: Lang = "zh") -> Wording:
    """Return the words of a language.

    Raises
    ------
    FileNotFoundError
        When there is no such language.

    Examples
    --------
    >>> load_wording("zh").statuses["suspect"]
    '存疑'
    """
    source = files("mining") / "data" / f"messages.{lang}.toml"
    return Wording(**tomllib.loads(source.read_text(encoding="utf-8")))


def word_rule_titles(lang: Lang = "zh") -> Mapping[str, str]:
    """Return a short title for each rule id.

    Examples
    --------
    >>> word_rule_titles()["narrative-percent"]
    '占比'
    """
    return load_wording(lang).titles


def word_finding(
    finding: Finding, *, lang: Lang = "zh", labels: Mapping[str, str] | None = None
) -> str:
    """Tell a finding in one or two sentences; unknown rules and reasons get a general wording.

    Parameters
    ----------
    finding
        What a rule found.
    lang
        ``zh`` or ``en``.
    labels
        What the form calls each address (``Form.labels``); one that it lacks stands for itself.
    """
    wording = load_wording(lang)
    fields = _Fields(finding, labels or {}, wording)
    by_status = wording.templates.get(finding.rule, wording.fallback)
    choices = by_status.get(finding.status) or wording.fallback.get(finding.status, ())
    text = ""
    for template in choices:
        for name in _names(template):
            if not fields[name]:
                break
        else:
            text = template.format_map(fields)
            break
    text = text or finding.quote
    reason = _word_reason(finding, wording)
    if not (text and reason):
        return text or reason
    return f"{text}{reason}" if lang == "zh" else f"{text} {reason}"


def _word_reason(finding: Finding, wording: Wording) -> str:
    """Return the sentence of the reason; a reason without one says that a person should look."""
    if not finding.reason or finding.status == "consistent":
        return ""
    known = wording.reasons.get(finding.reason)
    if known is not None:
        return known
    return wording.reasons["other"] if finding.status != "mismatch" else ""


class _Fields(dict[str, str]):
    """What a wording may name of a finding, made when asked for: few name more than two or three.

    A field that is neither of `_FIELDS` nor a parameter of the finding is empty.
    """

    def __init__(self, finding: Finding, labels: Mapping[str, str], wording: Wording) -> None:
        super().__init__()
        self.finding, self.labels, self.wording = finding, labels, wording

    def __missing__(self, name: str) -> str:
        make = _FIELDS.get(name)
        self[name] = value = self._param(name) if make is None else make(self)
        return value

    def _param(self, name: str) -> str:
        for key, value in self.finding.params:
            if key == name:
                told = self.label(value)
                return self.wording.sections.get(told, told) if name == "section" else told
        return ""

    @property
    def difference(self) -> str:
        """The difference with its sign, empty when there is none."""
        difference = self.finding.difference
        return "" if difference is None else plain_number(difference)

    def label(self, address: str | None) -> str:
        """Return what the form calls an address; what it does not know stands for itself."""
        return self.labels.get(address, address) if address else ""


# These count before parameters of the same name.
_FIELDS: dict[str, Callable[[_Fields], str]] = {
    "stated": lambda fields: plain_value(fields.finding.stated),
    "expected": lambda fields: plain_value(fields.finding.expected),
    "difference": lambda fields: fields.difference,
    "gap": lambda fields: fields.difference.removeprefix("-"),
    "cell": lambda fields: fields.label(fields.finding.cell),
    "column": lambda fields: fields["cell"].rpartition("·")[2] if "·" in fields["cell"] else "",
    "formula": lambda fields: word_formula(
        fields.finding.formula, labels=fields.labels, words=fields.wording.formula_words
    ),
    "quote": lambda fields: " ".join(fields.finding.quote.split()),
    "scope": lambda fields: fields.label(fields.finding.scope),
}


def word_failure(code: str, message: str, *, lang: Lang = "zh") -> str:
    """Tell why a file can't be read; a reason that has no wording stands as it is.

    Examples
    --------
    >>> word_failure("E104", "70 bytes, the limit is 60", lang="zh").partition("。")[0]
    '文件有 70 字节，上限是 60 字节，没有读取'
    >>> word_failure("E102", "the file is empty", lang="en")
    'the file is empty'
    """
    for pattern, told in _details(lang):
        match = pattern.fullmatch(message)
        if match is not None:
            return told.format(*match.groups())
    return load_wording(lang).failures.get(code, "{message}").format(message=message)


@lru_cache(maxsize=4)
def _details(lang: Lang) -> tuple[tuple[re.Pattern[str], str], ...]:
    details = load_wording(lang).details.items()
    return tuple((re.compile(re.escape(k).replace(r"\*", "(.+?)")), told) for k, told in details)


def word_place(place: Provenance | None, *, wording: Wording) -> str:
    """Return the page, else the path of the element, for people; empty where nothing is known.

    Examples
    --------
    >>> word_place(Provenance(page=3), wording=load_wording("zh"))
    '第3页'
    >>> word_place(Provenance(path="(//td)[12]"), wording=load_wording("en"))
    '(//td)[12]'
    """
    if place is None:
        return ""
    return wording.ui["page"].format(n=place.page) if place.page is not None else place.path


@lru_cache(maxsize=1024)
def _names(template: str) -> tuple[str, ...]:
    """Return the names of a template's fields."""
    return tuple(name for _, name, _, _ in Formatter().parse(template) if name)


def plain_number(value: object) -> str:
    """Return a number as people write it: no exponent, no needless zeros.

    Examples
    --------
    >>> from decimal import Decimal
    >>> plain_number(Decimal("1E+2")), plain_number(Decimal("33.90")), plain_number(-2)
    ('100', '33.9', '-2')
    """
    if type(value) is int:
        return str(value)
    text = f"{value:f}" if hasattr(value, "as_tuple") else str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def plain_value(text: str) -> str:
    """Return what is stated or expected as people write it; other text stays as it is.

    Examples
    --------
    >>> plain_value("(600, 700)"), plain_value("[5000, ∞)"), plain_value("减4")
    ('600～700', '≥5000', '减4')
    """
    if "," not in text and "." not in text:
        return text  # a whole number, most often
    match = _INTERVAL.fullmatch(text)
    if match is None:
        return plain_number(text) if _DECIMAL.fullmatch(text) else text
    opening, low, high, closing = match.groups()
    if "∞" not in text:
        return f"{low}～{high}"
    if low == "-∞":
        return f"{'<' if closing == ')' else '≤'}{high}"
    return f"{'>' if opening == '(' else '≥'}{low}"


def word_formula(
    formula: str, *, labels: Mapping[str, str], words: Mapping[str, str] | None = None
) -> str:
    """Return a formula with labels for addresses and usual signs for operators.

    `words` stand for stretches of the formula that are no addresses (``Wording.formula_words``).

    Examples
    --------
    >>> word_formula("a.b.c == a.b.d + a.b.e", labels={"a.b.c": "总计", "a.b.d": "新收"})
    '总计 = 新收 + a.b.e'
    """
    for code, word in (words or {}).items():
        formula = formula.replace(code, word)
    tokens = FORMULA_TOKEN.findall(formula)
    told = [labels.get(t, t) if _PLACE.fullmatch(t) else _OPERATORS.get(t, t) for t in tokens]
    return " ".join(told).replace("( ", "(").replace(" )", ")")
