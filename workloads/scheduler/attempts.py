"""How often a pod was tried in vain, and when last: as its FailedScheduling events have it, so a new worker knows."""

from __future__ import annotations

from clusters.kinds.body import Body, Key, key_of
from clusters.reconcile.clock import Time, parse

REASON = "FailedScheduling"


class Attempts:
    """Told of every Event."""

    def __init__(self) -> None:
        self._told: dict[str, dict[Key, tuple[int, Time]]] = {}

    def changed(self, new: Body | None, old: Body | None) -> None:
        event = new or old
        if event is None or event.get("reason") != REASON:
            return
        uid = str((event.get("involvedObject") or {}).get("uid") or "")
        if new is not None:
            self._told.setdefault(uid, {})[key_of(new)] = (new.get("count") or 1, _last(new))
        elif uid in self._told:
            self._told[uid].pop(key_of(event), None)
            if not self._told[uid]:
                del self._told[uid]

    def last(self, uid: str) -> Time:
        """When it was last told; 0 for one that never was."""
        return max((at for _, at in self._told.get(uid, {}).values()), default=0)

    def until(self, uid: str, first: Time, most: Time) -> Time:
        """The end of its back-off, which doubles with each attempt."""
        times = sum(count for count, _ in self._told.get(uid, {}).values())
        return self.last(uid) + min(first << min(times - 1, 16), most) if times else 0


def _last(event: Body) -> Time:
    stamp = event.get("lastTimestamp")
    return parse(stamp) if stamp else 0
