"""What makes a member unmistakable: name, hostname, labels, claims (Kubernetes: StatefulSet pod identity)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from clusters.kinds.body import Body, dig
from workloads.controllers.statefulset.ensemble import Ensemble, first_ordinal
from workloads.replicas.making import pod_from
from workloads.replicas.revisions import POD_LABEL, template_in

NAME_LABEL, INDEX_LABEL = "statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index"


def name_of(sts: Body, number: int) -> str:
    return f"{sts['metadata']['name']}-{number}"


def identity_labels(sts: Body, number: int) -> Mapping[str, str]:
    return {NAME_LABEL: name_of(sts, number), INDEX_LABEL: str(number)}


def claim_names(sts: Body, number: int) -> Mapping[str, str]:
    """The member's claims by the names of their templates."""
    templates = sts["spec"].get("volumeClaimTemplates") or ()
    names = [template["metadata"]["name"] for template in templates]
    return {name: f"{name}-{name_of(sts, number)}" for name in names}


def member(ensemble: Ensemble, number: int) -> Body:
    """The pod of this ordinal, of the template that it should have: below the partition the old one stays."""
    sts = ensemble.sts
    revision = ensemble.current if _stays(sts, number) else ensemble.history.current
    name = name_of(sts, number)
    labels = {**identity_labels(sts, number), POD_LABEL: revision["metadata"]["name"]}
    prefix = f"{sts['metadata']['name']}-"
    pod = pod_from(sts, template_in(revision), labels, name=name, generateName=prefix)
    subdomain = {"subdomain": sts["spec"]["serviceName"]} if sts["spec"].get("serviceName") else {}
    volumes = _volumes(sts, number, pod["spec"].get("volumes") or ())
    return {**pod, "spec": {**pod["spec"], "hostname": name, **subdomain, **({"volumes": volumes} if volumes else {})}}


def _stays(sts: Body, number: int) -> bool:
    if dig(sts, "spec.updateStrategy.type") != "RollingUpdate":
        return False
    return number < first_ordinal(sts) + int(dig(sts, "spec.updateStrategy.rollingUpdate.partition", 0))


def _volumes(sts: Body, number: int, stated: Sequence[Body]) -> list[Body]:
    """Those of its claims, and the template's but for those that a claim replaces."""
    claims = claim_names(sts, number)
    own = [{"name": name, "persistentVolumeClaim": {"claimName": claim}} for name, claim in claims.items()]
    return own + [volume for volume in stated if volume["name"] not in claims]
