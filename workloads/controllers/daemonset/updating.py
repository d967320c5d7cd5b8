"""From one template to the next: for a moment nodes have none, or have two (Kubernetes: DaemonSet rolling update)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from clusters.kinds.body import Body, Key, dig
from workloads.controllers.daemonset.manage import Acting, act
from workloads.controllers.daemonset.placed import target
from workloads.controllers.daemonset.squad import STRATEGY, Squad, staying


class Stands(NamedTuple):
    """A pod, and whether it is available."""

    pod: Body
    works: bool


Pair = tuple[Stands | None, Stands | None]  # the node's pod of the new template, and of an old one


def update(squad: Squad) -> Acting:
    """One step. With OnDelete it is left to others to delete the old pods."""
    if dig(squad.ds, f"{STRATEGY}.type") != "RollingUpdate":
        return False
    if all(squad.is_marked(*mark) for mark in squad.view.cache.marks(squad.uid)):
        return False
    return (yield from (_surge(squad) if squad.allows_surge else _replace(squad)))


def _replace(squad: Squad) -> Acting:
    """Delete old pods, as many as may lack; one that does not work costs nothing to lose."""
    lacking, broken, candidates = 0, [], []  # type: int, list[Body], list[Body]
    for new, old in _pairs(squad):
        if (new is None) == (old is None):
            lacking += 1  # none yet, or two: placing sees to that
        elif new is not None:
            lacking += not new.works
        elif old is not None:
            (candidates if old.works else broken).append(old.pod)
    return (yield from act(squad, [], [*broken, *candidates[: max(squad.lacking - lacking, 0)]]))


def _surge(squad: Squad) -> Acting:
    """Put a new pod beside an old one, on as many nodes as may have two; the old one goes when the new one works."""
    surging, replaced, urgent, candidates = 0, [], [], []  # type: int, list[Body], list[str], list[str]
    for new, old in _pairs(squad):
        if old is None:
            continue
        if new is None:
            (candidates if old.works else urgent).append(target(old.pod))
        elif new.works:
            replaced.append(old.pod)
        else:
            surging += 1
    return (yield from act(squad, [*urgent, *candidates[: max(squad.surge - surging, 0)]], replaced))


def _pairs(squad: Squad) -> Iterator[Pair]:
    """Of each node that is its own."""
    placed, calm = squad.placed, squad.calm
    for node, (should_run, may_stay) in squad.nodes.items():
        one = calm.get(node) if may_stay else None
        if one is not None:
            found = Stands(one.pod, squad.works(one))
            yield (found, None) if squad.is_marked(one.mark, one.generation) else (None, found)
        elif should_run or (may_stay and node in placed):
            yield _pair(squad, placed.get(node, {}))


def _pair(squad: Squad, pods: Mapping[Key, Body]) -> Pair:
    """More than one of a sort is as good as none: placing sees to it first."""
    there = [Stands(pod, squad.is_available(pod)) for pod in staying(pods)]
    new = [one for one in there if squad.is_current(one.pod)]
    old = [one for one in there if not squad.is_current(one.pod)]
    if len(new) > 1 or len(old) > 1:
        return None, None
    return (new[0] if new else None), (old[0] if old else None)
