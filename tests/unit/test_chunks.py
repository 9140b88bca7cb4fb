"""Work over processes: order kept, and an item that kills its worker costs only itself."""

import os
from collections.abc import Sequence

import pytest

from mining.corpus.chunks import map_items


def double(items: Sequence[int]) -> list[int]:
    return [2 * item for item in items]


def double_unless_13(items: Sequence[int]) -> list[int]:
    if 13 in items:
        os._exit(1)  # what the system does to a process that eats all memory
    return double(items)


def lost(item: int) -> int:
    return -item


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("n_items", [0, 1, 7, 100])
def test_results_keep_the_order(workers: int, n_items: int) -> None:
    results = list(map_items(double, range(n_items), workers=workers, lost=lost))

    assert results == [2 * i for i in range(n_items)]


def test_item_that_kills_its_worker_is_lost_alone() -> None:
    results = list(map_items(double_unless_13, range(24), workers=2, lost=lost))

    assert results == [-i if i == 13 else 2 * i for i in range(24)]


def test_reader_that_stops_early_stops_the_pool() -> None:
    results = map_items(double, range(1000), workers=2, lost=lost)

    assert next(results) == 0
    results.close()  # type: ignore[attr-defined]
