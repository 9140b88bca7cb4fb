"""Python objects over a pipe between this process and one that it started."""

from __future__ import annotations

import pickle
from typing import Any, BinaryIO

__all__ = ["read_frame", "write_frame"]

_HEAD = 8


def write_frame(stream: BinaryIO, value: object) -> None:
    """Send one object at once."""
    data = pickle.dumps(value)
    stream.write(len(data).to_bytes(_HEAD, "big") + data)
    stream.flush()


def read_frame(stream: BinaryIO) -> Any:  # noqa: ANN401 - any object may come
    """Return the next object.

    Raises
    ------
    EOFError
        When the other side is gone, in the middle of an object or between two.
    """
    head = stream.read(_HEAD)
    size = int.from_bytes(head, "big")
    data = stream.read(size) if len(head) == _HEAD else b""
    if len(head) < _HEAD or len(data) < size:
        raise EOFError
    return pickle.loads(data)  # noqa: S301 - from a process of our own
