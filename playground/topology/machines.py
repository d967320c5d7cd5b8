"""What the machines of a cluster truly do, from objects that no API serves: power, heartbeats, sandboxes. Pure."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from clusters.kinds.body import Body
from clusters.reconcile.clock import MILLISECOND, Time
from clusters.reconcile.faults import Active
from playground.topology.rows import SYSTEM
from playground.topology.truth import Box, Spent, idle_since, is_news, look, spent, truth, use

log = logging.getLogger(__name__)

SILENT = 15 * 1_000_000  # microseconds without a heartbeat from which on the page shows that nobody hears it
Place = tuple[str, str]  # a sandbox: its node, and its pod's uid, or of a static pod what its manifest hashes to


class Machines:
    """By node and by sandbox."""

    def __init__(self, *, goes_back: bool = True) -> None:
        """`goes_back`: moments are looked at in any order, so that nothing may be let go."""
        self._goes_back = goes_back
        self._now: Time = 0
        self._machines: dict[str, Body] = {}
        self._beats: dict[str, int] = {}
        self._silent: dict[str, bool] = {}
        self._boxes: dict[Place, Box] = {}
        self._homes: dict[str, Place] = {}  # a pod's uid -> its sandbox
        self._spent: dict[Place, Spent] = {}
        self._use: dict[Place, list[int]] = {}  # as it was told
        self._idle: dict[Place, Box] = {}  # sandboxes of which nothing new is to be expected
        self._fresh: dict[Place, None] = {}  # those that were put since the last look
        self._faults: dict[tuple[str, str], Body] = {}
        self._active = Active()

    def copy(self) -> Machines:
        """The same for somebody who looks at other moments. Bodies are shared: nobody changes them."""
        twin = Machines()
        twin.__dict__ = {name: dict(one) if isinstance(one, dict) else one for name, one in self.__dict__.items()}
        twin._goes_back = True
        return twin

    def put_machine(self, body: Body) -> None:
        name = body["metadata"]["name"]
        if (self._machines.get(name) or {}).get("power") != body.get("power"):
            self._idle.clear()
        self._machines[name] = body

    def drop_machine(self, name: str) -> None:
        self._machines.pop(name, None)

    def put_beat(self, name: str, beat: int | None) -> None:
        if beat is None:
            self._beats.pop(name, None)
        else:
            self._beats[name] = beat

    def put_box(self, body: Body) -> Place:
        place = body["metadata"].get("namespace") or "", body["metadata"]["name"]
        self._boxes[place] = box = look(body)
        self._fresh[place] = None
        if not box.static:
            self._homes[place[1]] = place
        return place

    def drop_box(self, place: Place) -> None:
        self._boxes.pop(place, None)
        self._spent.pop(place, None)
        self._use.pop(place, None)
        self._idle.pop(place, None)
        if self._homes.get(place[1]) == place:
            del self._homes[place[1]]

    def put_fault(self, place: tuple[str, str], fault: Body | None) -> None:
        """A new record each time: copies share it."""
        self._faults.pop(place, None)
        if fault is not None:
            self._faults[place] = fault
        self._idle.clear()
        self._active = Active()
        for one in self._faults.values():
            self._active.changed("faults", one, None)

    def of_node(self, name: str, patience: int) -> dict[str, Any]:
        """Columns of a node: does its lamp burn, is it heard, and until when the node controller waits for it."""
        machine, beat = self._machines.get(name), self._beats.get(name)
        power = machine and machine.get("power")
        silent = bool(power == "on" and self._silent.get(name))
        found = {
            "lit": power == "on" if power else None,
            "power": None if power == "on" else power,
            "cut": bool(machine and machine.get("cut")) or None,
            "silent": silent or None,
            "patience": patience if silent or power in ("off", "frozen") else None,
            "beat": beat,
        }
        return {column: value for column, value in found.items() if value is not None}

    def of_pod(self, place: Place, believed: int, periods: Any) -> dict[str, Any]:
        """Columns of a pod; where the truth is the same as what the API believes, nothing is said."""
        box = self._boxes.get(place)
        if box is None:
            return {"up": 0} if believed and place[0] in self._machines else {}
        found = truth(box, periods)
        if found["up"] == believed:
            del found["up"]
        used = self._use.get(place)
        return found | ({"use": used} if used else {})

    def orphan(self, uid: str) -> dict[str, Any] | None:
        """What still runs on a machine although the API knows no such pod any more: true without being believed."""
        place = self._homes.get(uid)
        box = self._boxes[place] if place else None
        if place is None or box is None or not box.up or place[0] not in self._machines:
            return None
        namespace, name = box.pod
        row = {"id": uid, "kind": "Pod", "ns": namespace, "name": name, "node": place[0]}
        system = {"system": True} if namespace in SYSTEM else {}
        return {**row, **system, "orphan": True, "up": box.up, **self.of_pod(place, 0, {})}

    def measure(self, now: Time, *, fresh: bool = False) -> Iterator[Place]:
        """What no line of the log tells: the sandboxes whose use is another by now; or of the fresh ones only."""
        if now < self._now:
            self._idle.clear()
        self._now = now
        looked = [place for place in self._fresh if place in self._boxes] if fresh else self._boxes
        self._fresh = {}
        for place in [place for place in looked if self._idle.get(place) is not self._boxes[place]]:
            spent_ = self._measured(place, self._boxes[place], now)
            told = self._told(place, spent_) if spent_ else None
            if is_news(self._use.get(place), told):
                self._use.pop(place, None)
                if told:
                    self._use[place] = told
                yield place

    def _measured(self, place: Place, box: Box, now: Time) -> Spent | None:
        """What cannot be measured is not, and not tried again until it is written anew."""
        try:
            found = spent(box, now) if box.ran else self._known(place, box, now)
            idle = not box.ran or (found is not None and idle_since(box) <= now)
            if found is not None and box.ran and idle:
                found = replace(found, since=idle_since(box))
        except Exception:
            log.exception("what the sandbox %s uses cannot be told", place)
            found, idle = None, True
        if found is not None:
            self._spent[place] = found
        if idle:
            self._boxes[place] = self._idle[place] = box if self._goes_back else replace(box, ran=())
        return found

    def _known(self, place: Place, box: Box, now: Time) -> Spent | None:
        found = self._spent.get(place)
        return found if found and box.up and found.since <= now else None

    def _told(self, place: Place, spent_: Spent) -> list[int]:
        spins = self._active.hit("CPUHog", ("pod", *self._boxes[place].pod)) is not None
        return use(spent_, spins=spins, frozen=(self._machines.get(place[0]) or {}).get("power") == "frozen")

    def let_go(self, now: Time) -> list[Place]:
        """Sandboxes of which too little was kept to say what they used at that moment."""
        gone = [place for place, box in self._boxes.items() if box.up and not box.ran]
        return [place for place in gone if self._known(place, self._boxes[place], now) is None]

    def listen(self, now: Time) -> Iterator[str]:
        """The nodes that fell silent or are heard again; where all are, it is the engine that lags."""
        newest = max(self._beats.values(), default=0) * MILLISECOND
        for name, beat in self._beats.items():
            silent = min(now, newest) - beat * MILLISECOND > SILENT
            if silent != self._silent.get(name, False):
                self._silent[name] = silent
                yield name
