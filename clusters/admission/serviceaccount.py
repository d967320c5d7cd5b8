"""Every pod is somebody to the API: its account, and where it finds the token (Kubernetes: ServiceAccount)."""

from __future__ import annotations

from clusters.admission.step import Step
from clusters.kinds.body import Body, Key, annotations_of
from clusters.kinds.problem import Status
from clusters.reconcile.view import View

MIRROR = "kubernetes.io/config.mirror"
MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount"
TOKEN_SECONDS = 3607
MODE = 0o644


def admit(new: Body | None, _: Body | None, view: View) -> Body | Status | None:
    """The pod with an account that exists, and its token's volume unless somebody does not want it."""
    assert new is not None
    if MIRROR in annotations_of(new):
        return new
    spec, namespace = new["spec"], new["metadata"]["namespace"]
    name = spec.get("serviceAccountName") or "default"
    account = view.get("serviceaccounts", Key(namespace, name))
    if account is None:
        missing = f'error looking up service account {namespace}/{name}: serviceaccount "{name}" not found'
        return Status.forbidden("pods", new["metadata"]["name"], missing)
    spec = {**spec, "serviceAccountName": name, "serviceAccount": name}
    if account.get("imagePullSecrets") and not spec.get("imagePullSecrets"):
        spec["imagePullSecrets"] = account["imagePullSecrets"]
    if _wants_token(spec, account):
        _mount_token(spec, view)
    return {**new, "spec": spec}


def _wants_token(spec: Body, account: Body) -> bool:
    wanted = spec.get("automountServiceAccountToken")
    return account.get("automountServiceAccountToken") is not False if wanted is None else bool(wanted)


def _mount_token(spec: Body, view: View) -> None:
    """Into each container that has nothing at that place. `spec` is the caller's own copy."""
    volume = f"kube-api-access-{view.random.suffix()}"
    mount = {"name": volume, "readOnly": True, "mountPath": MOUNT_PATH}
    used = False
    for group in ("initContainers", "containers"):
        mounted = [_with_mount(container, mount) for container in spec.get(group) or ()]
        if mounted:
            used = used or any(a is not b for a, b in zip(mounted, spec[group], strict=True))
            spec[group] = mounted
    if used:
        spec["volumes"] = [*(spec.get("volumes") or ()), _token_volume(volume)]


def _with_mount(container: Body, mount: Body) -> Body:
    mounts = container.get("volumeMounts") or ()
    if any(one.get("mountPath") == MOUNT_PATH for one in mounts):
        return container
    return {**container, "volumeMounts": [*mounts, mount]}


def _token_volume(name: str) -> Body:
    reference = {"apiVersion": "v1", "fieldPath": "metadata.namespace"}
    sources = [
        {"serviceAccountToken": {"expirationSeconds": TOKEN_SECONDS, "path": "token"}},
        {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
        {"downwardAPI": {"items": [{"path": "namespace", "fieldRef": reference}]}},
    ]
    return {"name": name, "projected": {"sources": sources, "defaultMode": MODE}}


STEP = Step("ServiceAccount", ("pods",), ("CREATE",), admit)
