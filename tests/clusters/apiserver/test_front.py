from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async

from clusters.apiserver.auth import User, issue
from clusters.engine.birth import create_cluster
from clusters.models import KubeObject, Token
from tests.clusters.apiserver.conftest import Client

SETTINGS = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"a": "b"}}
MAPS = "/api/v1/namespaces/default/configmaps"
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"


async def written(client: Client, name: str = "settings") -> bool:
    return await KubeObject.objects.filter(cluster=client.cluster, resource="configmaps", name=name).aexists()


async def test_a_token_is_kept_as_a_hash_only(client: Client) -> None:
    digests = [token.digest async for token in Token.objects.all()]

    assert client.token not in digests
    assert len(digests[0]) == 64


async def test_nobody_asks_without_a_token(client: Client) -> None:
    client.token = ""

    reply = await client("GET", "/api/v1/pods")

    assert (reply.code, reply.body["reason"]) == (401, "Unauthorized")
    assert (await client("GET", "/readyz")).raw == b"ok"
    assert (await client("GET", "/version")).body["minor"] == "34"


async def test_a_token_of_another_cluster_is_nobodys(client: Client) -> None:
    other = await sync_to_async(create_cluster)("other", nodes=0)

    reply = await client.raw("GET", f"/clusters/{other.slug}/api/v1/pods")

    assert reply.code == 401


async def test_the_token_names_the_cluster_at_the_root(client: Client) -> None:
    reply = await client.raw("GET", "/api/v1/namespaces/default")

    assert reply.body["metadata"]["name"] == "default"


async def test_who_may_look_cannot_write(looker: Client) -> None:
    reply = await looker("POST", MAPS, SETTINGS)

    assert (reply.code, reply.body["reason"]) == (403, "Forbidden")
    assert reply.body["message"] == (
        'configmaps is forbidden: User "bob" cannot create resource "configmaps" in API group "" '
        'in the namespace "default"'
    )
    assert not await written(looker)
    assert (await looker("GET", MAPS)).code == 200


async def test_a_name_is_refused_at_the_cluster_scope_too(looker: Client) -> None:
    reply = await looker("DELETE", "/api/v1/nodes/worker-1")

    assert reply.body["message"] == (
        'nodes "worker-1" is forbidden: User "bob" cannot delete resource "nodes" in API group "" at the cluster scope'
    )


async def test_what_has_no_address_is_not_found(client: Client) -> None:
    for path in ("/api/v1/unicorns", "/apis/apps/v2/deployments", "/apis/machine.podium.dev/v1/machines", "/nothing"):
        reply = await client("GET", path)

        assert reply.code == 404
        assert reply.body["message"] == "the server could not find the requested resource"


async def test_a_method_that_makes_no_sense_is_not_allowed(client: Client) -> None:
    for method, path in (("POST", f"{MAPS}/a"), ("PUT", MAPS), ("POST", "/api/v1/pods"), ("TRACE", MAPS)):
        assert (await client(method, path, {})).code == 405


async def test_media_types_that_nobody_reads_are_refused(client: Client) -> None:
    assert (await client("POST", MAPS, b"<a/>", content_type="text/xml")).code == 415
    assert (await client("PATCH", f"{MAPS}/a", b"{}", content_type="application/json")).code == 415
    assert (await client("GET", MAPS, accept="text/html")).code == 406


async def test_who_asks_for_protobuf_gets_json(client: Client) -> None:
    reply = await client("GET", MAPS, accept="application/vnd.kubernetes.protobuf")

    assert reply.header("content-type") == "application/json"


async def test_yaml_is_answered_and_read(client: Client) -> None:
    sent = b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: b}\n"

    made = await client("POST", MAPS, sent, content_type="application/yaml", accept="application/yaml")

    assert made.code == 201
    assert b"name: settings" in made.raw


async def test_bad_bodies_are_refused_and_nothing_is_written(client: Client) -> None:
    for body in (b"{", b"\xff", b"[]", b"null", b'{"a":' * 200):
        reply = await client("POST", MAPS, body)

        assert (reply.code, reply.body["reason"]) == (400, "BadRequest"), body

    large = await client("POST", MAPS, b" " * (3 << 20) + b"{}")
    assert (large.code, large.body["reason"]) == (413, "RequestEntityTooLarge")
    assert not await written(client)


async def test_what_stands_twice_is_refused_when_asked_strictly(client: Client) -> None:
    twice = b'{"metadata":{"name":"settings"},"data":{"a":"1","a":"2"}}'

    strict = await client("POST", f"{MAPS}?fieldValidation=Strict", twice)
    warned = await client("POST", f"{MAPS}?fieldValidation=Warn", twice)

    assert 'strict decoding error: duplicate field "data.a"' in strict.body["message"]
    assert warned.code == 201
    assert warned.warnings == ['299 - "duplicate field \\"data.a\\""']


async def test_a_body_for_another_place_is_refused(client: Client) -> None:
    elsewhere = {**SETTINGS, "metadata": {"name": "settings", "namespace": "kube-system"}}

    assert "does not match the namespace" in (await client("POST", MAPS, elsewhere)).body["message"]
    assert "does not match the name on the URL" in (await client("PUT", f"{MAPS}/other", SETTINGS)).body["message"]
    other = {**SETTINGS, "apiVersion": "v2"}
    assert "does not match the expected API version (v1)" in (await client("POST", MAPS, other)).body["message"]


async def test_a_dry_run_leaves_no_trace(client: Client) -> None:
    reply = await client("POST", f"{MAPS}?dryRun=All", SETTINGS)

    assert reply.code == 201
    assert not await written(client)


async def test_a_table_has_the_kinds_columns(client: Client) -> None:
    reply = await client("GET", "/api/v1/namespaces", accept=TABLE)

    assert reply.body["kind"] == "Table"
    assert [column["name"] for column in reply.body["columnDefinitions"]] == ["Name", "Status", "Age"]
    assert reply.body["rows"][0]["object"]["kind"] == "PartialObjectMetadata"


async def test_a_list_is_cut_into_pages(client: Client) -> None:
    first = (await client("GET", "/api/v1/namespaces?limit=3")).body
    token = first["metadata"]["continue"]
    second = (await client("GET", f"/api/v1/namespaces?limit=3&continue={token}")).body

    names = [item["metadata"]["name"] for page in (first, second) for item in page["items"]]
    assert names == ["default", "ingress-nginx", "kube-node-lease", "kube-public", "kube-system"]
    assert first["metadata"]["remainingItemCount"] == 2
    assert "continue" not in second["metadata"]


async def test_requests_above_the_limit_are_told_to_wait(client: Client) -> None:
    client.cluster.limits = {"requests": 3}
    await client.cluster.asave()

    replies = [await client("GET", "/api/v1/namespaces/default") for _ in range(15)]

    refused = [reply for reply in replies if reply.code == 429]
    assert refused
    assert refused[0].body["reason"] == "TooManyRequests"
    assert int(refused[0].header("retry-after")) > 0


async def test_a_failed_precondition_deletes_nothing(client: Client) -> None:
    await client("POST", MAPS, SETTINGS)

    reply = await client("DELETE", f"{MAPS}/settings", {"preconditions": {"uid": "other"}})

    assert (reply.code, reply.body["reason"]) == (409, "Conflict")
    assert "Precondition failed: UID in precondition: other" in reply.body["message"]
    assert await written(client)


async def test_a_page_writes_only_as_its_visitor_from_its_own_origin(client: Client) -> None:
    page = Client(client.cluster, client.token, port=8000)

    async def visitor(slug: str) -> User:
        assert slug == client.cluster.slug
        return User("quiet-otter", True)

    assert (await page("GET", MAPS)).code == 401  # no cookie says who, and a token is not looked at
    page.user = visitor
    assert (await page("GET", MAPS)).code == 200
    assert "origin" in (await page("POST", MAPS, SETTINGS)).body["message"]
    assert "origin" in (await page("POST", MAPS, SETTINGS, origin="null")).body["message"]
    assert "CSRF" in (await page("POST", MAPS, SETTINGS, origin="http://localhost:8000")).body["message"]
    token = "a" * 32
    cookie = f"podium_csrf={token}"
    sent = await page("POST", MAPS, SETTINGS, origin="http://localhost:8000", cookie=cookie, x_csrftoken=token)
    assert sent.code == 201


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("stream", ["exec?command=ls", "attach", "portforward"])
async def test_who_may_only_look_may_not_enter(client: Client, method: str, stream: str) -> None:
    looker = Client(client.cluster, await sync_to_async(issue)(client.cluster, "guest", may_edit=False))

    reply = await looker(method, f"/api/v1/namespaces/default/pods/web/{stream}")

    resource = stream.partition("?")[0]
    assert reply.code == 403
    assert f'resource "pods/{resource}" in API group "" in the namespace "default"' in reply.body["message"]


async def test_a_stream_to_a_pod_that_is_not_there(client: Client) -> None:
    reply = await client("POST", "/api/v1/namespaces/default/pods/web/exec?command=ls")

    assert (reply.code, reply.body["message"]) == (404, 'pods "web" not found')


async def test_a_question_wakes_a_sleeping_cluster(client: Client) -> None:
    client.cluster.asleep = True
    await client.cluster.asave(update_fields=["asleep"])

    assert (await client("GET", MAPS)).code == 200

    await client.cluster.arefresh_from_db()
    assert not client.cluster.asleep


async def test_a_deprecated_kind_says_what_to_use_instead(client: Client) -> None:
    reply = await client("GET", "/api/v1/namespaces/default/endpoints")

    told = "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"
    assert reply.warnings == [f'299 - "{told}"']
