"""Figures as other libraries see them: texts as JSON on stdin, figures as JSON on stdout.

``python peers_extract.py NAME < texts.json``. Runs in an environment of its own, which holds
these libraries and nothing of this project.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from importlib import metadata
from typing import Any

Figure = dict[str, Any]

_SCALES = {"": 1, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_SIMPLE = re.compile(
    r"(?P<about>约|近|超过|逾)?(?P<number>\d[\d,]*(?:\.\d+)?)(?P<scale>[百千万亿]?)(?P<more>余|多)?"
    r"(?P<unit>人次|条次|万元|元|%|[条件篇次个项场人份期家名户处])"
)
_NUMERAL = re.compile(
    r"[0-9.]*[0-9一二三四五六七八九十百千万亿零两][0-9.一二三四五六七八九十百千万亿零两]*"
)
_APPROX = {
    "约": "about",
    "近": "less",
    "超过": "at_least",
    "逾": "at_least",
    "余": "more",
    "多": "more",
}


def _figure(text: str, start: int, end: int, *, value: float, unit: str, approx: str) -> Figure:
    return {
        "start": start,
        "end": end,
        "text": text[start:end],
        "value": value,
        "unit": unit,
        "approx": approx,
    }


def simple_pattern(text: str) -> Iterator[Figure]:
    """Yield what a regular expression of the usual kind finds."""
    for match in _SIMPLE.finditer(text):
        value = float(match["number"].replace(",", "")) * _SCALES[match["scale"]]
        unit = match["unit"]
        if unit == "万元":
            value, unit = value * 10_000, "元"
        approx = _APPROX.get(match["about"] or match["more"] or "", "")
        yield _figure(text, *match.span(), value=value, unit=unit, approx=approx)


def cn2an_runs(text: str) -> Iterator[Figure]:
    """Yield every run of numerals that cn2an can convert; it has no search of its own."""
    import cn2an  # noqa: PLC0415

    for match in _NUMERAL.finditer(text):
        try:
            value = float(cn2an.cn2an(match[0], "smart"))
        except (ValueError, TypeError):
            continue
        yield _figure(text, *match.span(), value=value, unit="", approx="")


def jionlp_money(text: str) -> Iterator[Figure]:
    """Yield amounts of money, the only quantities that JioNLP extracts."""
    import jionlp  # noqa: PLC0415

    for found in jionlp.ner.extract_money(text, with_parsing=True):
        number = found["detail"]["num"]
        value = float(number[0] if isinstance(number, list) else number)
        yield _figure(text, *found["offset"], value=value, unit="元", approx="")


def recognizers(text: str) -> Iterator[Figure]:
    """Yield numbers and percentages of Recognizers-Text, the longest where two overlap."""
    from recognizers_number import recognize_number, recognize_percentage  # noqa: PLC0415

    found = [(r, "%") for r in recognize_percentage(text, "zh-cn")]
    taken = [(r.start, r.end) for r, _ in found]
    found += [
        (result, "")
        for result in recognize_number(text, "zh-cn")
        if not any(s <= result.start and result.end <= e for s, e in taken)
    ]
    for result, unit in sorted(found, key=lambda pair: pair[0].start):
        told = (result.resolution or {}).get("value")
        if told is not None:
            value = float(told.rstrip("%"))
            yield _figure(text, result.start, result.end + 1, value=value, unit=unit, approx="")


PEERS: dict[str, tuple[str, Callable[[str], Iterator[Figure]]]] = {
    "simple pattern": ("", simple_pattern),
    "cn2an": ("cn2an", cn2an_runs),
    "JioNLP": ("jionlp", jionlp_money),
    "Recognizers-Text": ("recognizers-text-number", recognizers),
}
"""Extractors by name, each with the distribution that it comes from."""


def main() -> None:
    """Read texts, and print the version of the library and its figures for each text."""
    package, extract = PEERS[sys.argv[1]]
    texts = json.load(sys.stdin)
    found = [list(extract(text)) for text in texts]
    version = metadata.version(package) if package else ""
    # Libraries greet on stdout; the answer is the last line.
    print()
    print(json.dumps({"version": version, "figures": found}))


if __name__ == "__main__":
    main()
