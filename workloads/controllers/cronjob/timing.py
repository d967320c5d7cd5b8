"""Which of a CronJob's times is due, and which comes next (Kubernetes: cronjob utils, mostRecentScheduleTime)."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from clusters.kinds.body import Body, dig
from clusters.reconcile.clock import EPOCH, SECOND, Time, parse
from workloads.kinds.schedule import Schedule

MANY = 100


class Due(NamedTuple):
    """The latest time that has come, and whether more than a hundred came before it unnoticed."""

    time: Time
    missed_many: bool


def due(cronjob: Body, schedule: Schedule, now: Time) -> Due | None:
    """None: nothing has come since the last one (or since the CronJob was made, or within its deadline)."""
    zone, since = cronjob["spec"].get("timeZone") or "", _since(cronjob, now)
    first = schedule.first_after(since, zone)
    if first is None or first > now:
        return None
    second = schedule.first_after(first, zone)
    if second is None or second > now:
        return Due(first, False)
    distance = max((second - first) // SECOND, 1)
    missed = (now - first) // SECOND // distance + 1
    latest = first
    for time in schedule.after(max(first + (missed - 2) * distance * SECOND, first), zone):
        if time > now:
            break
        latest = time
    return Due(latest, missed > MANY)


def next_time(cronjob: Body, schedule: Schedule, now: Time) -> Time | None:
    """The first one later than now; a fixed distance counts from the last one."""
    zone = cronjob["spec"].get("timeZone") or ""
    if not schedule.every:
        return schedule.first_after(now, zone)
    for time in schedule.after(_since(cronjob, now)):
        if time > now:
            return time
    return None


def stamped(time: Time, zone: str) -> str:
    """RFC 3339 in the CronJob's own time zone."""
    if not zone:
        return (EPOCH + timedelta(seconds=time // SECOND)).strftime("%Y-%m-%dT%H:%M:%SZ")
    local = (EPOCH + timedelta(seconds=time // SECOND)).astimezone(ZoneInfo(zone))
    text = local.isoformat(timespec="seconds")
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text


def written(time: Time) -> str:
    """As Go's RFC1123Z has it."""
    return (EPOCH + timedelta(seconds=time // SECOND)).strftime("%a, %d %b %Y %H:%M:%S +0000")


def _since(cronjob: Body, now: Time) -> Time:
    last = dig(cronjob, "status.lastScheduleTime") or cronjob["metadata"]["creationTimestamp"]
    deadline = cronjob["spec"].get("startingDeadlineSeconds")
    return parse(last) if deadline is None else max(parse(last), now - deadline * SECOND)
