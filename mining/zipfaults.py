"""What the standard library raises over damaged zip archives."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib

__all__ = ["ZIP_FAULTS"]

ZIP_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,  # a seek that the system refuses; broken bzip2
    RuntimeError,  # an unknown compression
    ValueError,  # a seek to before the beginning; a name that is no UTF-8
)
"""All that opening, listing or unpacking can raise, as fuzzing has shown."""
