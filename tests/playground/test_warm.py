"""What is read ahead exists, and makes the first page no slower."""

from playground.warm import warm


def test_everything_that_is_read_ahead_is_there() -> None:
    warm()
