"""A kubeconfig for one cluster, complete in itself (Kubernetes: Organizing Cluster Access Using kubeconfig Files)."""

from __future__ import annotations

from base64 import b64encode

import yaml
from django.conf import settings

from clusters.apiserver.auth import issue
from clusters.models import Cluster
from playground.supervise import certificates


def kubeconfig(cluster: Cluster, user: str, host: str, *, may_edit: bool = True) -> str:
    """YAML with the authority and a token inside. `host` as it stands in a URL, without a port."""
    authority = certificates.files(settings.PODIUM.home).authority.read_bytes()
    token = issue(cluster, user, may_edit)
    server = f"https://{host}:{settings.PODIUM.api_port}/clusters/{cluster.slug}"
    return yaml.safe_dump(document(cluster.slug, user, server, authority, token), sort_keys=False)


def document(slug: str, user: str, server: str, authority: bytes, token: str) -> dict[str, object]:
    name = f"podium-{slug}"
    trusted = {"server": server, "certificate-authority-data": b64encode(authority).decode()}
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": name, "cluster": trusted}],
        "users": [{"name": f"{user}@{name}", "user": {"token": token}}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": f"{user}@{name}", "namespace": "default"}}],
        "current-context": name,
    }
