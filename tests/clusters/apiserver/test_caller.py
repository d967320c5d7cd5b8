"""Who asks a cluster keeps it awake."""

from __future__ import annotations

from clusters.apiserver import caller
from clusters.models import Cluster
from tests.clusters.apiserver.conftest import Client


async def test_a_client_known_already_is_a_sign_of_life_again_after_a_while(client: Client) -> None:
    await client("GET", "/api/v1/pods")
    before = (await Cluster.objects.aget(pk=client.cluster.pk)).touched_at

    caller._touched.clear()  # half a minute later
    reply = await client("GET", "/api/v1/pods")

    assert reply.code == 200
    assert (await Cluster.objects.aget(pk=client.cluster.pk)).touched_at > before
