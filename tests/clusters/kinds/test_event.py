"""Events as kubectl lists them."""

from __future__ import annotations

from clusters.kinds.body import Body
from clusters.kinds.event import EVENT
from tests.clusters.kinds.desk import cells, filled, wrongs

SCHEDULED: Body = {
    "metadata": {"name": "web.1"},
    "type": "Normal",
    "reason": "Scheduled",
    "message": "Successfully assigned default/web to worker-1\n",
    "involvedObject": {"kind": "Pod", "namespace": "default", "name": "web", "fieldPath": "spec.containers{web}"},
    "source": {"component": "kubelet", "host": "worker-1"},
    "firstTimestamp": "2026-01-05T09:00:30Z",
    "lastTimestamp": "2026-01-05T09:01:20Z",
    "count": 3,
}


def test_a_row_begins_with_when_it_was_last_seen() -> None:
    row = cells(EVENT, filled(EVENT, SCHEDULED))

    assert list(row.items()) == [
        ("Last Seen", "10s"),
        ("Type", "Normal"),
        ("Reason", "Scheduled"),
        ("Object", "pod/web"),
        ("Message", "Successfully assigned default/web to worker-1"),
    ]


def test_a_wide_row_tells_where_it_came_from_and_how_often() -> None:
    row = cells(EVENT, filled(EVENT, SCHEDULED), wide=True)

    assert list(row) == [
        "Last Seen",
        "Type",
        "Reason",
        "Object",
        "Subobject",
        "Source",
        "Message",
        "First Seen",
        "Count",
        "Name",
    ]
    assert row["Subobject"] == "spec.containers{web}"
    assert row["Source"] == "kubelet, worker-1"
    assert (row["First Seen"], row["Count"], row["Name"]) == ("60s", 3, "web.1")


def test_an_event_of_the_new_api_has_a_series() -> None:
    series = {"count": 8, "lastObservedTime": "2026-01-05T09:01:25.000000Z"}
    told = {"reportingComponent": "default-scheduler", "eventTime": "2026-01-05T09:01:00.000000Z", "series": series}
    row = cells(EVENT, filled(EVENT, told), wide=True)

    assert (row["Last Seen"], row["First Seen"], row["Count"]) == ("5s", "30s", 8)
    assert row["Source"] == "default-scheduler"


def test_an_event_stands_in_the_namespace_of_what_it_is_about() -> None:
    about = {"kind": "Pod", "namespace": "shop", "name": "web"}

    assert wrongs(EVENT, {"involvedObject": about}) == [
        'involvedObject.namespace: Invalid value: "shop": does not match event.namespace',
    ]
    assert wrongs(EVENT, {"involvedObject": {"kind": "Node", "name": "worker-1"}}) == []
