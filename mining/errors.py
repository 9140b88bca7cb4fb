"""Exceptions: one per concept, each with a code, the file and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = [
    "FormError",
    "FormProblem",
    "LayerError",
    "MiningError",
    "MissingExtraError",
    "OutputError",
    "ReadError",
    "SettingsError",
    "StudyError",
    "WorkerError",
]


class MiningError(Exception):
    """Base of all errors that the toolkit raises on purpose.

    Parameters
    ----------
    message
        What went wrong, in one sentence.
    code
        Stable code such as ``E101``.
    path
        The file it happened to, if any.
    hint
        What the user can do about it.
    """

    def __init__(
        self, message: str, *, code: str = "E000", path: str | Path | None = None, hint: str = ""
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.path = None if path is None else str(path)
        self.hint = hint

    def __str__(self) -> str:
        """Return code, file, message and hint as one line."""
        where = f"{self.path}: " if self.path else ""
        hint = f" — {self.hint}" if self.hint else ""
        return f"[{self.code}] {where}{self.message}{hint}"


class ReadError(MiningError):
    """An input can't be read.

    E101 format, E102 empty, E103 decoding, E104 limit, E105 access, E106 no text layer,
    E107 encrypted, E108 labels, E109 model.
    """


@dataclass(frozen=True, slots=True)
class FormProblem:
    """One fault of a form file: where it is and what is wrong."""

    location: str
    message: str

    def __str__(self) -> str:
        """Return ``location: message``."""
        return f"{self.location}: {self.message}"


class FormError(MiningError, ValueError):
    """A form file is unsound (E201); `problems` lists every fault at once."""

    def __init__(
        self, problems: tuple[FormProblem, ...], *, path: str | Path | None = None
    ) -> None:
        lines = "; ".join(str(p) for p in problems)
        super().__init__(lines, code="E201", path=path, hint="run `mining form check FILE`")
        self.problems = problems


class LayerError(MiningError):
    """A step needs a layer of the report that has not been computed yet (E301)."""


class SettingsError(MiningError, ValueError):
    """What the user gave can't be used.

    E401 a setting is unknown or out of range; E402 there is no such rule; E403 a file of agencies
    is unsound; E404 what a setting needs is not installed; E405 a query.
    """


class OutputError(MiningError):
    """Results can't be written.

    E501 the folder is read-only or the disk is full; E502 another run writes there; E503 an
    unfinished run is there, or one that does not fit; E505 an unfinished pack is there that does
    not fit; E506 something of the name of a pack is there.
    """


class WorkerError(MiningError):
    """The processes that audit can't work: they die (E196, E198), or can't be reached (E504)."""


class MissingExtraError(MiningError):
    """A feature needs an optional package that is not installed (E601)."""


class StudyError(MiningError):
    """A study can't be made of a run.

    E701 tables are missing, E702 nothing to count, E703 a table given beside the run is unusable.
    """
