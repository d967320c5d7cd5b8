"""Whatever a client sends is answered with a Status of the right kind: never with a 500."""

from __future__ import annotations

from typing import Any

import pytest

from tests.clusters.apiserver.conftest import Client

MAPS = "/api/v1/namespaces/default/configmaps"
PODS = "/api/v1/namespaces/default/pods"
HUGE = "9" * 5000


@pytest.mark.parametrize(
    "query",
    [
        *("resourceVersion=%C2%B2", "resourceVersion=abc", "resourceVersion=-1", f"resourceVersion={HUGE}"),
        *("continue=NQ==", "continue=WyJ4IiwxLDJd", "continue=garbage", "continue=%00"),
        *("labelSelector=a%20in", "labelSelector=a%3E%C2%B2", f"labelSelector=a%3E{HUGE}", "labelSelector=%00"),
        *("fieldSelector=a", "fieldSelector=spec.nothing%3D1"),
        *("watch=1&resourceVersion=%C2%B2", "watch=1&resourceVersion=abc"),
    ],
)
async def test_a_query_that_makes_no_sense_is_a_bad_request(client: Client, query: str) -> None:
    answer = await client("GET", f"{PODS}?{query}")

    assert (answer.code, answer.body["reason"]) == (400, "BadRequest")


@pytest.mark.parametrize("query", ["limit=-1", "limit=%C2%B2", f"limit={HUGE}", "limit=abc"])
async def test_a_limit_that_is_none_limits_nothing(client: Client, query: str) -> None:
    await client("POST", MAPS, {"metadata": {"name": "settings"}})

    answer = await client("GET", f"{MAPS}?{query}")

    assert answer.code == 200
    assert len(answer.body["items"]) == 1


@pytest.mark.parametrize("path", [f"{PODS}/\0", f"{PODS}/a\0b", "/api/v1/namespaces/a\0b/pods", "/a\0"])
async def test_what_no_name_can_be_is_not_found(client: Client, path: str) -> None:
    answers = [await client(method, path) for method in ("GET", "DELETE", "PUT")]

    assert [answer.code for answer in answers] == [404] * 3
    assert (await client.raw("GET", "/clusters/a\0b/api")).code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"metadata": {"name": "a\0b"}},
        {"metadata": {"name": "пример"}},
        {"metadata": {"name": "a" * 100_000}},
        {"metadata": {"name": "a\n"}},
        {"metadata": {"name": "a", "labels": {"x": "y\n"}}},
        {"metadata": {"name": "a", "annotations": {"x": "y" * 300_000}}},
    ],
)
async def test_what_no_object_can_be_called_is_invalid(client: Client, body: Any) -> None:
    answer = await client("POST", MAPS, body)

    assert (answer.code, answer.body["reason"]) == (422, "Invalid")


async def test_a_thousand_unknown_fields_are_warned_of_in_headers_that_clients_can_read(client: Client) -> None:
    fields = {f"nothing{i}{'x' * 300}": 1 for i in range(1000)}

    answer = await client("POST", MAPS, {"metadata": {"name": "odd"}, **fields})

    assert answer.code == 201
    assert 0 < sum(map(len, answer.warnings)) < 8192


async def test_a_warning_cannot_end_its_header(client: Client) -> None:
    answer = await client("POST", MAPS, {"metadata": {"name": "odd"}, "x\r\nSet-Cookie: a=b": 1})

    assert answer.warnings
    assert not any(sign in warning for warning in answer.warnings for sign in "\r\n")


@pytest.mark.parametrize("patch", [{"metadata": {"finalizers": [{}]}}, {"metadata": {"finalizers": [[], None]}}])
async def test_a_patch_of_wrong_types_is_refused(client: Client, patch: Any) -> None:
    await client("POST", MAPS, {"metadata": {"name": "settings"}})

    answer = await client("PATCH", f"{MAPS}/settings", patch, content_type="application/strategic-merge-patch+json")

    assert answer.code in (400, 422)


async def test_an_answer_is_never_taken_for_something_else_by_a_browser(client: Client) -> None:
    assert (await client("GET", MAPS)).header("x-content-type-options") == "nosniff"
    assert (await client("GET", "/healthz")).header("x-content-type-options") == "nosniff"
    async with client.watch(f"{MAPS}?watch=1&timeoutSeconds=1") as watch:
        assert watch.reply.header("x-content-type-options") == "nosniff"
