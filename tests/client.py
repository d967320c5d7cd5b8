"""A plain HTTP client of a cluster's API, for tests and for the bench: what kubectl sends, without kubectl."""

from __future__ import annotations

import base64
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self

import httpx
import yaml

from clusters.kinds.body import Body, dig
from tests.podium import PATIENCE, Podium


class Client:
    """Speaks TLS with Podium's own authority and a bearer token, over one kept-alive connection."""

    def __init__(self, kubeconfig: str, connections: int = 100) -> None:
        config = yaml.safe_load(kubeconfig)
        cluster = config["clusters"][0]["cluster"]
        authority = base64.b64decode(cluster["certificate-authority-data"]).decode()
        context = ssl.create_default_context(cadata=authority)
        token = config["users"][0]["user"]["token"]
        self.server, self.context, self.token = cluster["server"], context, token
        self.http = httpx.Client(
            base_url=self.server + "/",
            verify=context,
            headers={"Authorization": f"Bearer {token}"},
            timeout=PATIENCE,
            limits=httpx.Limits(max_connections=connections),
        )

    @classmethod
    def of(cls, podium: Podium, cluster: str) -> Self:
        """A client of the cluster with this name."""
        found = podium.manage("kubeconfig", cluster)
        assert found.returncode == 0, found.stderr
        return cls(found.stdout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def get(self, path: str, **query: Any) -> Body:
        return self._answer(self.http.get(path, params=query))

    def create(self, path: str, body: Body) -> Body:
        return self._answer(self.http.post(path, json=body))

    def patch(self, path: str, body: Body, kind: str = "strategic-merge") -> Body:
        headers = {"Content-Type": f"application/{kind}-patch+json"}
        return self._answer(self.http.request("PATCH", path, json=body, headers=headers))

    def delete(self, path: str, **query: Any) -> Body:
        return self._answer(self.http.delete(path, params=query))

    @contextmanager
    def watch(self, path: str, **query: Any) -> Iterator[Iterator[str]]:
        """The lines of a watch as they come."""
        with self.http.stream("GET", path, params={"watch": "true", **query}) as response:
            response.raise_for_status()
            yield response.iter_lines()

    def items(self, path: str, **query: Any) -> list[Body]:
        found: list[Body] = self.get(path, **query)["items"]
        return found

    def wait(self, what: str, happens: Callable[[], bool], seconds: float = PATIENCE, pause: float = 0.05) -> float:
        """Wait until it happens; how long it took. Fails with `what` when it does not."""
        begun = time.monotonic()
        while not happens():
            assert time.monotonic() - begun < seconds, f"waited {seconds:.0f} s in vain: {what}"
            time.sleep(pause)
        return time.monotonic() - begun

    def wait_for_rollout(self, name: str, seconds: float = 2 * PATIENCE, namespace: str = "default") -> float:
        """Until a Deployment has nothing but new, available pods."""
        path = f"apis/apps/v1/namespaces/{namespace}/deployments/{name}"
        return self.wait(f"{name} is rolled out", lambda: is_rolled_out(self.get(path)), seconds)

    @staticmethod
    def _answer(response: httpx.Response) -> Body:
        assert response.status_code < 400, f"{response.request.method} {response.request.url}: {response.text}"
        body: Body = response.json()
        return body


def is_rolled_out(deployment: Body) -> bool:
    """As `kubectl rollout status` has it."""
    wanted, status = deployment["spec"]["replicas"], deployment.get("status") or {}
    seen = status.get("observedGeneration", 0) >= deployment["metadata"]["generation"]
    counts = [status.get(name, 0) for name in ("replicas", "updatedReplicas", "availableReplicas")]
    return seen and counts == [wanted] * 3


def deployment(name: str, replicas: int, image: str = "nginx:1.27", spec: Body | None = None) -> Body:
    """A Deployment of one container, in the shape that the API wants."""
    template = {"metadata": {"labels": {"app": name}}, "spec": {"containers": [{"name": name, "image": image}]}}
    wanted = {"replicas": replicas, "selector": {"matchLabels": {"app": name}}, "template": template, **(spec or {})}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": wanted}


def ready(pod: Body) -> bool:
    """Running, Ready and not about to go."""
    conditions = {c["type"]: c["status"] for c in dig(pod, "status.conditions") or ()}
    return conditions.get("Ready") == "True" and not pod["metadata"].get("deletionTimestamp")
