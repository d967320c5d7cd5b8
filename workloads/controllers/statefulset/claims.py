"""The members' claims: made before the pod, kept or deleted by policy (persistentVolumeClaimRetentionPolicy)."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence

from clusters.kinds.body import Body, Key, dig, is_deleting, owner_reference, put, uid_of, without
from clusters.kinds.problem import Status
from clusters.reconcile.view import View
from clusters.reconcile.writes import Create, Update, Write
from workloads.controllers.statefulset.ensemble import Ensemble, ordinal
from workloads.controllers.statefulset.identity import claim_names, name_of
from workloads.controllers.statefulset.telling import claimed, not_claimed
from workloads.replicas.claim import Writes

RESOURCE = "persistentvolumeclaims"
Reasons = Generator[Write, Body | Status | None, str]  # why the claims are not there; "": they are


def make_claims(ensemble: Ensemble, number: int) -> Reasons:
    """Create those that lack; they survive their pod, so most are there already."""
    sts, pod, wrong = ensemble.sts, name_of(ensemble.sts, number), []
    names = claim_names(sts, number)
    for template in sts["spec"].get("volumeClaimTemplates") or ():
        name = names[template["metadata"]["name"]]
        known = _claim(sts, name, ensemble.view)
        if known is not None:
            wrong += [f"pvc {name} is being deleted"] if is_deleting(known) else []
            continue
        made = yield Create(RESOURCE, _made(sts, template, name), why=f"{pod} wants it.")
        if isinstance(made, Status):
            wrong.append(f"failed to create PVC {name}: {made.message}")
            yield not_claimed(sts, name, pod, made.message)
        else:
            yield claimed(sts, name, pod)
    return wrong[0] if len(wrong) == 1 else f"[{', '.join(wrong)}]" if wrong else ""


def has_stale_claim(ensemble: Ensemble, number: int) -> bool:
    """A claim still belongs to a former pod of this name: it will be gone soon, and must not be taken over."""
    if _policy(ensemble.sts, "whenScaled") == "Retain":
        return False
    pod = name_of(ensemble.sts, number)
    claims = [_claim(ensemble.sts, name, ensemble.view) for name in claim_names(ensemble.sts, number).values()]
    return any(owner["kind"] == "Pod" and owner["name"] == pod for claim in claims for owner in _owners(claim))


def keep_claims(ensemble: Ensemble, pod: Body) -> Writes:
    """Let each claim be owned by whoever's end shall be its own: the set, the pod that is too many, or nobody."""
    for name in claim_names(ensemble.sts, ordinal(pod)).values():
        claim = _claim(ensemble.sts, name, ensemble.view)
        if claim is None:
            continue
        others = [owner for owner in _owners(claim) if owner["uid"] not in (uid_of(ensemble.sts), uid_of(pod))]
        owners = [*others, *(owner_reference(one) for one in _wanted(ensemble, pod))]
        if owners == list(_owners(claim)) or any(owner.get("controller") for owner in others):
            continue
        place = "metadata.ownerReferences"
        kept = put(claim, place, owners) if owners else without(claim, place)
        yield Update(RESOURCE, kept, because=ensemble.sts, why="The retention policy decides when it goes.")


def _wanted(ensemble: Ensemble, pod: Body) -> Iterator[Body]:
    is_too_many = ordinal(pod) not in ensemble.replicas
    goes_with_pod = is_too_many and _policy(ensemble.sts, "whenScaled") == "Delete"
    if goes_with_pod:
        yield pod
    elif _policy(ensemble.sts, "whenDeleted") == "Delete":
        yield ensemble.sts


def _made(sts: Body, template: Body, name: str) -> Body:
    given = template["metadata"]
    labels = {**(given.get("labels") or {}), **(dig(sts, "spec.selector.matchLabels") or {})}
    metadata = {"name": name, "namespace": sts["metadata"]["namespace"], "labels": labels}
    if given.get("annotations"):
        metadata["annotations"] = given["annotations"]
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata, "spec": template["spec"]}


def _claim(sts: Body, name: str, view: View) -> Body | None:
    return view.get(RESOURCE, Key(sts["metadata"]["namespace"], name))


def _policy(sts: Body, moment: str) -> str:
    return str(dig(sts, f"spec.persistentVolumeClaimRetentionPolicy.{moment}", "Retain"))


def _owners(claim: Body | None) -> Sequence[Body]:
    return claim["metadata"].get("ownerReferences") or () if claim else ()
