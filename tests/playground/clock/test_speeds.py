"""How the page writes the clock."""

from __future__ import annotations

from clusters.reconcile.clock import SECOND
from playground.clock.speeds import lag, meaning, shown, speed_of


def test_a_speed_is_written_without_needless_zeros() -> None:
    assert [shown(speed) for speed in (0.1, 1.0, 60.0)] == ["0.1×", "1×", "60×"]


def test_what_is_no_number_is_no_speed() -> None:
    assert [speed_of(text) for text in ("fast", "", "nan", "2.5")] == [None, None, None, 2.5]


def test_a_clock_that_keeps_up_says_nothing() -> None:
    assert lag(SECOND, 1.0, paused=False) == ""
    assert lag(90 * SECOND, 60.0, paused=False) == ""
    assert lag(9 * SECOND, 1.0, paused=False) == "9 s behind"


def test_classroom_timings_say_that_manifests_are_not_changed() -> None:
    assert "never changed" in meaning("classroom")
    assert "300 s" in meaning("kubernetes")
