"""Streams of plain data in compressed files of JSON lines, one value to a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

__all__ = ["Lines", "read_lines", "write_lines"]


class Lines(Protocol):
    """Takes values to write."""

    def __call__(self, value: object) -> None:
        """Write one value."""
        ...


@contextmanager
def write_lines(path: Path) -> Iterator[Lines]:
    """Lend a function that adds values to the file `path`."""
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    with pa.output_stream(path, compression="zstd", buffer_size=1 << 16) as stream:
        # A damaged file may leave half a character behind, which plain UTF-8 refuses.
        yield lambda value: stream.write(encode(value).encode("utf-8", "surrogatepass") + b"\n")


def read_lines(path: Path) -> Iterator[Any]:
    """Yield the values of a file."""
    with pa.input_stream(path, compression="zstd", buffer_size=1 << 16) as stream:
        rest = b""
        while data := stream.read(1 << 20):
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                yield json.loads(line.decode("utf-8", "surrogatepass"))
