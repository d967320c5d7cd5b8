"""Durations as Go writes them into messages: `10s`, `1m20s`, `612ms`."""

from clusters.reconcile.clock import HOUR, MILLISECOND, MINUTE, SECOND


def go_duration(amount: int) -> str:
    """Microseconds as time.Duration's String, to the millisecond."""
    if amount < SECOND:
        return f"{amount // MILLISECOND}ms" if amount >= MILLISECOND else "0s"
    hours, rest = divmod(amount, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    seconds = f"{rest // MILLISECOND / 1000:g}s"
    if hours:
        return f"{hours}h{minutes}m{seconds}"
    return f"{minutes}m{seconds}" if minutes else seconds
