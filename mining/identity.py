"""Identities between cells, as a form writes them: ``a + b.* == c``, never evaluated as code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

__all__ = ["Identity", "IdentityError", "parse_identity"]

Operator = Literal["==", "<=", ">="]
_OPERATORS: dict[str, Operator] = {"==": "==", "<=": "<=", ">=": ">="}
_TERM = re.compile(r"\s*([+-]?)\s*([a-z0-9_]+(?:\.[a-z0-9_]+)*(?:\.\*)?)")
_OPERATOR = re.compile(r"\s*(==|<=|>=)\s*")


class IdentityError(ValueError):
    """The text is no identity."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Signed terms on both sides of an operator; a term is a row, column or cell key.

    A term that ends in ``.*`` stands for all keys of that group.
    """

    left: tuple[tuple[int, str], ...]
    operator: Operator
    right: tuple[tuple[int, str], ...]
    text: str

    def expand(self, keys: tuple[str, ...]) -> Identity:
        """Return the identity with every group replaced by the members among `keys`."""
        return Identity(
            _expand(self.left, keys), self.operator, _expand(self.right, keys), self.text
        )

    @property
    def terms(self) -> tuple[str, ...]:
        """Keys of both sides, in order."""
        return tuple(key for _, key in self.left + self.right)


def _expand(
    side: tuple[tuple[int, str], ...], keys: tuple[str, ...]
) -> tuple[tuple[int, str], ...]:
    out: list[tuple[int, str]] = []
    for sign, key in side:
        if key.endswith(".*"):
            out.extend((sign, k) for k in keys if k.startswith(key[:-1]))
        else:
            out.append((sign, key))
    return tuple(out)


def parse_identity(text: str) -> Identity:
    """Parse an identity such as ``received + carried_in == total + carried_out``.

    Raises
    ------
    IdentityError
        When the text does not follow the grammar.

    Examples
    --------
    >>> parse_identity("a + b.* == c").terms
    ('a', 'b.*', 'c')
    """
    parts = _OPERATOR.split(text)
    if len(parts) != 3:
        msg = f"expected one of == <= >= in {text!r}"
        raise IdentityError(msg)
    left, operator, right = parts
    return Identity(_parse_side(left), _OPERATORS[operator], _parse_side(right), text)


def _parse_side(text: str) -> tuple[tuple[int, str], ...]:
    terms: list[tuple[int, str]] = []
    position = 0
    while position < len(text.rstrip()):
        match = _TERM.match(text, position)
        if match is None or (terms and not match[1]):
            msg = f"can't read {text[position:].strip()!r} as a term"
            raise IdentityError(msg)
        terms.append((-1 if match[1] == "-" else 1, match[2]))
        position = match.end()
    if not terms:
        msg = "one side is empty"
        raise IdentityError(msg)
    return tuple(terms)
