"""The way in, through Django's own client, with a real database."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import yaml
from django.test import Client
from django.utils import timezone

from clusters.models import Cluster
from playground.home.sweep import sweep
from playground.supervise.certificates import ensure

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("redis_url")]


def made(client: Client) -> Cluster:
    answer = client.post("/new/")
    assert answer.status_code == 302
    return Cluster.objects.get(slug=re.findall(r"/c/(\w+)/", answer["Location"])[0])


def test_looking_at_the_first_page_makes_nothing() -> None:
    assert Client().get("/").status_code == 200

    assert not Cluster.objects.exists()


def test_a_visitor_gets_one_cluster_and_comes_back_to_it() -> None:
    client = Client()

    cluster = made(client)

    assert made(client) == cluster
    assert client.get("/")["Location"] == f"/c/{cluster.slug}/"


def test_the_edit_link_gives_the_right_and_hides_its_secret() -> None:
    cluster, friend = made(Client()), Client()

    assert friend.post(f"/c/{cluster.slug}/clock/", {"paused": "1"}).status_code == 403
    answer = friend.get(f"/c/{cluster.slug}/edit/{cluster.secret}/")

    assert answer["Location"] == f"/c/{cluster.slug}/"
    assert friend.post(f"/c/{cluster.slug}/clock/", {"paused": "1"}).status_code == 200


def test_a_wrong_secret_gives_nothing() -> None:
    cluster, stranger = made(Client()), Client()

    assert stranger.get(f"/c/{cluster.slug}/edit/wrong/").status_code == 404
    assert stranger.get(f"/c/{cluster.slug}/kubeconfig/").status_code == 403
    assert cluster.secret not in stranger.get(f"/c/{cluster.slug}/share/").content.decode()


def test_a_full_house_is_said_clearly(settings: Any) -> None:
    settings.VISITOR_CLUSTERS_PER_ADDRESS = 1
    made(Client())

    answer = Client().post("/new/")

    assert answer.status_code == 429
    assert "The house is full" in answer.content.decode()


def test_a_cluster_that_nobody_used_for_a_day_is_deleted_and_one_from_the_shell_stays() -> None:
    old, fresh = made(Client()), made(Client())
    shell = made(Client())
    Cluster.objects.filter(pk__in=[old.pk, shell.pk]).update(touched_at=timezone.now() - timedelta(hours=25))
    Cluster.objects.filter(pk=shell.pk).update(owner="")

    assert sweep() == 1

    assert set(Cluster.objects.values_list("pk", flat=True)) == {fresh.pk, shell.pk}


def test_a_write_without_the_csrf_token_is_refused() -> None:
    assert Client(enforce_csrf_checks=True).post("/new/").status_code == 403


def test_pages_forbid_scripts_of_others() -> None:
    answer = Client().get("/")

    policy = answer["Content-Security-Policy"]
    nonce = re.findall(r"nonce-([\w-]+)", policy)[0]
    assert f'<script nonce="{nonce}">' in answer.content.decode()
    assert "unsafe-eval" not in policy


def test_a_missing_cluster_is_a_friendly_page_and_for_htmx_a_piece() -> None:
    whole, piece = Client().get("/c/nosuch/share/"), Client().get("/c/nosuch/share/", headers={"HX-Request": "true"})

    assert (whole.status_code, piece.status_code) == (404, 404)
    assert "<html" in whole.content.decode()
    assert "<html" not in piece.content.decode()


def test_the_kubeconfig_names_the_host_that_the_visitor_used(settings: Any) -> None:
    ensure(settings.PODIUM.home, ["localhost"])
    client = Client()
    cluster = made(client)

    answer = client.get(f"/c/{cluster.slug}/kubeconfig/", headers={"host": "localhost:8000"})

    server = yaml.safe_load(answer.content)["clusters"][0]["cluster"]["server"]
    assert server == f"https://localhost:{settings.PODIUM.api_port}/clusters/{cluster.slug}"


def test_an_example_is_applied_without_scripts() -> None:
    client = Client()
    cluster = made(client)
    manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: hello\ndata:\n  a: b\n"

    answer = client.post(f"/c/{cluster.slug}/editor/", {"text": manifest})

    assert "configmap/hello" in answer.content.decode()
    assert "created" in answer.content.decode()


@pytest.mark.parametrize("text", ["a: [", "\x00", "kind: Pod", "x" * 2_000_000, "a: &a [*a]", "\xff" * 10])
def test_a_manifest_that_makes_no_sense_is_an_answer_and_changes_nothing(text: str) -> None:
    client = Client()
    cluster = made(client)
    before = Cluster.objects.get(pk=cluster.pk).revision

    answer = client.post(f"/c/{cluster.slug}/editor/", {"text": text})

    assert answer.status_code == 200
    assert "outcome-bad" in answer.content.decode() or "result-bad" in answer.content.decode()
    assert Cluster.objects.get(pk=cluster.pk).revision == before


def test_ten_megabytes_are_refused_in_one_sentence() -> None:
    client = Client()
    cluster = made(client)

    answer = client.post(f"/c/{cluster.slug}/editor/", {"text": "x" * 10_000_000})

    assert answer.status_code == 413
    assert "Nothing was changed" in answer.content.decode()
