"""Rows of one cluster, kept up to date from its log; what is not drawn is joined into what is. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import orjson

from clusters.kinds.body import Body
from clusters.reconcile.clock import MILLISECOND, Time
from clusters.reconcile.timings import KUBERNETES
from clusters.store.event import Event
from playground.topology.rows import ROWS, Row, endpoints, flow_rows, heartbeat
from playground.topology.storage import files
from playground.topology.truth import truth, use

# what a board is made from, in the order in which it is listed
RESOURCES = (*ROWS, "leases", "endpointslices", "machines", "sandboxes", "disks", "sightings")
NODE_LEASES = "kube-node-lease"
HIDDEN = ("periods", "run")  # what only the join needs
SILENT = 15 * 1_000_000  # microseconds without a heartbeat from which on the page shows that nobody hears it


class Board:
    """All rows of one cluster, kept up to date from its log; what is not drawn is joined into what is."""

    def __init__(self, patience: int = KUBERNETES.monitor_grace) -> None:
        self.revision = 0
        self._patience = patience // MILLISECOND  # how long the node controller waits for a heartbeat
        self._rows: dict[str, Row] = {}  # uid -> row as the objects alone say it
        self._whole: dict[str, Row] = {}  # the same with what is joined into them, up to the last look
        self._nodes: dict[str, str] = {}  # node name -> uid
        self._services: dict[tuple[str, str], str] = {}
        self._power: dict[str, str] = {}
        self._beats: dict[str, int | None] = {}
        self._slices: dict[tuple[str, str], tuple[tuple[str, str], list[str], list[str]]] = {}
        self._pods: dict[tuple[str, str], str] = {}
        self._volumes: dict[str, str] = {}
        self._boxes: dict[tuple[str, str], Body] = {}  # by the pod's namespace and name
        self._machines: dict[tuple[str, str], tuple[str, str]] = {}  # sandbox -> its pod
        self._use: dict[tuple[str, str], list[int] | None] = {}
        self._files: dict[str, int] = {}
        self._silent: dict[str, bool] = {}
        self._flows: dict[tuple[str, str], list[str]] = {}  # Traffic -> its rows
        self._changed: dict[str, None] = {}  # uids, in order: a set's order differs between processes

    def copy(self) -> Board:
        """The same board for somebody who goes on otherwise. Rows and bodies are shared: nobody changes them."""
        twin = Board()
        twin.__dict__ = {name: dict(one) if isinstance(one, dict) else one for name, one in self.__dict__.items()}
        return twin

    def put(self, resource: str, namespace: str, name: str, body: Body) -> None:
        """An object as it now is."""
        if resource in ROWS:
            self._put_row(ROWS[resource](body))
        elif resource == "machines":
            self._power[name] = str(body.get("power"))
            self._touch(self._nodes.get(name))
        elif resource == "sandboxes":
            self._put_box(body)
        elif resource == "disks" and not namespace:
            self._files[name] = files(body)
            self._touch(self._volumes.get(name))
        elif resource == "leases" and namespace == NODE_LEASES:
            self._beats[name] = heartbeat(body)
            self._touch(self._nodes.get(name))
        elif resource == "endpointslices":
            self._drop_slice(namespace, name)
            found = self._slices[namespace, name] = endpoints(body)
            self._touch(self._services.get(found[0]))
        elif resource == "sightings":
            self._put_flows((namespace, name), flow_rows(body))

    def drop(self, resource: str, namespace: str, name: str, uid: str) -> None:
        """An object that is gone."""
        if resource in ROWS:
            self._rows.pop(uid, None)
            if self._pods.get((namespace, name)) == uid:
                del self._pods[namespace, name]
            self._touch(uid)
        elif resource == "machines":
            self._power.pop(name, None)
        elif resource == "sandboxes":
            self._drop_box(namespace, name)
        elif resource == "disks" and not namespace:
            self._files.pop(name, None)
            self._touch(self._volumes.get(name))
        elif resource == "leases" and namespace == NODE_LEASES:
            self._beats.pop(name, None)
        elif resource == "endpointslices":
            self._drop_slice(namespace, name)
        elif resource == "sightings":
            self._put_flows((namespace, name), [])

    def measure(self, now: Time) -> None:
        """What no line of the log tells: what is used by now, and whose heartbeat is missing."""
        for pod, box in self._boxes.items():
            used = use(box, now)
            if used != self._use.get(pod):
                self._use[pod] = used
                self._touch(self._pods.get(pod))
        for name, beat in self._beats.items():
            silent = bool(beat) and now - (beat or 0) * MILLISECOND > SILENT
            if silent != self._silent.get(name, False):
                self._silent[name] = silent
                self._touch(self._nodes.get(name))

    def take(self, events: Iterable[Event]) -> None:
        """Lines of the log, in order."""
        for event in events:
            self.revision = max(self.revision, event.revision)
            if event.resource not in RESOURCES:
                continue
            if event.op == "DELETED":
                self.drop(event.resource, event.namespace, event.name, event.uid)
            else:
                self.put(event.resource, event.namespace, event.name, orjson.loads(event.body))

    def rows(self) -> list[Row]:
        """Every row as it now is."""
        self.changes()
        return list(self._whole.values())

    def changes(self) -> tuple[list[Row], list[str]]:
        """The rows that something happened to since the last look, and the uids of those that went."""
        rows: list[Row] = []
        gone: list[str] = []
        for uid in self._changed:
            if uid in self._rows:
                self._whole[uid] = self._joined(self._rows[uid])
                rows.append(self._whole[uid])
            else:
                self._whole.pop(uid, None)
                gone.append(uid)
        self._changed.clear()
        return rows, gone

    def _put_row(self, row: Row) -> None:
        self._rows[row["id"]] = row
        if row["kind"] == "Node":
            self._nodes[row["name"]] = row["id"]
        elif row["kind"] == "Pod":
            self._pods[row["ns"], row["name"]] = row["id"]
        elif row["kind"] == "Service":
            self._services[row["ns"], row["name"]] = row["id"]
        elif row["kind"] == "PersistentVolume":
            self._volumes[row["name"]] = row["id"]
        self._touch(row["id"])

    def _put_flows(self, traffic: tuple[str, str], rows: Sequence[Row]) -> None:
        """Those of the last second take the place of those before."""
        for uid in self._flows.pop(traffic, ()):
            self._rows.pop(uid, None)
            self._touch(uid)
        if rows:
            self._flows[traffic] = [row["id"] for row in rows]
        for row in rows:
            self._put_row(row)

    def _put_box(self, box: Body) -> None:
        pod = _pod_of(box)
        self._boxes[pod] = box
        self._machines[box["metadata"].get("namespace") or "", box["metadata"]["name"]] = pod
        self._touch(self._pods.get(pod))

    def _drop_box(self, namespace: str, name: str) -> None:
        pod = self._machines.pop((namespace, name), ("", ""))
        box = self._boxes.get(pod)
        if box is not None and box["metadata"]["name"] == name:  # another pod of that name may have come since
            del self._boxes[pod]
            self._use.pop(pod, None)
            self._touch(self._pods.get(pod))

    def _drop_slice(self, namespace: str, name: str) -> None:
        old = self._slices.pop((namespace, name), None)
        if old:
            self._touch(self._services.get(old[0]))

    def _touch(self, uid: str | None) -> None:
        if uid is not None:
            self._changed[uid] = None

    def _joined(self, row: Row) -> Row:
        if row["kind"] == "Node":
            power, beat = self._power.get(row["name"]), self._beats.get(row["name"])
            told = {"lit": power == "on"} if power else {}
            silent = {"silent": True} if self._silent.get(row["name"]) and power == "on" else {}
            waits = {"patience": self._patience} if silent or power == "off" else {}
            return row | told | silent | waits | ({"beat": beat} if beat else {})
        if row["kind"] == "Pod":
            return self._with_truth(row)
        if row["kind"] == "PersistentVolume" and row["name"] in self._files:
            return row | {"files": self._files[row["name"]]}
        if row["kind"] == "Service":
            mine = [found for found in self._slices.values() if found[0] == (row["ns"], row["name"])]
            return row | {"yes": _each(found[1] for found in mine), "no": _each(found[2] for found in mine)}
        return row

    def _with_truth(self, row: Row) -> Row:
        """The third ink; where it is the same as what the API believes, nothing is said."""
        pod = (row["ns"], row["name"])
        box = self._boxes.get(pod)
        shown = {name: value for name, value in row.items() if name not in HIDDEN}
        if box is None or (box.get("uid") != row["id"] and not row.get("system")):
            return shown | ({"up": 0} if row.get("run") and row.get("node") in self._power else {})
        found = truth(box, row.get("periods") or {})
        if found["up"] == row.get("run", 0):
            del found["up"]
        used = self._use.get(pod)
        return shown | found | ({"use": used} if used else {})


def _pod_of(box: Body) -> tuple[str, str]:
    pod = box.get("pod") or {}
    return pod.get("namespace") or "", pod.get("name") or ""


def _each(lists: Iterable[Sequence[str]]) -> list[str]:
    """Every uid once: a pod with two address families stands in two slices."""
    return list(dict.fromkeys(uid for one in lists for uid in one))
