"""Raw text written by readers that know structure: lines, and tables as tab-indented cells.

Word exports a table as one cell a line, each behind a tab, with an empty line after each row. All
readers write that style, so tables of every format are read in one way.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

from mining.errors import ReadError
from mining.report import Block, Provenance, make_block
from mining.settings import Settings
from mining.spans import Span

__all__ = ["RawText"]

_BREAKS = re.compile(r"[ \t\u3000]*[\r\n\v\f\t]+[ \t\u3000]*")


class RawText:
    """Collects the text of a report with the place of each piece, within the limits.

    Parameters
    ----------
    path
        The file, for messages.
    settings
        Limits on characters, lines, cells and seconds.

    Raises
    ------
    ReadError
        E104 from any method as soon as a limit is passed.
    """

    def __init__(self, path: Path, settings: Settings) -> None:
        self._path = path
        self._settings = settings
        self._pieces: list[str] = []
        self._blocks: list[Block] = []
        self._length = 0
        self._n_cells = 0
        self._n_lines = 0
        self._deadline = time.monotonic() + settings.max_seconds

    def line(self, text: str, prov: Provenance | None = None) -> None:
        """Add a paragraph or line; breaks inside it stay, an empty text gives an empty line."""
        self.check_time()
        self._add(text, prov)
        self._end_line()

    def row(self, cells: Iterable[tuple[str, Provenance | None]]) -> None:
        """Add one printed row of a table; breaks inside a cell are closed up."""
        self.check_time()
        # What `_put`, `_add` and `_end_line` do, without the calls: a page has hundreds of cells.
        blocks = self._blocks
        texts = []
        start = self._length
        for raw, prov in cells:
            text = raw.strip()
            # What may be printed holds no break; to ask takes a fifth of the time.
            if not text.isprintable():
                text = _BREAKS.sub("", text)
            texts.append(text)
            end = start + 1 + len(text)
            if prov is not None and text:
                blocks.append(make_block(raw_span=Span(start + 1, end), prov=prov))
            start = end + 1
        self._n_cells += len(texts)
        self._n_lines += len(texts)
        if self._n_cells > self._settings.max_cells:
            self._refuse("max_cells")
        if texts:
            self._put("\t" + "\n\t".join(texts) + "\n")
        self._end_line()

    def check_time(self) -> None:
        """Refuse to go on when the file has taken too long."""
        if time.monotonic() > self._deadline:
            self._refuse("max_seconds")

    def build(self) -> tuple[str, tuple[Block, ...]]:
        """Return the whole text and the places of its pieces, in order."""
        return "".join(self._pieces), tuple(self._blocks)

    def _add(self, text: str, prov: Provenance | None) -> None:
        start = self._length
        self._put(text)
        if prov is not None and text:
            self._blocks.append(make_block(raw_span=Span(start, self._length), prov=prov))

    def _end_line(self) -> None:
        self._n_lines += 1
        if self._n_lines > self._settings.max_lines:
            self._refuse("max_lines")
        self._put("\n")

    def _put(self, text: str) -> None:
        self._length += len(text)
        if self._length > self._settings.max_chars:
            self._refuse("max_chars")
        self._pieces.append(text)

    def _refuse(self, setting: str) -> NoReturn:
        message = f"the file passes the limit {setting} = {getattr(self._settings, setting)}"
        hint = f"split the file or raise {setting}"
        raise ReadError(message, code="E104", path=self._path, hint=hint)
