"""Read Chinese government-information-disclosure annual reports and check them.

Every name is loaded on first use, so that ``import mining`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from mining.version import __version__

if TYPE_CHECKING:
    from mining.catalog import RULES
    from mining.corpus.inputs import collect
    from mining.corpus.job import Selection
    from mining.corpus.run import run_audit
    from mining.corpus.single import audit, read
    from mining.errors import MiningError, ReadError
    from mining.finding import Finding, Result
    from mining.form import Form
    from mining.formload.file import load_form
    from mining.report import Report
    from mining.score import score_run
    from mining.settings import Settings
    from mining.study.corpus.collection import Corpus

__all__ = [
    "RULES",
    "Corpus",
    "Finding",
    "Form",
    "MiningError",
    "ReadError",
    "Report",
    "Result",
    "Selection",
    "Settings",
    "__version__",
    "audit",
    "collect",
    "load_form",
    "read",
    "run_audit",
    "score_run",
]

_HOMES = {
    "RULES": "mining.catalog",
    "Corpus": "mining.study.corpus.collection",
    "Finding": "mining.finding",
    "Form": "mining.form",
    "MiningError": "mining.errors",
    "ReadError": "mining.errors",
    "Report": "mining.report",
    "Result": "mining.finding",
    "Selection": "mining.corpus.job",
    "Settings": "mining.settings",
    "audit": "mining.corpus.single",
    "collect": "mining.corpus.inputs",
    "load_form": "mining.formload.file",
    "read": "mining.corpus.single",
    "run_audit": "mining.corpus.run",
    "score_run": "mining.score",
}


def __getattr__(name: str) -> object:
    """Load a public name from the module that defines it."""
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
