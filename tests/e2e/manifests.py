"""Examples and other manifests put into a cluster by its API, for tests that are about something else."""

from __future__ import annotations

import yaml

from clusters.engine.assembly import kinds
from clusters.kinds.body import Body
from playground.examples.shelf import example
from tests.client import Client


def manifest(name: str) -> list[Body]:
    """The objects of one of the editor's examples."""
    found = example(name)
    assert found is not None
    return list(yaml.safe_load_all(found.text))


def apply(client: Client, body: Body) -> None:
    kind = next(one for one in kinds().values() if (one.api_version, one.kind) == (body["apiVersion"], body["kind"]))
    root = f"/apis/{kind.api_version}" if kind.group else f"/api/{kind.api_version}"
    within = f"/namespaces/{body['metadata'].get('namespace', 'default')}" if kind.namespaced else ""
    client.create(f"{root}{within}/{kind.plural}", body)
