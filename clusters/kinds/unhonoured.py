"""What is valid in Kubernetes and has no effect here: said in a warning, never passed over in silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from clusters.kinds.annotations import unhonoured
from clusters.kinds.body import Body
from clusters.kinds.kind import Kind

NO_EFFECT = "is not simulated here and has no effect"
NO_CLASS = "no controller here has load balancers of that class, so its external address stays pending"
NO_RECYCLING = "nothing is scrubbed here: the volume stays Released"
NO_SUCH_DISK = "no machine here has such storage: pods that use the volume wait for ever"


class Rule(NamedTuple):
    """A field by its dotted path (`containers[].tty`), and what to say of it.

    `fine`: values that need no warning; `only`: where it is given, no other values need one.
    """

    path: str
    fine: Sequence[Any] = ()
    told: str = NO_EFFECT
    only: Sequence[Any] = ()


_CONTAINER = (
    "restartPolicyRules",
    "volumeDevices",
    "securityContext.allowPrivilegeEscalation",
    "securityContext.appArmorProfile",
    "securityContext.capabilities",
    "securityContext.privileged",
    "securityContext.procMount",
    "securityContext.seLinuxOptions",
    "securityContext.seccompProfile",
    "securityContext.windowsOptions",
    "lifecycle.stopSignal",
)
_CONTAINER_RULES = (
    *(Rule(path) for path in _CONTAINER),
    Rule("volumeMounts[].mountPropagation", ("None",)),
    Rule("volumeMounts[].recursiveReadOnly", ("Disabled",)),
    Rule("env[].valueFrom.fileKeyRef"),
    Rule("resources.claims"),
)
_POD = (
    "hostIPC",
    "hostPID",
    "hostnameOverride",
    "resourceClaims",
    "securityContext.appArmorProfile",
    "securityContext.fsGroupChangePolicy",
    "securityContext.seLinuxChangePolicy",
    "securityContext.seLinuxOptions",
    "securityContext.seccompProfile",
    "securityContext.sysctls",
    "securityContext.windowsOptions",
)
_SIMULATED = (
    "configMap",
    "secret",
    "emptyDir",
    "projected",
    "downwardAPI",
    "hostPath",
    "persistentVolumeClaim",
    "ephemeral",
)
_VOLUMES = f"a pod with such a volume fails here: only {', '.join(_SIMULATED)} are simulated"
_EACH = ("initContainers", "containers")
_SOURCES = (
    "awsElasticBlockStore",
    "azureDisk",
    "azureFile",
    "cephfs",
    "cinder",
    "fc",
    "flexVolume",
    "flocker",
    "gcePersistentDisk",
    "glusterfs",
    "iscsi",
    "nfs",
    "photonPersistentDisk",
    "portworxVolume",
    "quobyte",
    "rbd",
    "scaleIO",
    "storageos",
    "vsphereVolume",
)
_POD_RULES = (
    *(Rule(path) for path in _POD),
    Rule("hostUsers", (True,)),
    Rule("imagePullSecrets", (), "is kept, but every simulated registry lets everybody in"),
    *(Rule(f"{group}[].{rule.path}", rule.fine) for group in _EACH for rule in _CONTAINER_RULES),
)
_SERVICE_RULES = (Rule("spec.loadBalancerClass", (), NO_CLASS),)
_CLAIM_RULES = (
    Rule("spec.volumeMode", ("Filesystem",)),
    Rule("spec.dataSource"),
    Rule("spec.dataSourceRef"),
    Rule("spec.volumeAttributesClassName"),
)
_VOLUME_RULES = (
    Rule("spec.volumeMode", ("Filesystem",)),
    Rule("spec.mountOptions"),
    Rule("spec.volumeAttributesClassName"),
    Rule("spec.persistentVolumeReclaimPolicy", told=NO_RECYCLING, only=("Recycle",)),
    *(Rule(f"spec.{name}", told=NO_SUCH_DISK) for name in _SOURCES),
)
_CLASS_RULES = (
    Rule("allowVolumeExpansion", (False,), "volumes do not grow here: a larger request is refused"),
    Rule("parameters"),
    Rule("mountOptions"),
    Rule("allowedTopologies"),
)
_WHOLE: Mapping[str, Sequence[Rule]] = {
    "persistentvolumeclaims": _CLAIM_RULES,
    "persistentvolumes": _VOLUME_RULES,
    "storageclasses": _CLASS_RULES,
    "services": _SERVICE_RULES,
    "nodes": (Rule("spec.configSource"), Rule("spec.providerID")),
    "serviceaccounts": (Rule("secrets"),),
}
_FROM_TEMPLATE = ("replicasets", "deployments", "statefulsets", "daemonsets", "replicationcontrollers", "jobs")
_PODS_AT: Mapping[str, str] = {
    "pods": "spec",
    **dict.fromkeys(_FROM_TEMPLATE, "spec.template.spec"),
    "cronjobs": "spec.jobTemplate.spec.template.spec",
}


def warnings(kind: Kind, body: Body) -> list[str]:
    """A sentence for each field of the object that has no effect here."""
    found: list[str] = []
    for rule in _WHOLE.get(kind.plural, ()):
        found += _told(body, rule, "")
    if kind.plural == "ingresses":
        found += unhonoured(body)
    place = _PODS_AT.get(kind.plural)
    if place:
        spec = next((value for _, value in _values(body, place.split("."), "")), None)
        if isinstance(spec, dict):
            found += _of_pod(spec, place)
    return found


def _of_pod(spec: Body, place: str) -> Iterator[str]:
    for rule in _POD_RULES:
        yield from _told(spec, rule, place)
    for index, volume in enumerate(spec.get("volumes") or ()):
        for name in volume:
            if name not in ("name", *_SIMULATED):
                yield f"{place}.volumes[{index}].{name}: {_VOLUMES}"
    if (spec.get("terminationGracePeriodSeconds") or 0) < 0:
        negative = "must be >= 0; negative values are invalid and will be treated as 1."
        yield f"{place}.terminationGracePeriodSeconds: {negative}"


def _told(body: Body, rule: Rule, place: str) -> Iterator[str]:
    for path, value in _values(body, rule.path.split("."), place):
        # what is empty asks for nothing, nor does what is off unless being on is the rule
        asks = value or (value is False and rule.fine)
        if asks and value not in rule.fine and (not rule.only or value in rule.only):
            yield f"{path}: {rule.told}"


def _values(value: Any, steps: Sequence[str], place: str) -> Iterator[tuple[str, Any]]:
    """(path with indexes, value) for all that stands at the end of the steps."""
    if not steps:
        yield place, value
        return
    if not isinstance(value, dict):
        return
    name = steps[0].removesuffix("[]")
    inner, here = value.get(name), f"{place}.{name}" if place else name
    if inner is None:
        return
    if steps[0].endswith("[]"):
        for index, item in enumerate(inner if isinstance(inner, list) else ()):
            yield from _values(item, steps[1:], f"{here}[{index}]")
    else:
        yield from _values(inner, steps[1:], here)
