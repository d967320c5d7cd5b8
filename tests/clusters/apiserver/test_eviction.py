"""The eviction subresource asks the pod's budget; events are told in two groups."""

from __future__ import annotations

from typing import Any

from asgiref.sync import sync_to_async

from clusters.engine.transaction import changing
from clusters.kinds.body import Body, Key
from clusters.reconcile.writes import SetStatus
from tests.clusters.apiserver.conftest import Client

PODS = "/api/v1/namespaces/default/pods"
BUDGETS = "/apis/policy/v1/namespaces/default/poddisruptionbudgets"
ACCOUNT = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default"}}


async def running(client: Client, name: str) -> None:
    """A pod that a kubelet says is Running and Ready."""
    await client("POST", "/api/v1/namespaces/default/serviceaccounts", ACCOUNT)
    spec = {"nodeName": "worker-1", "containers": [{"name": "web", "image": "nginx"}]}
    metadata = {"name": name, "labels": {"app": "web"}}
    made = await client("POST", PODS, {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec})
    assert made.code == 201
    ready = [{"type": "Ready", "status": "True"}]
    await report(client, "pods", name, {"phase": "Running", "conditions": ready})


async def report(client: Client, resource: str, name: str, status: Body) -> None:
    def write() -> None:
        with changing(client.cluster.pk, "test") as tx:
            body = tx.get(resource, Key("default", name))
            assert body is not None
            tx.apply(SetStatus(resource, body, {**(body.get("status") or {}), **status}))

    await sync_to_async(write)()


async def budget(client: Client, allowed: int) -> None:
    spec = {"minAvailable": 1, "selector": {"matchLabels": {"app": "web"}}}
    body = {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "web"}, "spec": spec}
    await client("POST", BUDGETS, body)
    counts = {"currentHealthy": 1, "desiredHealthy": 1, "expectedPods": 1, "observedGeneration": 1}
    await report(client, "poddisruptionbudgets", "web", {"disruptionsAllowed": allowed, **counts})


def eviction(name: str, **options: Any) -> Body:
    body: Body = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name}}
    return {**body, "deleteOptions": options} if options else body


async def test_an_eviction_is_refused_while_the_budget_allows_none(client: Client) -> None:
    await running(client, "web")
    await budget(client, allowed=0)

    reply = await client("POST", f"{PODS}/web/eviction", eviction("web"))

    assert (reply.code, reply.body["reason"]) == (429, "TooManyRequests")
    assert reply.body["message"] == "Cannot evict pod as it would violate the pod's disruption budget."
    (cause,) = reply.body["details"]["causes"]
    assert cause["message"] == "The disruption budget web needs 1 healthy pods and has 1 currently"
    assert reply.header("retry-after") == ""
    assert (await client("GET", f"{PODS}/web")).code == 200


async def test_an_eviction_is_taken_from_the_budget_and_marks_the_pod(client: Client) -> None:
    await running(client, "web")
    await budget(client, allowed=1)

    reply = await client("POST", f"{PODS}/web/eviction", eviction("web"))

    assert (reply.code, reply.body["status"]) == (201, "Success")
    pod = (await client("GET", f"{PODS}/web")).body
    disrupted = next(one for one in pod["status"]["conditions"] if one["type"] == "DisruptionTarget")
    assert (disrupted["reason"], disrupted["message"]) == ("EvictionByEvictionAPI", "Eviction API: evicting")
    assert pod["metadata"]["deletionTimestamp"]
    status = (await client("GET", f"{BUDGETS}/web")).body["status"]
    assert (status["disruptionsAllowed"], list(status["disruptedPods"])) == (0, ["web"])


async def test_a_dry_run_evicts_nobody(client: Client) -> None:
    await running(client, "web")
    await budget(client, allowed=1)

    reply = await client("POST", f"{PODS}/web/eviction", eviction("web", dryRun=["All"]))

    assert reply.code == 201
    assert "deletionTimestamp" not in (await client("GET", f"{PODS}/web")).body["metadata"]
    assert (await client("GET", f"{BUDGETS}/web")).body["status"]["disruptionsAllowed"] == 1


async def test_an_event_is_told_in_either_group(client: Client) -> None:
    about = {"kind": "Pod", "namespace": "default", "name": "web"}
    event = {"apiVersion": "v1", "kind": "Event", "metadata": {"name": "web.1"}, "involvedObject": about, "count": 3}
    await client("POST", "/api/v1/namespaces/default/events", {**event, "reason": "Started", "message": "It runs."})

    told = (await client("GET", "/apis/events.k8s.io/v1/namespaces/default/events/web.1")).body

    assert (told["apiVersion"], told["kind"]) == ("events.k8s.io/v1", "Event")
    assert (told["regarding"]["name"], told["note"], told["deprecatedCount"]) == ("web", "It runs.", 3)
    listed = (await client("GET", "/apis/events.k8s.io/v1/events")).body
    assert "regarding" in listed["items"][0]
    newer = {"apiVersion": "events.k8s.io/v1", "kind": "Event", "metadata": {"name": "web.2"}, "regarding": about}
    made = await client(
        "POST",
        "/apis/events.k8s.io/v1/namespaces/default/events",
        {**newer, "note": "Two.", "eventTime": "2026-01-05T09:00:00.000000Z"},
    )
    assert made.code == 201, made.body
    assert (await client("GET", "/api/v1/namespaces/default/events/web.2")).body["message"] == "Two."
