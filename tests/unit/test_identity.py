"""Identities between cells: parsed, never run as code."""

import pytest

from mining.identity import IdentityError, parse_identity


def test_terms_keep_sign_and_order() -> None:
    identity = parse_identity("received + carried_in - withdrawn == total + carried_out")

    assert identity.left == ((1, "received"), (1, "carried_in"), (-1, "withdrawn"))
    assert identity.operator == "=="
    assert identity.right == ((1, "total"), (1, "carried_out"))


def test_a_leading_sign_and_tight_writing_are_read() -> None:
    assert parse_identity("-a+b<=c").left == ((-1, "a"), (1, "b"))


def test_groups_grow_to_their_members_only() -> None:
    identity = parse_identity("denied.* - a <= total").expand(
        ("denied.law", "denied_old", "a", "denied.safety", "total")
    )

    assert identity.terms == ("denied.law", "denied.safety", "a", "total")


def test_a_group_without_members_vanishes() -> None:
    assert parse_identity("a + b.* == c").expand(("a", "c")).left == ((1, "a"),)


@pytest.mark.parametrize(
    "text",
    [
        "", "a", "a = b", "a == b == c", "a ==", "== b", "a b == c", "a + == c", "a * b == c",
        "__import__('os') == a", "a == b)", "A == b", "a.*.b == c", "a + + b == c",
    ],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(IdentityError):
        parse_identity(text)
