"""What an object uses of a quota, and which quotas are about it (Kubernetes: quota evaluators)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from clusters.kinds.body import Body, annotations_of, dig
from clusters.kinds.kind import Kind
from clusters.kinds.podsums import sums
from clusters.kinds.quantity import parse, written
from clusters.reconcile.clock import SECOND, Time
from clusters.reconcile.clock import parse as parse_time

Usage = dict[str, Fraction]
ONE = Fraction(1)
OVER = ("Succeeded", "Failed")
COMPUTE = ("cpu", "memory", "ephemeral-storage")
BARE = ("configmaps", "replicationcontrollers", "resourcequotas", "secrets")  # counted without `count/`, too
STATED = ("cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory")  # must be said by all
CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class"


def usage(kind: Kind, body: Body, now: Time) -> Usage:
    """All that a quota could count of it, by the names that a quota's `hard` uses."""
    found: Usage = {f"count/{kind.resource}": ONE}
    if kind.plural == "pods":
        return found | (_pod(body) if _is_charged(body, now) else {})
    if kind.plural == "services":
        return found | _service(body)
    if kind.plural == "persistentvolumeclaims":
        return found | _claim(body)
    return found | ({kind.plural: ONE} if kind.plural in BARE else {})


def concerns(quota: Body, kind: Kind, body: Body) -> bool:
    """Whether the object is within all scopes of the quota. Scopes are about pods, but for one."""
    rules = list(_rules(quota))
    if kind.plural != "pods":
        return not rules
    return all(_in_scope(rule, body["spec"]) for rule in rules)


def total(quota: Body, objects: Iterator[tuple[Kind, Body]], now: Time) -> Usage:
    """What these objects use of what the quota limits."""
    hard: Mapping[str, str] = dig(quota, "spec.hard") or {}
    used = {name: Fraction(0) for name in hard}
    for kind, body in objects:
        if concerns(quota, kind, body):
            for name, amount in usage(kind, body, now).items():
                if name in used:
                    used[name] += amount
    return used


def counts(quota: Body, kind: Kind) -> bool:
    """Whether the quota limits anything that objects of this kind use."""
    hard: Mapping[str, str] = dig(quota, "spec.hard") or {}
    return any(_is_of(name, kind) for name in hard)


def shown(name: str, amount: Fraction) -> str:
    """As a quantity."""
    return written(amount, binary="memory" in name or "storage" in name)


def missing(quota: Body, pod: Body) -> str:
    """What a pod has to say for its containers where a quota limits it: `limits.cpu for: web`; "" if all is said."""
    wanted = [name for name in STATED if name in (dig(quota, "spec.hard") or {})]
    silent: dict[str, list[str]] = {}
    for container in (*pod["spec"]["containers"], *(pod["spec"].get("initContainers") or ())):
        said = _named(container.get("resources") or {})
        for name in wanted:
            if name not in said:
                silent.setdefault(name, []).append(container["name"])
    return "; ".join(f"{name} for: {','.join(sorted(silent[name]))}" for name in sorted(silent))


def _named(resources: Body) -> Sequence[str]:
    requests, limits = resources.get("requests") or {}, resources.get("limits") or {}
    return [*requests, *(f"requests.{name}" for name in requests), *(f"limits.{name}" for name in limits)]


def _is_of(name: str, kind: Kind) -> bool:
    if name == f"count/{kind.resource}":
        return True
    if kind.plural == "persistentvolumeclaims":
        return name in (kind.plural, "requests.storage") or ".storageclass.storage.k8s.io/" in name
    if kind.plural == "services":
        return name == "services" or name.startswith("services.")
    if kind.plural == "pods":
        return name == "pods" or name in COMPUTE or name.startswith(("requests.", "limits.", "hugepages-"))
    return name == kind.plural and name in BARE


def _pod(pod: Body) -> Usage:
    found = {"pods": ONE}
    for name, amount in sums(pod["spec"], "requests").items():
        found[f"requests.{name}"] = amount
        if name in COMPUTE or name.startswith("hugepages-"):
            found[name] = amount
    for name, amount in sums(pod["spec"], "limits").items():
        found[f"limits.{name}"] = amount
    return found


def _is_charged(pod: Body, now: Time) -> bool:
    """Neither over nor past its grace: a node that fell silent does not hold back a quota."""
    if dig(pod, "status.phase") in OVER:
        return False
    end = pod["metadata"].get("deletionTimestamp")
    return not end or not pod["metadata"].get("deletionGracePeriodSeconds") or now < parse_time(end) + SECOND


def _service(service: Body) -> Usage:
    spec, found = service["spec"], {"services": ONE}
    type_, ports = spec.get("type"), Fraction(len(spec.get("ports") or ()))
    if type_ == "LoadBalancer":
        found["services.loadbalancers"] = ONE
    if type_ == "NodePort" or (type_ == "LoadBalancer" and spec.get("allocateLoadBalancerNodePorts") is not False):
        found["services.nodeports"] = ports
    return found


def _claim(claim: Body) -> Usage:
    found = {"persistentvolumeclaims": ONE}
    asked = dig(claim, "spec.resources.requests.storage")
    storage = max(parse(amount) for amount in (asked, dig(claim, "status.allocatedResources.storage"), "0") if amount)
    found["requests.storage"] = storage
    name = annotations_of(claim).get(CLASS_ANNOTATION) or dig(claim, "spec.storageClassName")
    if name:
        found[f"{name}.storageclass.storage.k8s.io/requests.storage"] = storage
        found[f"{name}.storageclass.storage.k8s.io/persistentvolumeclaims"] = ONE
    return found


def _rules(quota: Body) -> Iterator[Body]:
    for scope in quota["spec"].get("scopes") or ():
        yield {"scopeName": scope, "operator": "Exists"}
    yield from dig(quota, "spec.scopeSelector.matchExpressions") or ()


def _in_scope(rule: Body, spec: Body) -> bool:
    name = rule["scopeName"]
    if name == "PriorityClass":
        return _has_class(rule, spec.get("priorityClassName") or "")
    if name in ("Terminating", "NotTerminating"):
        return (spec.get("activeDeadlineSeconds") is not None) is (name == "Terminating")
    if name in ("BestEffort", "NotBestEffort"):
        return _is_best_effort(spec) is (name == "BestEffort")
    return name == "CrossNamespacePodAffinity" and _looks_elsewhere(spec)


def _has_class(rule: Body, name: str) -> bool:
    operator, values = rule["operator"], rule.get("values") or ()
    if operator == "In":
        return name in values
    if operator == "NotIn":
        return name not in values
    return bool(name) is (operator == "Exists")


def _is_best_effort(spec: Body) -> bool:
    """No container asks for processor time or memory, nor is limited."""
    for container in (*(spec.get("initContainers") or ()), *spec["containers"]):
        for amounts in (container.get("resources") or {}).values():
            if isinstance(amounts, dict) and any(name in amounts and parse(amounts[name]) for name in COMPUTE[:2]):
                return False
    return True


def _looks_elsewhere(spec: Body) -> bool:
    for kind in ("podAffinity", "podAntiAffinity"):
        terms = dig(spec, f"affinity.{kind}") or {}
        stated = list(terms.get("requiredDuringSchedulingIgnoredDuringExecution") or ())
        for weighted in terms.get("preferredDuringSchedulingIgnoredDuringExecution") or ():
            stated.append(weighted["podAffinityTerm"])
        if any(term.get("namespaces") or term.get("namespaceSelector") is not None for term in stated):
            return True
    return False
