"""The control loop: order, timers, what a batch is, and what happens when it cannot be stored."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Any

import pytest

from clusters.admission.apply import ADDED, Change
from clusters.engine import assembly
from clusters.kinds.body import Body, Key, put
from clusters.kinds.kind import Kind
from clusters.kinds.problem import Status
from clusters.reconcile.clock import SECOND
from clusters.reconcile.component import Component, Controller
from clusters.reconcile.loop import Loop
from clusters.reconcile.timings import CLASSROOM
from clusters.reconcile.view import View
from clusters.reconcile.world import Due, World
from clusters.reconcile.writes import Create, LookAgain, Update, Write

Writes = Generator[Write, Body | Status | None, None]
THING = Kind("v1", "Thing", "things")
BOX = Kind("machine.podium.dev/v1", "Box", "boxes", served=False)
SHARED = Key("", "shared")


def thing(name: str, **fields: Any) -> Body:
    return {"apiVersion": "v1", "kind": "Thing", "metadata": {"name": name, "namespace": "default"}, **fields}


def loop_of(*components: Component, failed: list[str] | None = None) -> Loop:
    """With `failed`, the names of components that raise are noted there; else the error goes on."""
    world = World({"things": THING, "boxes": BOX}, components, (), CLASSROOM, "seed", assembly.kernel())
    return Loop(world, failed=None if failed is None else lambda name, key, error: failed.append(name))


def write(loop: Loop, body: Body, at: int = 0) -> None:
    change = Change(ADDED, THING, Key("default", body["metadata"]["name"]), put(body, "metadata.uid", "u"), None)
    loop.commit(change, "test", 0, "", Due(at, 0, 0))


def run(loop: Loop, until: int = 10**12, most: int = 10**6) -> None:
    loop.run(until, lambda written: written >= most)


def component(name: str, seen: list[Any], **options: Any) -> Component:
    def reconcile(key: Key, view: View) -> Writes:
        seen.append((name, key.name, view.now))
        yield from ()

    return Component(Controller(name, "things", **options), reconcile)


def test_keys_run_in_order_of_component_and_key_within_a_round() -> None:
    seen: list[Any] = []
    loop = loop_of(component("first", seen), component("second", seen))
    for name in ("b", "a"):
        write(loop, thing(name))

    run(loop)

    assert [(who, key) for who, key, _ in seen] == [("first", "a"), ("first", "b"), ("second", "a"), ("second", "b")]


def test_a_key_that_many_changes_ask_for_runs_once_a_round() -> None:
    seen: list[Any] = []
    to_one = lambda new, old, view: (SHARED,)  # noqa: E731
    loop = loop_of(component("sum", seen, mapper=to_one))
    for number in range(100):
        write(loop, thing(f"t-{number}"))

    run(loop)

    assert len(seen) == 1


def test_a_patient_component_looks_once_when_nobody_else_has_anything_to_do_at_that_moment() -> None:
    seen: list[Any] = []
    to_one = lambda new, old, view: (SHARED,)  # noqa: E731

    def makes_five(key: Key, view: View) -> Writes:
        made = len(view.list("things"))
        if made < 5:
            yield Create("things", thing(f"t-{made}"))
            yield LookAgain(view.now)

    busy = Component(Controller("maker", "things", mapper=to_one), makes_five)
    loop = loop_of(replace(component("sum", seen, mapper=to_one), patient=True), busy)
    write(loop, thing("first"))

    run(loop)

    assert len(loop.objects.list("things")) == 5
    assert len(seen) == 1


def test_a_timer_fires_at_its_own_time_however_late_it_is() -> None:
    seen: list[int] = []

    def reconcile(key: Key, view: View) -> Writes:
        seen.append(view.now)
        if len(seen) < 4:
            yield LookAgain(view.now + SECOND)

    loop = loop_of(Component(Controller("ticker", "things"), reconcile))
    write(loop, thing("a"), at=5 * SECOND)

    run(loop)

    assert seen == [5 * SECOND, 6 * SECOND, 7 * SECOND, 8 * SECOND]


def test_a_later_component_sees_what_an_earlier_one_wrote_in_the_same_slice() -> None:
    def copies(key: Key, view: View) -> Writes:
        if key.name == "a" and view.get("things", Key("default", "b")) is None:
            yield Create("things", thing("b"))

    seen: list[Any] = []
    loop = loop_of(Component(Controller("copier", "things"), copies), component("reader", seen))
    write(loop, thing("a"))

    run(loop)

    assert ("reader", "b", 0) in seen
    assert [entry.revision for entry in loop.drain()] == [1, 2]


def test_a_write_carries_the_revision_that_made_it_necessary() -> None:
    def copies(key: Key, view: View) -> Writes:
        if key.name == "a":
            yield Create("things", thing("b"))

    loop = loop_of(Component(Controller("copier", "things"), copies))
    write(loop, thing("a"))
    run(loop)

    made = loop.drain()[1]
    assert (made.actor, made.cause) == ("copier", 1)


def test_machine_objects_are_one_line_a_batch_and_come_last() -> None:
    def counts(key: Key, view: View) -> Writes:
        if key.name == "a":
            box = yield Create("boxes", {"metadata": {"name": "box"}, "n": 0})
            for number in range(5):
                assert isinstance(box, dict)
                box = yield Update("boxes", {**box, "n": number})
            yield Create("things", thing("b"))

    loop = loop_of(Component(Controller("counter", "things"), counts))
    write(loop, thing("a"))
    run(loop)
    entries = loop.drain()

    assert [(e.change.kind.plural, e.revision) for e in entries] == [("things", 1), ("things", 2), ("boxes", 3)]
    assert entries[-1].change.new["n"] == 4
    assert entries[-1].change.op == ADDED


def test_a_refused_batch_is_forgotten_and_done_again() -> None:
    def copies(key: Key, view: View) -> Writes:
        if key.name == "a" and view.get("things", Key("default", "b")) is None:
            yield Create("things", thing("b"))

    loop = loop_of(Component(Controller("copier", "things"), copies))
    loop.take(ADDED, "things", Key("default", "a"), put(thing("a"), "metadata.resourceVersion", "1"), 1, 0)
    run(loop)
    loop.drain()

    loop.undo()

    assert loop.objects.get("things", Key("default", "b")) is None
    assert loop.revision == 1
    run(loop)
    assert [entry.revision for entry in loop.drain()] == [2]


def test_a_batch_that_comes_later_than_thought_carries_the_later_revisions() -> None:
    loop = loop_of()
    write(loop, thing("a"))
    loop.drain()

    loop.stored(shift=7)

    held = loop.objects.get("things", Key("default", "a"))
    assert held is not None
    assert held["metadata"]["resourceVersion"] == "8"
    assert loop.revision == 8


def test_a_component_that_fails_tries_again_later_and_stops_nobody() -> None:
    seen: list[Any] = []
    failures: list[str] = []

    def fails(key: Key, view: View) -> Writes:
        if view.now < SECOND:
            raise RuntimeError
        seen.append(view.now)
        yield from ()

    loop = loop_of(Component(Controller("broken", "things"), fails), component("other", seen), failed=failures)
    write(loop, thing("a"))
    run(loop)

    assert ("other", "a", 0) in seen
    assert set(failures) == {"broken"}
    assert any(isinstance(moment, int) and moment >= SECOND for moment in seen)


@pytest.mark.parametrize("most", [1, 2, 3, 1000])
def test_what_happens_does_not_depend_on_where_slices_end(most: int) -> None:
    def splits(key: Key, view: View) -> Writes:
        body = view.get("things", key)
        if body and body.get("depth", 0) < 3 and not body.get("split"):
            for _ in range(2):
                child = thing("", depth=body.get("depth", 0) + 1)
                child["metadata"] = {"generateName": "x-", "namespace": "default"}
                yield Create("things", child)
            yield Update("things", {**body, "split": True})

    loop = loop_of(Component(Controller("splitter", "things"), splits))
    write(loop, thing("root"))
    log: list[Any] = []
    while (due := loop.next_due()) is not None:
        run(loop, until=due, most=most)
        log += [(e.change.op, e.change.key, e.revision, e.cause) for e in loop.drain()]
        loop.stored()

    assert len(log) == 1 + 14 + 7
    assert log == LOGS.setdefault("first", log)


LOGS: dict[str, list[Any]] = {}


def test_one_component_does_not_shift_the_luck_of_another() -> None:
    drawn: list[str] = []

    def draws(key: Key, view: View) -> Writes:
        drawn.append(view.random.suffix())
        yield from ()

    def noisy(key: Key, view: View) -> Writes:
        view.random.suffix()
        yield from ()

    for others in ((), (Component(Controller("noisy", "things"), noisy),)):
        loop = loop_of(*others, Component(Controller("draws", "things"), draws))
        write(loop, thing("a"))
        run(loop)

    assert drawn[0] == drawn[1]


class Picky:
    """A cache that cannot bear some objects."""

    resources = ("boxes", "things")

    def changed(self, resource: str, new: Body | None, old: Body | None) -> None:
        if new and new.get("odd"):
            raise ValueError


def test_an_object_that_a_cache_or_a_mapper_cannot_bear_stops_nobody_else() -> None:
    def mapper(new: Body | None, old: Body | None, view: View) -> tuple[Key, ...]:
        return (Key("default", new["metadata"]["name"]),) if new and not new["odd"] else ()

    seen: list[Any] = []
    failures: list[str] = []
    odd = (component("picky", [], cache=Picky), component("keyed", [], mapper=mapper))
    loop = loop_of(*odd, component("other", seen), failed=failures)
    write(loop, thing("a", odd=True))
    write(loop, thing("b"))

    run(loop)

    assert failures == ["picky", "keyed"]
    assert [key for _, key, _ in seen] == ["a", "b"]


def test_a_component_may_be_woken_by_every_served_kind() -> None:
    seen: list[Any] = []
    to_kind = lambda kind: lambda new, old, view: (Key("", kind.plural),)  # noqa: E731
    loop = loop_of(component("all", seen, mapper=lambda new, old, view: (), everywhere=to_kind))
    other = loop_of(component("none", seen))
    assert (sorted(loop._listeners.woken), sorted(other._listeners.woken)) == (["things"], ["things"])

    everywhere = Component(Controller("all", "boxes", everywhere=to_kind), loop.world.components[0].reconcile)
    woken = loop_of(everywhere)
    write(woken, thing("a"))
    run(woken)

    assert [key for _, key, _ in seen] == ["things"]
