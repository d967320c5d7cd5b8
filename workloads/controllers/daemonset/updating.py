"""From one template to the next: for a moment nodes have none, or have two (Kubernetes: DaemonSet rolling update)."""

from __future__ import annotations

from collections.abc import Mapping

from clusters.kinds.body import Body, Key, dig
from workloads.controllers.daemonset.manage import Acting, act
from workloads.controllers.daemonset.squad import STRATEGY, Squad, staying

Pair = tuple[Body | None, Body | None]  # the node's pod of the new template, and of an old one


def update(squad: Squad) -> Acting:
    """One step. With OnDelete it is left to others to delete the old pods."""
    if dig(squad.ds, f"{STRATEGY}.type") != "RollingUpdate":
        return False
    placed = squad.placed()
    mine = {name: node.should_run or (node.may_stay and name in placed) for name, node in squad.nodes.items()}
    wanting = {name: placed.get(name, {}) for name, is_mine in mine.items() if is_mine}
    if squad.allows_surge:
        return (yield from _surge(squad, wanting))
    return (yield from _replace(squad, wanting))


def _replace(squad: Squad, wanting: Mapping[str, Mapping[Key, Body]]) -> Acting:
    """Delete old pods, as many as may lack; one that does not work costs nothing to lose."""
    lacking, broken, candidates = 0, [], []  # type: int, list[Body], list[Body]
    for pods in wanting.values():
        pair = _pair(squad, pods)
        new, old = pair or (None, None)
        if (new is None) == (old is None):
            lacking += 1  # none yet, or two: placing sees to that
        elif new is not None:
            lacking += not squad.is_available(new)
        elif old is not None:
            (candidates if squad.is_available(old) else broken).append(old)
    return (yield from act(squad, [], [*broken, *candidates[: max(squad.lacking - lacking, 0)]]))


def _surge(squad: Squad, wanting: Mapping[str, Mapping[Key, Body]]) -> Acting:
    """Put a new pod beside an old one, on as many nodes as may have two; the old one goes when the new one works."""
    surging, replaced, urgent, candidates = 0, [], [], []  # type: int, list[Body], list[str], list[str]
    for node, pods in wanting.items():
        pair = _pair(squad, pods)
        if pair is None:
            surging += 1
            continue
        new, old = pair
        if old is None:
            continue
        if new is None:
            (candidates if squad.is_available(old) else urgent).append(node)
        elif squad.is_available(new):
            replaced.append(old)
        else:
            surging += 1
    return (yield from act(squad, [*urgent, *candidates[: max(squad.surge - surging, 0)]], replaced))


def _pair(squad: Squad, pods: Mapping[Key, Body]) -> Pair | None:
    """None: more than one of a sort, which placing sees to."""
    there = staying(pods)
    new = [pod for pod in there if squad.is_current(pod)]
    old = [pod for pod in there if not squad.is_current(pod)]
    if len(new) > 1 or len(old) > 1:
        return None
    return (new[0] if new else None), (old[0] if old else None)
