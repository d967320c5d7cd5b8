"""Everything can be broken by `kubectl apply` of a Fault, and mended by deleting it: the whole catalogue at once."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from clusters.faults import FAULTS
from clusters.faults.faulttype import COME_LATER, LATER, FaultType
from clusters.kinds.body import Body
from tests.conformance.conftest import cluster
from tests.conformance.kubectl import Kubectl
from tests.podium import Podium

WEB = {"matchLabels": {"app": "web"}}
READY = {"name": "nginx", "readinessProbe": {"httpGet": {"path": "/", "port": 80}, "periodSeconds": 2}}
PROBED = {"spec": {"template": {"spec": {"containers": [READY]}}}}


@pytest.fixture(scope="module")
def kubectl(podium: Podium, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kubectl]:
    """In a cluster of its own, since nothing in it stays as it was."""
    with cluster(podium, "broken", "10", tmp_path_factory.mktemp("broken")) as found:
        prepare(found)
        yield found


def prepare(found: Kubectl) -> None:
    found("create", "deployment", "web", "--image=nginx:1.29", "--replicas=3")
    found("patch", "deployment", "web", "-p", json.dumps(PROBED))
    found("label", "node", "worker-3", "topology.kubernetes.io/zone=a")
    found("rollout", "status", "deployment/web", "--timeout=120s")


def fault(known: FaultType) -> Body:
    """Moments hit a machine that lives, states another one."""
    aims: dict[str, Body] = {
        "node": {"node": "worker-1" if known.moment else "worker-2"},
        "zone": {"zone": "a"},
        "container": {"selector": WEB},
        "deployment": {"deployment": "web"},
    }
    target = aims.get(known.target)
    spec = {"type": known.type, **({"target": target} if target else {})}
    return {"apiVersion": "podium.dev/v1", "kind": "Fault", "metadata": {"name": known.type.lower()}, "spec": spec}


def test_every_fault_is_applied_listed_and_healed_by_deleting_it(kubectl: Kubectl) -> None:
    for known in sorted(FAULTS.values(), key=lambda one: not one.moment):
        if known.moment:  # it hits who runs, and hits them once
            kubectl("rollout", "status", "deployment/web", "--timeout=120s")
        kubectl("apply", "-f", "-", stdin=json.dumps(fault(known)))
        says = "Set the image" if known.target == "deployment" else "Hit"
        kubectl.eventually(says, "get", "fault", known.type.lower(), "-o", "wide")
    assert len(kubectl("get", "faults", "--no-headers").lines) == len(FAULTS)

    kubectl("delete", "faults", "--all", "--timeout=120s")
    kubectl("rollout", "status", "deployment/web", "--timeout=120s")
    assert kubectl("get", "deployment", "web", "-o", "jsonpath={..image}").out == "nginx:1.29"


@pytest.mark.parametrize("type_", LATER)
def test_faults_of_api_server_etcd_and_volumes_are_refused_with_that_sentence(kubectl: Kubectl, type_: str) -> None:
    body = {"apiVersion": "podium.dev/v1", "kind": "Fault", "metadata": {"name": "later"}, "spec": {"type": type_}}

    assert COME_LATER in kubectl.refused("apply", "-f", "-", stdin=json.dumps(body))
