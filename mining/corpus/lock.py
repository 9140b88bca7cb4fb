"""One run at a time in a folder: a lock that names its process and outlives none."""

from __future__ import annotations

import json
import os
import platform
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mining.errors import OutputError

__all__ = ["folder_lock"]

_PROC = Path("/proc")


@contextmanager
def folder_lock(path: Path, *, shown: Path) -> Iterator[None]:
    """Hold the lock file `path`; what a dead process left is taken over.

    Parameters
    ----------
    path
        The lock file, which appears whole or not at all.
    shown
        The folder of results, for the message.

    Raises
    ------
    OutputError
        E502 when a living process holds it, or one on another machine, which nobody here can see.
    """
    mine = json.dumps(_self())
    draft = path.with_name(f"{path.name}.{uuid.uuid4().hex[:12]}")
    draft.write_text(mine, encoding="utf-8")
    try:
        if not _link(draft, path):
            _take_over(path, shown)
            if not _link(draft, path):
                raise _held(path, shown, _read(path))
    finally:
        draft.unlink(missing_ok=True)
    try:
        yield
    finally:
        if _read(path) == mine:
            path.unlink(missing_ok=True)


def _link(draft: Path, path: Path) -> bool:
    """Put the lock in place; of two processes one succeeds, on network drives too."""
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return False
    except OSError:  # a drive without hard links
        with suppress(FileExistsError), path.open("x", encoding="utf-8") as file:
            file.write(draft.read_text(encoding="utf-8"))
            return True
        return False
    return True


def _take_over(path: Path, shown: Path) -> None:
    """Remove the lock of a dead process, or refuse."""
    text = _read(path)
    if _is_alive(text):
        raise _held(path, shown, text)
    aside = path.with_name(f"{path.name}.{uuid.uuid4().hex[:12]}")
    with suppress(FileNotFoundError):
        path.rename(aside)
        if _read(aside) != text:  # another process was faster, and this is its lock
            with suppress(FileExistsError):
                path.hardlink_to(aside)
        aside.unlink()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def _held(path: Path, shown: Path, text: str) -> OutputError:
    holder = _holder(text)
    msg = f"another run writes there (process {holder.get('pid')} on {holder.get('host')})"
    hint = f"wait for it; if that process is gone, delete {path}"
    return OutputError(msg, code="E502", path=shown, hint=hint)


def _holder(text: str) -> dict[str, object]:
    with suppress(ValueError):
        found = json.loads(text)
        if isinstance(found, dict):
            return found
    return {}


def _is_alive(text: str) -> bool:
    holder = _holder(text)
    if not holder:
        return False  # empty or half written: its writer died
    own = _self()
    if holder.get("host") != own["host"]:
        return True
    pid = holder.get("pid")
    if not isinstance(pid, int) or holder.get("boot") != own["boot"]:
        return False
    if own["start"] is not None:
        # A number is given again to other processes; its start tells them apart.
        return _start(pid) is not None and _start(pid) == holder.get("start")
    return _answers(pid)


def _answers(pid: int) -> bool:
    if os.name == "nt":
        return True  # no signal there asks without killing
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _self() -> dict[str, object]:
    boot = _PROC / "sys/kernel/random/boot_id"
    return {
        "pid": os.getpid(),
        "host": platform.node(),
        "boot": boot.read_text(encoding="ascii").strip() if boot.exists() else None,
        "start": _start(os.getpid()),
    }


def _start(pid: int) -> int | None:
    """Return when a process started, in ticks of the system's own clock, if it tells."""
    try:
        stat = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    # The name in parentheses may hold blanks; the 20th field after it is the start.
    return int(stat.rpartition(")")[2].split()[19])
