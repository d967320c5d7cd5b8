"""Break something: the catalogue, a fault's dialog with whom it would hit, what holds now, and healing it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from clusters.faults import FAULTS
from clusters.faults.faulttype import COME_LATER, GROUPS, FaultType
from clusters.kinds.body import Body, labels_of
from clusters.kinds.fault import PROBES
from clusters.models import Cluster
from playground.faults.actions import API_VERSION, applied, create
from playground.faults.form import fault_of, wrong
from playground.faults.offers import containers_of, deployments_for, nodes_for, pods_for
from playground.faults.recorded import recorded
from playground.faults.targets import targets
from playground.home.action import Action, Call, object_path
from playground.home.api import Outcome, run, visitor
from playground.home.found import cluster_of, cluster_to_change
from playground.home.reading import Reading
from playground.home.rights import may_edit

ZONE = "topology.kubernetes.io/zone"
SHOWN = 8  # names of targets that are written out


@require_GET
@never_cache
def panel(request: HttpRequest, slug: str) -> HttpResponse:
    """What holds now, what is over, and the catalogue."""
    return show(request, cluster_of(slug), None)


@require_GET
@never_cache
def standing(request: HttpRequest, slug: str) -> HttpResponse:
    """The part that lives, alone."""
    return render(request, "faults/_standing.html", shared(request, cluster_of(slug)) | told(cluster_of(slug)))


@require_GET
@never_cache
def dialog(request: HttpRequest, slug: str, type: str) -> HttpResponse:  # noqa: A002  the address' own word
    """A fault's own form."""
    cluster = cluster_of(slug)
    known = FAULTS.get(type)
    if known is None:
        raise Http404("There is no such fault.")
    given = {**request.GET.dict(), "name": request.GET.get("name") or new_name(cluster, known)}
    context = shared(request, cluster) | choices(cluster, known) | aimed(cluster, known, given)
    return page(request, "faults/_dialog.html", context | {"given": given})


@require_POST
def preview(request: HttpRequest, slug: str, type: str) -> HttpResponse:  # noqa: A002
    """Whom it would hit as the form stands, and kubectl's line for the same. It changes nothing."""
    cluster = cluster_of(slug)
    known = FAULTS.get(type)
    if known is None:
        raise Http404("There is no such fault.")
    context = shared(request, cluster) | aimed(cluster, known, request.POST.dict())
    return render(request, "faults/_preview.html", context)


@require_POST
def begin(request: HttpRequest, slug: str, type: str) -> HttpResponse:  # noqa: A002
    """Do it, as kubectl apply would."""
    cluster = cluster_to_change(request, slug)
    known = FAULTS.get(type)
    if known is None:
        raise Http404("There is no such fault.")
    body = fault_of(known, request.POST.dict())
    action = Action("break", known.title, applied(body), (create(body),), f"{body['metadata']['name']} has begun.")
    return show(request, cluster, run(visitor(request, cluster), cluster, action))


@require_POST
def heal(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Delete it."""
    cluster = cluster_to_change(request, slug)
    call = Call("DELETE", object_path(API_VERSION, "faults", name=name), may_be_gone=True)
    action = Action("heal", "Heal", f"kubectl delete fault {name}", (call,), f"{name} is healed.")
    return show(request, cluster, run(visitor(request, cluster), cluster, action))


def show(request: HttpRequest, cluster: Cluster, outcome: Outcome | None) -> HttpResponse:
    groups = [(group, [one for one in FAULTS.values() if one.group == group]) for group in GROUPS]
    context = shared(request, cluster) | told(cluster)
    return page(
        request, "faults/_faults.html", context | {"groups": groups, "outcome": outcome, "come_later": COME_LATER}
    )


def page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The partial; opened in a tab of its own it is a page."""
    whole = request.headers.get("HX-Request") != "true"
    return render(request, "faults/page.html" if whole else template, context | {"partial": template})


def shared(request: HttpRequest, cluster: Cluster) -> dict[str, Any]:
    return {"base": f"/c/{cluster.slug}/", "may_edit": may_edit(request.session, cluster.slug), "cluster": cluster}


def told(cluster: Cluster) -> dict[str, Any]:
    active, over = recorded(cluster)
    return {"active": active, "over": over}


def aimed(cluster: Cluster, known: FaultType, form: dict[str, str]) -> dict[str, Any]:
    """Whom, and the same as text."""
    body = fault_of(known, form)
    problems = wrong(body)
    found = None if problems else targets(body, Reading(cluster).list)
    names: Sequence[str] = found.names if found else ()
    return {
        "type": known,
        "problems": problems,
        "missed": found.missed if found else "",
        "names": names[:SHOWN],
        "more": max(len(names) - SHOWN, 0),
        "count": len(names),
        "uids": json.dumps(found.uids if found else []),
        "line": applied(body),
    }


def choices(cluster: Cluster, known: FaultType) -> dict[str, Any]:
    """What the pickers offer."""
    reading = Reading(cluster)
    taken = (*known.required, *known.optional)
    nodes, pods = nodes_for(known, reading.list), pods_for(known, reading.list)
    labels = [f"{name}={value}" for body in (nodes if known.hits == "nodes" else pods) for name, value in own(body)]
    return {
        "takes": {name: name in taken for name in ("node", "zone", "pod", "container", "selector", "deployment")},
        "nodes": [node["metadata"]["name"] for node in nodes],
        "others": [node["metadata"]["name"] for node in reading.list("nodes")],
        "zones": sorted({zone for node in nodes if (zone := labels_of(node).get(ZONE))}),
        "pods": [f"{pod['metadata']['namespace']}/{pod['metadata']['name']}" for pod in pods],
        "containers": list(dict.fromkeys(name for pod in pods for name in containers_of(pod))),
        "deployments": [f"{key.namespace}/{key.name}" for key in deployments_for(reading.list)],
        "labels": list(dict.fromkeys(labels)),
        "namespaces": [one["metadata"]["name"] for one in reading.list("namespaces")],
        "probes": PROBES,
        "takes_option": {name: name in known.options for name in ("from", "exitCode", "probe", "percent", "delay")},
    }


def own(body: Body) -> list[tuple[str, str]]:
    """Labels that people know by heart."""
    return [(name, value) for name, value in labels_of(body).items() if "hash" not in name and "beta." not in name]


def new_name(cluster: Cluster, known: FaultType) -> str:
    """`container-crash`, `container-crash-2`, ..."""
    plain = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in known.type).strip("-")
    for spelled in ("o-o-m", "d-n-s", "c-p-u", "p-i-d"):
        plain = plain.replace(spelled, spelled.replace("-", ""))
    names = [one["metadata"]["name"] for one in Reading(cluster).list("faults")]
    number = 1
    while (plain if number == 1 else f"{plain}-{number}") in names:
        number += 1
    return plain if number == 1 else f"{plain}-{number}"
