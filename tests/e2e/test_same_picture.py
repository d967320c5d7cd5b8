"""The same story, told twice with the same seed, gives the same picture at the same moment, to the pixel."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import orjson
import pytest
import yaml

from clusters.kinds.body import Body, key_of, put
from clusters.reconcile.clock import MILLISECOND
from clusters.store.clock import Clock
from playground.topology.board import RESOURCES, Board
from playground.topology.frames import snapshot
from tests.e2e.conftest import PHONE, PROJECTOR, Comes
from tests.e2e.confusing import CRASH, CUT, DARK, ELSEWHERE, MISSED, TYPO, VESSELS
from tests.e2e.manifests import manifest
from tests.sim import Sim

pytestmark = pytest.mark.browser

VIEWS = ("nodes", "ownership", "traffic", "storage")
Frame = dict[str, Any]


def bodies(*texts: str) -> list[Body]:
    found = [body for text in texts for body in yaml.safe_load_all(text)]
    return [put_in_default(body) for body in found]


def put_in_default(body: Body) -> Body:
    home = {} if body["kind"] == "Fault" else {"namespace": "default"}
    return {**body, "metadata": {**home, **body["metadata"]}}


@cache
def troubled(seed: str) -> Frame:
    """Three machines: one has lost its power, programs crash, eat and wait."""
    sim = Sim(seed=seed).apply(*bodies(MISSED, CRASH, TYPO, VESSELS, CUT, ELSEWHERE)).run(40)
    return frame(sim.apply(*bodies(DARK)).run(3))


@cache
def crowded(seed: str) -> Frame:
    """Sixteen machines and a Deployment that rolls: the map."""
    (stage,) = [put_in_default(body) for body in manifest("rolling-update") if body["kind"] == "Deployment"]
    sim = Sim(nodes=16, seed=seed).apply(put(stage, "spec.replicas", 60)).run(30)
    template = put(stage, "spec.template.metadata.annotations", {"changed": "yes"})["spec"]["template"]
    return frame(sim.patch("deployments", stage["metadata"]["name"], "spec.template", template).run(5))


def frame(sim: Sim) -> Frame:
    """What a page would get that looked at this moment."""
    board = Board()
    for resource in RESOURCES:
        for body in sim.list(resource):
            key = key_of(body)
            board.put(resource, key.namespace, key.name, body)
    board.revision = len(sim.log)
    board.measure(sim.now)
    found: Frame = orjson.loads(snapshot(board, Clock(sim.now, sim.now, 0.0, True), sim.now))
    return found | {"at": sim.now, "time": sim.now / MILLISECOND}


@pytest.mark.parametrize("story", [troubled, crowded])
@pytest.mark.parametrize("size", [PROJECTOR, PHONE])
def test_the_same_seed_and_moment_give_the_same_picture(comes: Comes, story: Any, size: tuple[int, int]) -> None:
    first = story("seven")
    story.cache_clear()
    again = story("seven")
    assert first == again

    here, there = comes(size=size).own_cluster(), comes(size=size).own_cluster()
    pictures = [looks(here, first), looks(there, again)]

    for view in VIEWS:
        assert pictures[0][view] == pictures[1][view]
    assert pictures[0]["nodes"]["rooms"]
    assert looks(here, story("eight")) != pictures[0]


def looks(who: Any, told: Frame) -> dict[str, Frame]:
    """The picture of every view at the frame's moment, by somebody who comes to it anew."""
    who.go(who.url)
    who.page.wait_for_function("() => window.podium && podium.picture().view === 'nodes'")
    found = {}
    for view in VIEWS:
        who.page.locator(f".tabs [data-view={view}]").click()
        text = who.page.evaluate(
            """async (frame) => {
                podium.past(frame);
                podium.freeze(frame.time);
                await podium.settled();
                const { surtitle, ...picture } = podium.picture(); // which stays long enough to be read
                podium.freeze(null);
                podium.past(null);
                return JSON.stringify(picture);
            }""",
            told,
        )
        found[view] = json.loads(text)
    return found
