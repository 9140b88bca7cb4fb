"""How far a run is: nothing for short ones, a line now and then in a log, a bar on a terminal."""

from __future__ import annotations

import io
import sys
import time

import pytest

from mining.cli.progress import show_progress


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def test_short_run_has_no_progress() -> None:
    with show_progress(99, lang="zh") as progress:
        assert progress is None


def test_log_tells_rate_and_time_left_once_a_minute(
    clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    with show_progress(10_000, lang="zh") as progress:
        assert progress is not None
        for _ in range(120):
            clock[0] += 1
            progress(25)

    assert capsys.readouterr().err.splitlines() == [
        "已核对 1,500/10,000 份，每秒 25 份，约剩 6 分钟",
        "已核对 3,000/10,000 份，每秒 25 份，约剩 5 分钟",
    ]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_bar_tells_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", screen)
    with show_progress(200, lang="zh") as progress:
        assert progress is not None
        for _ in range(20):
            progress(10)
            time.sleep(0.02)

    assert "200/200" in screen.getvalue()
    assert "份/秒" in screen.getvalue()
