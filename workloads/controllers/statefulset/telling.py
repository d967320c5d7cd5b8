"""What a StatefulSet says of its members (stateful_pod_control: recordPodEvent, recordClaimEvent)."""

from __future__ import annotations

from clusters.kinds.body import Body
from clusters.kinds.problem import Status
from clusters.reconcile.writes import Delete, Emit
from workloads.controllers.statefulset.ensemble import Ensemble, Then, Turn
from workloads.replicas.retrying import again


def succeeded(sts: Body, verb: str, pod: str) -> Emit:
    told = f"{verb} Pod {pod} in StatefulSet {sts['metadata']['name']} successful"
    return Emit(sts, "Normal", f"Successful{verb.title()}", told)


def failed(sts: Body, verb: str, pod: str, why: str) -> Emit:
    told = f"{verb} Pod {pod} in StatefulSet {sts['metadata']['name']} failed error: {why}"
    return Emit(sts, "Warning", f"Failed{verb.title()}", told)


def claimed(sts: Body, claim: str, pod: str) -> Emit:
    told = f"create Claim {claim} Pod {pod} in StatefulSet {sts['metadata']['name']} success"
    return Emit(sts, "Normal", "SuccessfulCreate", told)


def not_claimed(sts: Body, claim: str, pod: str, why: str) -> Emit:
    told = f"create Claim {claim} for Pod {pod} in StatefulSet {sts['metadata']['name']} failed error: {why}"
    return Emit(sts, "Warning", "FailedCreate", told)


def refused(ensemble: Ensemble, said: Emit) -> Turn:
    """Say it, and try again after as long as it has been so."""
    yield said
    yield again(ensemble.sts, said.message, ensemble.view)
    return Then.STOP


def delete(ensemble: Ensemble, pod: Body, why: str) -> Turn:
    """Ask a member to go; its claims stay."""
    name = pod["metadata"]["name"]
    answer = yield Delete("pods", pod, why=why)
    if isinstance(answer, Status) and answer.code != 404:
        return (yield from refused(ensemble, failed(ensemble.sts, "delete", name, answer.message)))
    yield succeeded(ensemble.sts, "delete", name)
    return Then.WAIT
