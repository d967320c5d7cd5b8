"""Rows of one cluster, kept up to date from its log; what is not drawn is joined into what is. Pure."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence

import orjson

from clusters.kinds.body import Body
from clusters.reconcile.clock import MILLISECOND, Time
from clusters.reconcile.timings import KUBERNETES
from clusters.store.event import Event
from playground.topology.machines import Machines, Place
from playground.topology.others import PLURALS, SPOKEN, is_custom, other_row
from playground.topology.rows import ROWS, Row, endpoints, flow_rows, heartbeat
from playground.topology.storage import files

log = logging.getLogger(__name__)

# what a board is made from, in the order in which it is listed
RESOURCES = (*ROWS, *SPOKEN, "leases", "endpointslices", "machines", "sandboxes", "disks", "sightings")
NODE_LEASES = "kube-node-lease"
HIDDEN = ("periods", "run", "box")  # what only the join needs

Pair = tuple[str, str]  # namespace and name


class Board:
    """All rows of one cluster."""

    def __init__(self, patience: int = KUBERNETES.monitor_grace, *, goes_back: bool = True) -> None:
        self.revision = 0
        self.machines = Machines(goes_back=goes_back)
        self._patience = patience // MILLISECOND  # how long the node controller waits for a heartbeat
        self._rows: dict[str, Row] = {}  # uid -> row as the objects alone say it
        self._whole: dict[str, Row] = {}  # the same with what is joined into them, up to the last look
        self._named: dict[tuple[str, str, str], str] = {}  # kind, namespace and name -> uid, of what is joined into
        self._slices: dict[Pair, tuple[Pair, list[str], list[str]]] = {}
        self._sliced: dict[Pair, dict[Pair, None]] = {}  # Service -> its slices
        self._pods: dict[Place, str] = {}  # sandbox -> uid of its pod
        self._files: dict[str, int] = {}
        self._flows: dict[Pair, list[str]] = {}  # Traffic -> its rows
        self._changed: dict[str, None] = {}  # uids, in order: a set's order differs between processes
        self._broken: dict[str, None] = {}  # resources of which an object could not be read, once told

    def copy(self) -> Board:
        """The same board for somebody who goes on otherwise. Rows and bodies are shared: nobody changes them."""
        twin = Board()
        twin.__dict__ = {name: dict(one) if isinstance(one, dict) else one for name, one in self.__dict__.items()}
        twin.machines = self.machines.copy()
        twin._sliced = {service: dict(its) for service, its in self._sliced.items()}
        return twin

    def put(self, resource: str, namespace: str, name: str, body: Body) -> None:
        """An object as it now is. One that cannot be read is not shown, and spoils nothing else."""
        try:
            self._put(resource, namespace, name, body)
        except Exception:
            self._complain(resource, name)
            self._drop_row(str((body.get("metadata") or {}).get("uid") or ""))

    def drop(self, resource: str, namespace: str, name: str, uid: str) -> None:
        """An object that is gone."""
        if resource == "machines":
            self.machines.drop_machine(name)
            self._touch_named("Node", "", name)
        elif resource == "sandboxes":
            self.machines.drop_box((namespace, name))
            self._touch_box((namespace, name))
        elif resource == "disks" and not namespace:
            self._files.pop(name, None)
            self._touch_named("PersistentVolume", "", name)
        elif resource == "leases" and namespace == NODE_LEASES:
            self.machines.put_beat(name, None)
        elif resource == "endpointslices":
            self._drop_slice((namespace, name))
        elif resource == "sightings":
            self._put_flows((namespace, name), [])
        elif resource == "faults":
            self.machines.put_fault((namespace, name), None)
        self._drop_row(uid)

    def measure(self, now: Time, *, fresh: bool = False) -> None:
        """What no line of the log tells: what is used by now, and whose heartbeat is missing. `fresh`: of what has
        only now been put, so that most of it can be let go."""
        for place in self.machines.measure(now, fresh=fresh):
            self._touch_box(place)
        if fresh:
            return
        for name in self.machines.listen(now):
            self._touch_named("Node", "", name)

    def take(self, events: Iterable[Event]) -> None:
        """Lines of the log, in order."""
        for event in events:
            self.revision = max(self.revision, event.revision)
            if event.resource not in RESOURCES and event.resource in PLURALS:
                continue
            body = orjson.loads(event.body)
            if event.op != "DELETED":
                self.put(event.resource, event.namespace, event.name, body)
            elif is_custom(event.resource, body):
                self._drop_row(event.uid)
            else:
                self.drop(event.resource, event.namespace, event.name, event.uid)

    def rows(self) -> list[Row]:
        """Every row as it now is."""
        self.changes()
        return list(self._whole.values())

    def changes(self) -> tuple[list[Row], list[str]]:
        """The rows that something happened to since the last look, and the uids of those that went."""
        rows: list[Row] = []
        gone: list[str] = []
        for uid in self._changed:
            row = self._row(uid)
            if row is None:
                self._whole.pop(uid, None)
                gone.append(uid)
            else:
                self._whole[uid] = row
                rows.append(row)
        self._changed.clear()
        return rows, gone

    def _put(self, resource: str, namespace: str, name: str, body: Body) -> None:
        if resource in SPOKEN or is_custom(resource, body):
            self._put_other(body)
        elif resource in ROWS:
            self._put_row(ROWS[resource](body))
            if resource == "faults":
                self.machines.put_fault((namespace, name), body)
        elif resource in JOINED:
            JOINED[resource](self, (namespace, name), body)

    def _put_row(self, row: Row) -> None:
        old = self._rows.get(row["id"])
        self._rows[row["id"]] = row
        if row["kind"] == "Pod":
            self._forget_box(old)
            if row.get("node"):
                self._pods[row["node"], row.get("box") or row["id"]] = row["id"]
        elif row["kind"] in JOINED_INTO:
            self._named[row["kind"], row.get("ns", ""), row["name"]] = row["id"]
        self._touch(row["id"])

    def _put_other(self, body: Body) -> None:
        row = other_row(body)
        if row is None:
            self._drop_row(str(body["metadata"].get("uid") or ""))
        else:
            self._put_row(row)

    def _put_machine(self, at: Pair, body: Body) -> None:
        self.machines.put_machine(body)
        self._touch_named("Node", "", at[1])

    def _put_box(self, _: Pair, body: Body) -> None:
        self._touch_box(self.machines.put_box(body))

    def _put_disk(self, at: Pair, body: Body) -> None:
        if not at[0]:
            self._files[at[1]] = files(body)
            self._touch_named("PersistentVolume", "", at[1])

    def _put_lease(self, at: Pair, body: Body) -> None:
        if at[0] == NODE_LEASES:
            self.machines.put_beat(at[1], heartbeat(body))
            self._touch_named("Node", "", at[1])

    def _put_slice(self, at: Pair, body: Body) -> None:
        self._drop_slice(at)
        found = self._slices[at] = endpoints(body)
        self._sliced.setdefault(found[0], {})[at] = None
        self._touch_named("Service", *found[0])

    def _put_sighting(self, at: Pair, body: Body) -> None:
        self._put_flows(at, flow_rows(body))

    def _put_flows(self, traffic: Pair, rows: Sequence[Row]) -> None:
        """Those of the last second take the place of those before."""
        for uid in self._flows.pop(traffic, ()):
            self._drop_row(uid)
        if rows:
            self._flows[traffic] = [row["id"] for row in rows]
        for row in rows:
            self._put_row(row)

    def _drop_row(self, uid: str) -> None:
        row = self._rows.pop(uid, None)
        if row is None:
            return
        if row["kind"] == "Pod":
            self._forget_box(row)
        named = (row["kind"], row.get("ns", ""), row["name"])
        if self._named.get(named) == uid:
            del self._named[named]
        self._touch(uid)

    def _forget_box(self, pod: Row | None) -> None:
        place = (pod.get("node") or "", pod.get("box") or pod["id"]) if pod else ("", "")
        if pod and self._pods.get(place) == pod["id"]:
            del self._pods[place]

    def _drop_slice(self, at: Pair) -> None:
        old = self._slices.pop(at, None)
        if old:
            its = self._sliced[old[0]]
            del its[at]
            if not its:
                del self._sliced[old[0]]
            self._touch_named("Service", *old[0])

    def _touch(self, uid: str | None) -> None:
        if uid:
            self._changed[uid] = None

    def _touch_named(self, kind: str, namespace: str, name: str) -> None:
        self._touch(self._named.get((kind, namespace, name)))

    def _touch_box(self, place: Place) -> None:
        self._touch(self._pods.get(place) or place[1])

    def _row(self, uid: str) -> Row | None:
        """As it is told; what cannot be joined is told as its object alone says it."""
        row = self._rows.get(uid)
        try:
            return self._joined(row) if row is not None else self.machines.orphan(uid)
        except Exception:
            self._complain("sandboxes", uid)
            return row and {name: value for name, value in row.items() if name not in HIDDEN}

    def _joined(self, row: Row) -> Row:
        if row["kind"] == "Node":
            return row | self.machines.of_node(row["name"], self._patience)
        if row["kind"] == "Pod":
            shown = {name: value for name, value in row.items() if name not in HIDDEN}
            place = (row.get("node") or "", row.get("box") or row["id"])
            return shown | self.machines.of_pod(place, row.get("run", 0), row.get("periods") or {})
        if row["kind"] == "PersistentVolume" and row["name"] in self._files:
            return row | {"files": self._files[row["name"]]}
        if row["kind"] == "Service":
            mine = [self._slices[at] for at in self._sliced.get((row["ns"], row["name"]), ())]
            return row | {"yes": _each(found[1] for found in mine), "no": _each(found[2] for found in mine)}
        return row

    def _complain(self, resource: str, name: str) -> None:
        if resource not in self._broken:
            self._broken[resource] = None
            log.exception("%s %s cannot be drawn; others of its sort will not be told", resource, name)


JOINED_INTO = ("Node", "Service", "PersistentVolume")
JOINED: dict[str, Callable[[Board, Pair, Body], None]] = {
    "machines": Board._put_machine,
    "sandboxes": Board._put_box,
    "disks": Board._put_disk,
    "leases": Board._put_lease,
    "endpointslices": Board._put_slice,
    "sightings": Board._put_sighting,
}


def _each(lists: Iterable[Sequence[str]]) -> list[str]:
    """Every uid once: a pod with two address families stands in two slices."""
    return list(dict.fromkeys(uid for one in lists for uid in one))
