"""Quick constructors for the frozen classes that a report has hundreds of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields
from typing import Any, ParamSpec, Protocol, TypeVar, cast

__all__ = ["Changer", "changer", "maker"]

P = ParamSpec("P")
T = TypeVar("T")


class Changer(Protocol[T]):
    """What `dataclasses.replace` is, for one class."""

    def __call__(self, old: T, /, **new: object) -> T:
        """Return an object like `old` with other values of some fields."""


def maker(cls: Callable[P, T]) -> Callable[P, T]:
    """Return what makes the same objects as a frozen class with slots, faster.

    A frozen class is filled by a call for each field. Here an open class with the same slots is
    filled instead, and becomes the frozen one at the end: a cell of nine fields takes 0.27 µs, and
    1.24 µs through its own constructor.

    Parameters
    ----------
    cls
        A dataclass without inherited fields, factories of defaults, or ``__post_init__``.

    Examples
    --------
    >>> from mining.spans import Edit
    >>> maker(Edit)(raw_start=0, raw_end=2, start=0, end=1)
    Edit(raw_start=0, raw_end=2, start=0, end=1)
    """
    of_class: Any = cls
    names = [field.name for field in fields(of_class)]
    defaults = {f.name: f.default for f in fields(of_class) if f.default is not MISSING}
    # Written out, as `dataclasses` does it: a loop over the fields would cost what is saved.
    lines = [
        f"def make(*, {', '.join(names)}):",
        " made = draft()",
        *(f" made.{name} = {name}" for name in names),
        " made.__class__ = cls",
        " return made",
    ]
    known: dict[str, Any] = {"draft": _draft_of(of_class), "cls": cls}
    exec("\n".join(lines), known)  # noqa: S102 - of nothing but names of fields
    known["make"].__kwdefaults__ = defaults
    return cast("Callable[P, T]", known["make"])


def changer(cls: type[T]) -> Changer[T]:
    """Return what does for a frozen class with slots what `dataclasses.replace` does, faster.

    A report of sixteen fields takes 0.6 µs, and 3.8 µs there.

    Parameters
    ----------
    cls
        A dataclass that `maker` could make.

    Examples
    --------
    >>> from mining.spans import Edit
    >>> changer(Edit)(Edit(0, 2, 0, 1), start=1, end=2)
    Edit(raw_start=0, raw_end=2, start=1, end=2)
    """
    of_class: Any = cls
    lines = [
        "def change(old, /, **new):",
        " made = draft()",
        *(f" made.{field.name} = old.{field.name}" for field in fields(of_class)),
        # An unknown name is no slot of the draft.
        " for name, value in new.items():",
        "  setattr(made, name, value)",
        " made.__class__ = cls",
        " return made",
    ]
    known: dict[str, Any] = {"draft": _draft_of(of_class), "cls": cls}
    exec("\n".join(lines), known)  # noqa: S102 - of nothing but names of fields
    return cast("Changer[T]", known["change"])


def _draft_of(cls: type[Any]) -> type[Any]:
    return type("Draft", (), {"__slots__": cls.__slots__})
