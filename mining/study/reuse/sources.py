"""Where the 13 characters at each place stand too: in last year's report, in other agencies'."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mining.study.reuse.passages import Seeds
from mining.study.reuse.shingles import Hashes, Places
from mining.study.reuse.texts import YearTexts

__all__ = ["last_year_seeds", "other_agency_seeds"]

# Places that are sorted at a time.
_BUCKET = 2_000_000
_HASHED = np.dtype([("hash", np.uint64), ("at", np.int64)])
_FOUND = np.dtype([("at", np.int64), ("there", np.int64), ("others", np.int64)])


def last_year_seeds(this: YearTexts, report: int, last: YearTexts, other: int) -> Seeds:
    """Return where 13 characters of a report stand in one report of the year before."""
    at, hashes = this.runs(report, report + 1)
    there, known = last.runs(other, other + 1)
    order = np.argsort(known, kind="stable")
    known, there = known[order], there[order]
    if len(known) == 0:
        return Seeds.joined(())
    low = np.searchsorted(known, hashes)
    is_found = known[np.minimum(low, len(known) - 1)] == hashes
    low = low[is_found]
    times = np.searchsorted(known, hashes[is_found], "right") - low
    return Seeds(at[is_found], there[low], times)


def other_agency_seeds(texts: YearTexts, folder: Path) -> Iterator[tuple[int, int, Seeds]]:
    """Yield first and last (exclusive) report of each block, and its seeds in other agencies.

    Hashes are put into files by their first bits, so that each file can be sorted in memory, and
    what is found there is read again block by block: memory does not grow with the year.

    Parameters
    ----------
    texts
        The reports of one year.
    folder
        For temporary files, which are removed.
    """
    blocks = list(texts.blocks())
    bits = max(0, (int(texts.starts[-1]) // _BUCKET).bit_length())
    paths = [folder / f"bucket-{i}" for i in range(1 << bits)]
    _put_down(texts, blocks, paths, bits)
    bounds = np.array([texts.starts[last] for _, last in blocks], dtype=np.int64)
    counts = [_look_up(texts, path, bounds) for path in paths]
    files = [path.open("rb") for path in paths]
    try:
        for number, (first, last) in enumerate(blocks):
            parts = [
                np.frombuffer(file.read(int(n[number]) * _FOUND.itemsize), dtype=_FOUND)
                for file, n in zip(files, counts, strict=True)
            ]
            found = np.concatenate(parts)
            found = found[np.argsort(found["at"], kind="stable")]
            yield first, last, Seeds(found["at"], found["there"], found["others"])
    finally:
        for file, path in zip(files, paths, strict=True):
            file.close()
            path.unlink()


def _put_down(
    texts: YearTexts, blocks: list[tuple[int, int]], paths: list[Path], bits: int
) -> None:
    """Write hashes and places into the files, by the first bits of the hash."""
    files = [path.open("wb") for path in paths]
    try:
        for first, last in blocks:
            at, hashes = texts.runs(first, last)
            rows = np.empty(len(at), dtype=_HASHED)
            rows["hash"], rows["at"] = hashes, at
            bucket = hashes >> np.uint64(64 - bits) if bits else np.zeros_like(hashes)
            for number, file in enumerate(files):
                file.write(rows[bucket == number].tobytes())
    finally:
        for file in files:
            file.close()


def _look_up(texts: YearTexts, path: Path, bounds: Places) -> Places:
    """Replace a file of hashes by one of what stands in other agencies too.

    Returns
    -------
    Places
        How many rows of the new file belong to each block.
    """
    rows = np.fromfile(path, dtype=_HASHED)
    hashes, at = _repeated(rows["hash"], rows["at"])
    found = _elsewhere(texts, hashes, at)
    found = found[np.argsort(found["at"])]
    path.write_bytes(found.tobytes())
    return np.diff(np.searchsorted(found["at"], bounds), prepend=0)


def _repeated(hashes: Hashes, at: Places) -> tuple[Places, Places]:
    """Return number of the hash and place where a hash stands more than once, sorted by both."""
    order = np.argsort(hashes, kind="stable")
    differs = np.append(np.diff(hashes[order]) != 0, True)
    numbers = np.cumsum(differs) - differs
    is_repeated = ~(differs & np.append(True, differs[:-1]))
    return numbers[is_repeated], at[order[is_repeated]]


def _elsewhere(texts: YearTexts, numbers: Places, at: Places) -> NDArray[np.void]:
    """Return the places whose hash other agencies have too, given sorted by hash and place.

    Places of one hash are in the order of agencies and reports, so those of one are together.
    """
    if len(at) == 0:
        return np.empty(0, dtype=_FOUND)
    reports = texts.report_of(at)
    agencies = texts.agencies[reports]
    is_first = np.diff(numbers, prepend=-1) != 0
    new_report = is_first | (np.diff(reports, prepend=-1) != 0)
    new_agency = is_first | (np.diff(agencies, prepend=-1) != 0)
    group, run = np.cumsum(is_first) - 1, np.cumsum(new_agency) - 1
    group_at, run_at = np.flatnonzero(is_first), np.flatnonzero(new_agency)
    by_run = np.add.reduceat(new_report.astype(np.int64), run_at)
    by_group = np.add.reduceat(new_report.astype(np.int64), group_at)
    others = by_group[group] - by_run[run]
    # The first place in another agency: the first of all, or of the second agency.
    in_first = run == run[group_at][group]
    second = np.append(run_at, len(at) - 1)[run + 1]
    there = np.where(in_first, at[second], at[group_at[group]])
    is_shared = others > 0
    found = np.empty(int(is_shared.sum()), dtype=_FOUND)
    found["at"], found["there"] = at[is_shared], there[is_shared]
    found["others"] = others[is_shared]
    return found
