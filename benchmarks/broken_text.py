"""Broken texts: odd numbers, signs and lines; and broken markup of pages and Word files."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

__all__ = ["MARKUP", "TEXT", "Change"]

Change = Callable[[Random, str], str]
"""A mutation of text."""

_NUMBER = re.compile(r"[0-9０-９]+(?:\.[0-9]+)?|[一二三四五六七八九十百千万亿两〇零]{1,9}")
_ODD_NUMBERS = (
    "0",
    "-1",
    "9" * 400,
    "1e999",
    "0.0000000000000000001",
    "١٢",
    "１２，３",
    "1,2,3,4",
    "亿亿亿",
    "十百千万",
    "九千九百九十九万亿零一",
    "三分之零",
    "0分之3",
    "12.34.56",
    "约近超10余",
    "10至",
    "至10",
    "100至3",
    "百分之",
    "%",
    "1.2万亿余",
    "2020年13月40日",
    "〔20〕",
)
_ODD_SIGNS = (
    "\u2028",
    "\ufeff",
    "\u200b",
    "\u0301" * 30,
    "\ue000",
    "\U0001f600",
    "\U000e0001",
    "\x0b",
    "\x0c",
    "\x85",
    "\0",
    "（" * 60,
    "）" * 60,
    "|" * 80,
    "\t" * 80,
    "、" * 60,
    "其中：" * 20,
    "，其中10件" * 40,
    "一是" * 30,
    "本年新收",
    "总计",
    "　" * 500,
    "=" * 3,
    "\u202e",
)
_TAG = re.compile(r"<[^<>]{1,400}>")
_ODD_ATTRIBUTES = (
    ' colspan="999999999"',
    ' rowspan="65534"',
    ' colspan="-1"',
    ' colspan="0" rowspan="0"',
    ' rowspan="１２"',
    ' rowspan=""',
    ' colspan="1e9"',
    ' style="display:none"',
    ' hidden="hidden"',
    ' w:val="99999999999999999999"',
    ' w:val="-1"',
    ' w:val=""',
    " id=1 id=2 ID=3",
    ' start="99999999999"',
    ' type="i" start="4000"',
    ' type="A" reversed',
    " x='&#0;&#xD800;&#x110000;'",
)
_ODD_MARKUP = (
    "&#0;",
    "&#xD800;",
    "&#x110000;",
    "&nope;",
    "&lt;",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?xml version='1.1'?>",
    "<!DOCTYPE x [<!ENTITY a 'b'>]>",
    "</table>",
    "<table>",
    "<tr>",
    "<td>" * 50,
    "<table><tr><td>" * 30,
    "<div>" * 150,
    "<b>" * 200,
    "</html>",
    "<meta charset=utf-16>",
    "<plaintext>",
    "<frameset>",
    "<ol start=-5><li><li>",
    "<a href='report.docx'>附件</a>",
)


def _numbers(rng: Random, text: str) -> str:
    share = rng.choice((0.01, 0.1, 0.5))
    return _NUMBER.sub(lambda m: rng.choice(_ODD_NUMBERS) if rng.random() < share else m[0], text)


def _signs(rng: Random, text: str) -> str:
    at = rng.randint(0, len(text))
    return text[:at] + rng.choice(_ODD_SIGNS) + text[at:]


def _lines(rng: Random, text: str) -> str:
    lines = text.split("\n")
    index = rng.randrange(len(lines))
    match rng.randrange(5):
        case 0:
            lines[index : index + 1] = lines[index : index + 1] * rng.choice((2, 20, 400))
        case 1:
            del lines[index : index + rng.choice((1, 3, 30))]
        case 2:
            rng.shuffle(lines)
        case 3:
            lines[index] = lines[index] * rng.choice((2, 30))
        case _:
            return text.replace(
                "\n", rng.choice(("", " ", "|", "\t", "\r")), rng.choice((1, 50, -1))
            )
    return "\n".join(lines)


def _swap(rng: Random, text: str) -> str:
    pairs = (
        ("，", "、"),
        ("。", ""),
        ("、", ""),
        ("件", "万件"),
        ("0", ""),
        ("\t", ""),
        ("；", "，"),
    )
    old, new = rng.choice(pairs)
    return text.replace(old, new, rng.choice((1, 20, -1)))


TEXT: tuple[Change, ...] = (_numbers, _numbers, _signs, _lines, _swap)
"""Mutations of any text; those that count more stand there more often."""


def _attributes(rng: Random, text: str) -> str:
    tags = [m for m in _TAG.finditer(text) if m[0][1] not in "/!?"]
    for tag in sorted(rng.sample(tags, min(len(tags), rng.choice((1, 5)))), key=lambda m: -m.end()):
        at = tag.end() - (2 if tag[0].endswith("/>") else 1)
        text = text[:at] + rng.choice(_ODD_ATTRIBUTES) + text[at:]
    return text


def _values(rng: Random, text: str) -> str:
    """Break numbers inside tags: spans, list levels, widths."""
    share = rng.choice((0.02, 0.3))
    return _TAG.sub(lambda m: _numbers(rng, m[0]) if rng.random() < share else m[0], text)


def _tags(rng: Random, text: str) -> str:
    tags = list(_TAG.finditer(text))
    if not tags:
        return text
    first, second = sorted((rng.choice(tags), rng.choice(tags)), key=lambda m: m.start())
    piece = text[first.start() : second.end()]
    match rng.randrange(4):
        case 0:
            return text[: first.start()] + text[first.end() :]
        case 1:
            return text[: first.start()] + text[second.end() :]
        case 2:
            n_copies = rng.choice((2, 5, 60)) if len(piece) < 20_000 else 2
            return text[: first.start()] + piece * n_copies + text[second.end() :]
        case _:
            at = rng.choice(tags).end()
            return text[:at] + piece + text[at:]


def _markup(rng: Random, text: str) -> str:
    at = rng.randint(0, len(text))
    return text[:at] + rng.choice(_ODD_MARKUP) + text[at:]


MARKUP: tuple[Change, ...] = (_attributes, _values, _tags, _tags, _markup, *TEXT)
"""Mutations of HTML and XML."""
