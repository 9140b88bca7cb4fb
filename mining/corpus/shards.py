"""The plan of a run: its inputs cut into shards, the same whoever works on them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from mining.corpus.inputs import Input, Inputs
from mining.corpus.storage import stamp
from mining.finding import Failure

__all__ = ["Shard", "digest_of", "n_partitions", "plan_shards"]

_SMALLEST, _USUAL, _LARGEST = 8, 500, 1000
# Enough shards to keep the cores of one machine busy to the end.
_AIMED_AT = 32
# More shards than this cost more than they spread.
_TOO_MANY = 4000
_REPORTS_PER_PARTITION = 1000
_MOST_PARTITIONS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """Some inputs that stand next to each other in a run.

    Parameters
    ----------
    index
        Position of the shard.
    start
        Position of its first input in the run; failures of `collect` come before all others.
    failures
        Inputs that could not even be found.
    items
        Reports to read.
    """

    index: int
    start: int
    failures: tuple[Failure, ...]
    items: tuple[Input, ...]

    def __len__(self) -> int:
        return len(self.failures) + len(self.items)


def plan_shards(inputs: Inputs, *, size: int = 0) -> Iterator[Shard]:
    """Yield the shards of a run; their size depends on the number of inputs if it is not given."""
    failed, total = len(inputs.failures), len(inputs.failures) + len(inputs.items)
    size = size or _shard_size(total)
    for index, start in enumerate(range(0, total, size)):
        end = start + size
        yield Shard(
            index=index,
            start=start,
            failures=tuple(inputs.failures[start:end]),
            items=tuple(inputs.items[max(0, start - failed) : max(0, end - failed)]),
        )


def _shard_size(total: int) -> int:
    usual = min(max(total // _AIMED_AT, _SMALLEST), _USUAL)
    return min(max(usual, total // _TOO_MANY), _LARGEST)


def n_partitions(total: int) -> int:
    """Return into how many groups of agencies a run over so many reports is split."""
    return min(max(total // _REPORTS_PER_PARTITION, 1), _MOST_PARTITIONS)


def digest_of(shard: Shard) -> str:
    """Return what identifies the inputs of a shard: names, sizes and times of change.

    Contents are not read: that would double the reading of a large corpus.
    """
    digest = hashlib.sha256()
    for failure in shard.failures:
        _add(digest, (failure.report, failure.source, failure.code, failure.message))
    # Reports of one archive stand next to each other.
    for path, items in groupby(shard.items, key=lambda item: item.path):
        facts = stamp(path)
        for item in items:
            _add(digest, (item.report_id, str(path), item.member, item.name, facts))
    return digest.hexdigest()


def _add(digest: hashlib._Hash, facts: Sequence[object]) -> None:
    digest.update(json.dumps(facts).encode() + b"\n")
