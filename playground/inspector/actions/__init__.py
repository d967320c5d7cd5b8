"""What can be done to an object of each kind. Listed by hand, in the order of the buttons."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from clusters.kinds.body import Body, is_deleting
from clusters.kinds.kind import Kind
from playground.home.action import Action
from playground.inspector.actions.deployment import deployment_actions
from playground.inspector.actions.job import cronjob_actions, job_actions
from playground.inspector.actions.node import node_actions
from playground.inspector.actions.pod import pod_actions
from playground.inspector.actions.removal import remove
from playground.inspector.actions.replicas import scale
from playground.inspector.actions.revisions import daemonset_actions, statefulset_actions
from playground.inspector.around import Around
from playground.traffic.actions import traffic_actions

# given the object, what stands around it, and what the form says ("replicas": "5")
Offers = Callable[[Body, Around, Mapping[str, str]], Iterator[Action]]


def replicaset_actions(body: Body, around: Around, form: Mapping[str, str]) -> Iterator[Action]:
    yield scale(body, "replicasets", form)


def replicationcontroller_actions(body: Body, around: Around, form: Mapping[str, str]) -> Iterator[Action]:
    yield scale(body, "replicationcontrollers", form)


OFFERS: Mapping[str, Offers] = {
    "nodes": node_actions,
    "pods": pod_actions,
    "deployments": deployment_actions,
    "replicasets": replicaset_actions,
    "statefulsets": statefulset_actions,
    "daemonsets": daemonset_actions,
    "replicationcontrollers": replicationcontroller_actions,
    "jobs": job_actions,
    "cronjobs": cronjob_actions,
    "traffic": traffic_actions,
}


def actions_of(kind: Kind, body: Body, around: Around, form: Mapping[str, str]) -> list[Action]:
    """Every action that makes sense now; deletion, which every kind has, comes last."""
    offers = OFFERS.get(kind.plural)
    found = list(offers(body, around, form)) if offers else []
    return found if is_deleting(body) and kind.plural != "pods" else [*found, remove(kind, body)]
