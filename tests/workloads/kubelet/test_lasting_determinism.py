"""What stands on disks does not depend on slices, batches or workers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clusters.kinds.body import Body, put
from tests.clusters.controllers.storage import claim, storageclass, user_of
from tests.sim import Sim
from tests.workloads.kubelet.test_lasting import host

COUNT = "n=0; while true; do n=$((n+1)); echo $n >> /data/{}; sleep 1; done"


def lesson(sim: Sim, every: float = 0) -> Sim:
    """Two pods that write to one claim, one to its machine's disk, a crash, a claim whose pods go."""
    here = {"nodeName": "worker-1"}
    pods = [user_of("data", name, COUNT.format(name), here) for name in ("a", "b")]
    sim.apply(storageclass("fast"), claim("data", storageClassName="fast"), claim("other"))
    sim.apply(*pods, host("h", "worker-1", COUNT.format("h")), user_of("other", "c", COUNT.format("c")))
    go(sim, 18, every).crash("worker-1")
    go(sim, 8, every).delete("faults", "crash-worker-1")
    go(sim, 20, every).delete("pods", "a").delete("pods", "b")
    return go(sim, 10, every)


def go(sim: Sim, seconds: float, every: float) -> Sim:
    if not every:
        return sim.run(seconds)
    for _ in range(int(seconds / every)):
        sim.run(every).restart()
    return sim


def disks(sim: Sim) -> list[tuple[str, Any]]:
    return [(f"{body['metadata'].get('namespace', '')}/{body['metadata']['name']}", body["files"])
            for body in sim.list("disks")]  # fmt: skip


def story(sim: Sim) -> list[Any]:
    served = [entry for entry in sim.log if entry.change.kind.served]
    return [(e.at, e.actor, e.change.op, e.change.kind.plural, e.change.key, e.change.new.get("spec")) for e in served]


def cut(writes: int) -> Sim:
    sim = Sim(nodes=2)
    sim.slice = writes
    return lesson(sim)


@pytest.fixture(scope="module")
def whole() -> Sim:
    return cut(10**9)


@pytest.mark.parametrize("writes", [1, 7])
def test_the_same_files_however_batches_are_cut(whole: Sim, writes: int) -> None:
    other = cut(writes)

    assert story(other) == story(whole)
    assert disks(other) == disks(whole)


def test_a_worker_that_dies_again_and_again_loses_nothing() -> None:
    sim = lesson(Sim(nodes=2), 1.0)

    written = next(files["a"] for _, files in disks(sim) if "a" in files).split()
    assert len(written) > 20
    began_anew = written.index("1", 1)  # after the crash
    assert written[:began_anew] == [str(number + 1) for number in range(began_anew)]


def test_no_reader_changes_what_it_was_given() -> None:
    sim = Sim(nodes=1).apply(claim("data"), user_of("data", "a", COUNT.format("a"))).settle()
    seen: list[tuple[Body, str]] = [(body, json.dumps(body)) for body in sim.list("disks")]

    sim.run(10)

    assert [json.dumps(body) for body, _ in seen] == [text for _, text in seen]
    assert put(seen[0][0], "x", 1) is not seen[0][0]
