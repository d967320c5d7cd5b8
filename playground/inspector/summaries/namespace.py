"""A namespace: what stands in it, and who may talk to whom there (Kubernetes: Namespaces)."""

from __future__ import annotations

from clusters.kinds.body import Body, dig
from playground.inspector.around import Around
from playground.inspector.summaries.anything import about
from playground.inspector.talks import talks
from playground.inspector.telling import Cell, Summary, Table, cell, counted, linked

COUNTED = (
    ("deployments", "Deployment"), ("statefulsets", "StatefulSet"), ("daemonsets", "DaemonSet"), ("jobs", "Job"),
    ("cronjobs", "CronJob"), ("services", "Service"), ("ingresses", "Ingress"), ("configmaps", "ConfigMap"),
    ("secrets", "Secret"), ("persistentvolumeclaims", "PersistentVolumeClaim"),
    ("networkpolicies", "NetworkPolicy"), ("resourcequotas", "ResourceQuota"),
)  # fmt: skip
MOST = 8  # names of a kind


def namespace(body: Body, around: Around) -> Summary:
    name = body["metadata"]["name"]
    policies = around.list("networkpolicies", name)
    free = Table("Who may talk to whom", (), (), "It has no NetworkPolicy: everybody may come to everybody in it.")
    return Summary(
        (says(body, around),),
        facts=about(body, around),
        tables=(holds(name, around), talks(name, (), around) if policies else free),
    )


def says(body: Body, around: Around) -> str:
    name = body["metadata"]["name"]
    if dig(body, "status.phase") == "Terminating":
        waits = [one.get("message", "") for one in dig(body, "status.conditions") or () if one.get("status") == "True"]
        return f"{name} is being deleted with all that is in it. {' '.join(waits)}".strip()
    return f"{name} holds {counted(len(around.list('pods', name)), 'pod')}."


def holds(name: str, around: Around) -> Table:
    rows = []
    for plural, kind in COUNTED:
        found = [one["metadata"]["name"] for one in around.list(plural, name)]
        words = [word for one in found[:MOST] for word in (", ", *linked(plural, name, one).words)][1:]
        more = [f" and {len(found) - MOST} more"] if len(found) > MOST else []
        if found:
            rows.append((cell(kind), cell(len(found)), Cell((*words, *more))))
    return Table("In it", ("Kind", "", "Names"), tuple(rows), empty="Nothing is in it.")
