"""`kubectl create token`, and what such a token is good for."""

from __future__ import annotations

import pytest

from clusters.kinds import token
from clusters.kinds.body import Body
from tests.clusters.apiserver.conftest import Client

ACCOUNTS = "/api/v1/namespaces/default/serviceaccounts"
REQUEST = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}


async def robot(client: Client, **spec: object) -> Client:
    """Somebody who comes with the token of a ServiceAccount."""
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "robot"}}
    await client("POST", ACCOUNTS, account)
    reply = await client("POST", f"{ACCOUNTS}/robot/token", {**REQUEST, "spec": spec})
    assert reply.code == 201
    return Client(client.cluster, reply.body["status"]["token"])


async def test_a_token_says_who_and_grants_nothing_by_itself(client: Client) -> None:
    robot_ = await robot(client)

    refused = await robot_("GET", "/api/v1/namespaces/default/pods")

    assert refused.code == 403
    assert refused.body["message"] == (
        'pods is forbidden: User "system:serviceaccount:default:robot" cannot list resource "pods" '
        'in API group "" in the namespace "default"'
    )
    assert (await robot_("GET", "/api")).body["kind"] == "APIVersions"


async def test_a_token_for_somebody_else_is_not_for_the_api_server(client: Client) -> None:
    robot_ = await robot(client, audiences=["vault"])

    assert (await robot_("GET", "/api")).code == 401


async def test_a_forged_token_is_unauthorized(client: Client) -> None:
    robot_ = await robot(client)

    robot_.token += "x"

    assert (await robot_("GET", "/api")).code == 401


async def test_a_token_lasts_ten_minutes_at_least(client: Client) -> None:
    await robot(client)

    reply = await client("POST", f"{ACCOUNTS}/robot/token", {**REQUEST, "spec": {"expirationSeconds": 5}})

    assert reply.code == 422
    assert "may not specify a duration less than 10 minutes" in reply.body["message"]


async def test_nobody_who_is_not_there_has_a_token(client: Client) -> None:
    assert (await client("POST", f"{ACCOUNTS}/ghost/token", REQUEST)).code == 404


async def test_one_may_ask_as_somebody_else(client: Client) -> None:
    pods = "/api/v1/namespaces/default/pods"

    as_bob = await client("GET", pods, **{"impersonate-user": "bob"})
    as_master = await client("GET", pods, **{"impersonate-user": "bob", "impersonate-group": "system:masters"})

    assert as_bob.code == 403
    assert 'User "bob" cannot list resource "pods"' in as_bob.body["message"]
    assert as_master.code == 200


async def test_who_may_do_nothing_may_not_speak_for_others(client: Client) -> None:
    robot_ = await robot(client)

    refused = await robot_("GET", "/api", **{"impersonate-user": "bob"})

    assert refused.code == 403
    assert 'cannot impersonate resource "users"' in refused.body["message"]


@pytest.mark.parametrize(
    "said",
    [
        {"exp": "tomorrow"},
        {"aud": 5},
        {"kubernetes.io": {"node": {"name": "\u0000"}}},
        {"kubernetes.io": {"node": {"name": ["worker-1"]}}},
        {"kubernetes.io": {"node": "worker-1"}},
    ],
    ids=str,
)
async def test_a_token_of_nonsense_is_unauthorized(client: Client, said: Body) -> None:
    claims = {"sub": "system:serviceaccount:default:robot", **said}
    liar = Client(client.cluster, token.signed(claims, {"metadata": {"uid": "guessed"}}))

    assert (await liar("GET", "/api")).code == 401


@pytest.mark.parametrize(
    "spec",
    [{"expirationSeconds": "long"}, {"audiences": "vault"}, {"audiences": [5]}, {"boundObjectRef": "pod"}, "nothing"],
    ids=str,
)
async def test_a_request_for_a_token_that_has_no_sense_is_refused(client: Client, spec: object) -> None:
    await robot(client)

    assert (await client("POST", f"{ACCOUNTS}/robot/token", {**REQUEST, "spec": spec})).code in (400, 422)
