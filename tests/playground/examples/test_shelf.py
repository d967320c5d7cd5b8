"""Every example that the page offers is one that the API takes."""

from __future__ import annotations

import re
from collections import Counter

import pytest
import yaml
from django.test import Client

from playground.examples.shelf import HERE, ORDER, examples

ACCOUNT = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: default\n"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("redis_url")]


def test_every_file_has_its_place_in_the_order() -> None:
    assert sorted(ORDER) == sorted(path.stem for path in (HERE / "manifests").glob("*.yaml"))


def test_no_two_examples_make_the_same_object() -> None:
    made = [key for example in examples() for key in objects_of(example.text)]

    assert [key for key, count in Counter(made).items() if count > 1] == []


def objects_of(text: str) -> list[tuple[str, str, str]]:
    bodies = [body for body in yaml.safe_load_all(text) if body]
    return [(one["kind"], one["metadata"].get("namespace", ""), one["metadata"]["name"]) for one in bodies]


def test_every_example_is_taken_as_it_stands() -> None:
    client = Client()
    slug = re.findall(r"/c/(\w+)/", client.post("/new/")["Location"])[0]

    # no engine runs here, so nobody else makes the account that pods need
    client.post(f"/c/{slug}/editor/", {"text": ACCOUNT})

    refused = {}
    for example in examples():
        answer = client.post(f"/c/{slug}/editor/", {"text": example.text}).content.decode()
        if "created" not in answer or "refused" in answer:
            refused[example.name] = re.findall(r'class="problem">(.*?)</p>', answer)

    assert refused == {}
