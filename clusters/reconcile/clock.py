"""Cluster time: whole microseconds since the epoch, and how Kubernetes writes them (metav1.Time, MicroTime)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

Time = int  # microseconds since the epoch, of the cluster's own clock
MILLISECOND = 1_000
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_stamps: dict[int, str] = {}  # the second last formatted: most writes of a slice share it


def seconds(amount: float) -> int:
    """A duration of so many seconds, in microseconds."""
    return round(amount * SECOND)


def rfc3339(time: Time) -> str:
    """metav1.Time: whole seconds, as in `metadata.creationTimestamp`."""
    second = time // SECOND
    stamp = _stamps.get(second)
    if stamp is None:
        _stamps.clear()
        stamp = _stamps[second] = (EPOCH + timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return stamp


def rfc3339_micro(time: Time) -> str:
    """metav1.MicroTime: as in a Lease's `spec.renewTime`."""
    return f"{rfc3339(time)[:-1]}.{time % SECOND:06d}Z"


def parse(stamp: str) -> Time:
    """Either form back into microseconds. Raises ValueError when it is neither."""
    return round((datetime.fromisoformat(stamp) - EPOCH) / timedelta(microseconds=1))
