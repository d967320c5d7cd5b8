"""The chain of causes, walked back."""

from __future__ import annotations

from clusters.kinds.body import Body
from playground.reasons.chain import LONGEST, chain
from playground.timeline.teller import Entry
from tests.playground.things import deployment, pod, replicaset


class Log:
    """Lines by revision, each with its cause."""

    def __init__(self, *lines: tuple[Entry, int | None]) -> None:
        self._lines = {entry.revision: (entry, cause) for entry, cause in lines}

    def at(self, revision: int) -> tuple[Entry, int | None] | None:
        return self._lines.get(revision)

    def before(self, entry: Entry) -> Body | None:
        return None


def made(revision: int, resource: str, body: Body, actor: str, why: str = "") -> Entry:
    return Entry(revision, "ADDED", resource, "default", body["metadata"]["name"], actor, why, 0, body)


def test_a_pod_is_followed_back_to_the_person_who_began_it() -> None:
    log = Log(
        (made(1, "deployments", deployment("web"), "alice"), None),
        (made(2, "replicasets", replicaset("web-1"), "deployment-controller", "Revision 1 needs it."), 1),
        (made(3, "pods", pod("web-1-a"), "replicaset-controller", "3 of 3 replicas were missing."), 2),
    )

    assert [str(line) for line in chain(log, 3)] == [
        "replicaset-controller made pod web-1-a: 3 of 3 replicas were missing",
        "deployment-controller made ReplicaSet web-1: revision 1 needs it",
        "alice made Deployment web with 3 pods",
    ]


def test_a_chain_ends_where_the_log_ends() -> None:
    log = Log((made(3, "pods", pod("web-1-a"), "replicaset-controller"), 2))

    assert len(list(chain(log, 3))) == 1


def test_a_chain_that_never_ends_is_cut() -> None:
    log = Log((made(1, "pods", pod("a"), "x"), 1))

    assert len(list(chain(log, 1))) == LONGEST


def test_what_the_feed_leaves_out_is_said_plainly() -> None:
    lease: Body = {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": "worker-1"}}

    (line,) = chain(Log((made(1, "leases", lease, "kubelet/worker-1"), None)), 1)

    assert str(line) == "kubelet/worker-1 made Lease worker-1"
