"""The page's own code, in Node, over long random stories: it ends with what a new page begins with."""

from __future__ import annotations

import random
import subprocess
import sys

import orjson

from playground.supervise.environment import ROOT
from playground.topology.board import Board
from playground.topology.frames import Frames, unpacked
from tests.playground.topology.reader import Reader
from tests.playground.topology.test_frames import CLOCK, line

NAMES = "abcdefghijklmnop"
FRAMES, STORIES = 80, 2
READ = [sys.executable, "-m", "playground.supervise.node", "tests/static/topology/replay.js"]


def test_the_page_ends_with_what_a_new_page_begins_with() -> None:
    for seed in range(STORIES):
        told, end = story(random.Random(seed)), Reader()
        end.take(told.pop())

        done = subprocess.run(READ, input=b"\n".join(told), cwd=ROOT, capture_output=True, check=False)

        assert done.returncode == 0, done.stderr.decode()
        found = orjson.loads(done.stdout)
        assert found["frame"] == end.frame
        assert {row["id"]: row for row in found["rows"]} == end.by_id(), f"seed {seed}"


def story(chance: random.Random) -> list[bytes]:
    """A page's frames, and at the end the snapshot of a page that comes then. Now and then it gets all anew."""
    frames, revision = Frames(Board(), "test"), 0
    told = [unpacked(frames.snapshot(CLOCK, 0))]
    for number in range(FRAMES):
        lines = [happening(chance) for _ in range(chance.choice([1, 2, 5, 60]))]
        frames.board.take(line(revision := revision + 1, *one) for one in lines)
        told += [unpacked(text)] if (text := frames.delta(None, 0)) else []
        if number % 50 == 49:
            told.append(unpacked(frames.snapshot(CLOCK, 0)))
    return [*told, frames.snapshot(CLOCK, 0)]


def happening(chance: random.Random) -> tuple[str, str, object]:
    name = chance.choice(NAMES)
    match chance.choice(["pods", "pods", "pods", "services", "endpointslices", "nodes", "machines", "leases"]):
        case "pods":
            return "pods", name, chance.choice(["Pending", "Running", "Succeeded", "DELETED"])
        case "services":
            return "services", name, chance.choice(["ClusterIP", "NodePort", "DELETED"])
        case "endpointslices":
            return "endpointslices", name, chance.sample(NAMES, chance.randint(0, 9))
        case "nodes":
            return "nodes", name, chance.choice(["", "zone", "DELETED"])
        case "machines":
            return "machines", name, chance.choice(["on", "off", "DELETED"])
    return "leases", name, chance.randint(0, 59)
