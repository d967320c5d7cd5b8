"""`make pictures`: the README's screenshots, of a Podium and a scene of its own, made of real writes."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from clusters.kinds.body import Body, dig, put
from playground.supervise.environment import ROOT
from tests.browser import find
from tests.client import Client, deployment, ready
from tests.podium import Podium

FOLDER = ROOT / "docs" / "pictures"
SIZE = {"width": 1280, "height": 720}
THEMES = ("dark", "light")
LARGEST = 400_000  # bytes: pictures are committed
CLUSTER = "first-night"
DEPLOYMENTS = "apis/apps/v1/namespaces/default/deployments"
PODS = "api/v1/namespaces/default/pods"
SLOW_TO_BE_READY = {"httpGet": {"path": "/", "port": 80}, "initialDelaySeconds": 4, "periodSeconds": 1}
ONE_BY_ONE = {"strategy": {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}}
PATIENCE = 120_000  # milliseconds: the machine may be busy
CALM = 2_500  # milliseconds in which the picture's movements come to rest


def main() -> int:
    """Make all pictures; the exit code."""
    path = find()
    if path is None:
        print("The pictures need a browser: install Chromium (Debian: apt-get install chromium).", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="podium-pictures-") as folder, Podium(Path(folder) / "podium") as podium:
        podium.manage("cluster", "create", CLUSTER)
        address = podium.manage("cluster", "url", CLUSTER, "--edit").stdout.strip()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
            )
            pages = {theme: browser.new_context(viewport=SIZE, color_scheme=theme).new_page() for theme in THEMES}  # type: ignore[arg-type]
            for page in pages.values():
                page.set_default_timeout(PATIENCE)
                page.goto(address)
                page.locator("#twin [data-kind=Node]").first.wait_for(state="attached")
            with Client.of(podium, CLUSTER) as client:
                set_scene(client, lambda: pages["dark"].get_by_role("button", name="Pause time").click())
            for theme, page in pages.items():
                take(page, FOLDER / f"podium-{theme}.png")
            browser.close()
    return 0


def set_scene(client: Client, pause: Callable[[], Any]) -> None:
    """A node has died, an update is on its way, one program crashes, one pod fits nowhere; then time stands still."""
    client.create(
        DEPLOYMENTS, with_more(deployment("web", 5, "nginx:1.28", ONE_BY_ONE), "500m", readinessProbe=SLOW_TO_BE_READY)
    )
    client.create(DEPLOYMENTS, with_more(deployment("cache", 2, "redis:8"), "250m"))
    client.create(DEPLOYMENTS, moody())
    for name in ("web", "cache"):
        client.wait_for_rollout(name)
    client.create("apis/podium.dev/v1/faults", fault("worker-3"))
    client.create(PODS, elephant())
    client.wait("worker-3 is NotReady", lambda: not is_ready(client.get("api/v1/nodes/worker-3")))
    client.wait("pods of worker-3 are evicted", lambda: any(going(pod) for pod in client.items(PODS)))
    client.wait("web has its pods again", lambda: dig(client.get(f"{DEPLOYMENTS}/web"), "status.readyReplicas") == 5)
    crashing = "CrashLoopBackOff"
    client.wait("moody runs", lambda: crashing not in str(client.get(PODS, labelSelector="app=moody")), pause=0.01)
    client.wait("moody crashed", lambda: crashing in str(client.get(PODS, labelSelector="app=moody")))
    client.patch(f"{DEPLOYMENTS}/web", image("web", "nginx:1.29"))
    client.wait("the update is half way", lambda: half_way(client.items(PODS, labelSelector="app=web")), 90)
    pause()


def with_more(body: Body, cpu: str, **fields: Any) -> Body:
    """The Deployment whose container asks for CPU and has these fields."""
    (container,) = body["spec"]["template"]["spec"]["containers"]
    full = {**container, "resources": {"requests": {"cpu": cpu}}, **fields}
    return put(body, "spec.template.spec.containers", [full])


def moody() -> Body:
    """A program that ends with an error after a while, on a node that will live."""
    spec = deployment("moody", 1)["spec"]["template"]["spec"]
    command = ["sh", "-c", "echo no settings; sleep 1; exit 1"]
    container = {**spec["containers"][0], "image": "busybox:1.36", "command": command}
    chosen = {"containers": [container], "nodeSelector": {"kubernetes.io/hostname": "worker-2"}}
    return put(deployment("moody", 1), "spec.template.spec", chosen)


def elephant() -> Body:
    """More than any node has."""
    container = {"name": "elephant", "image": "nginx:1.29", "resources": {"requests": {"cpu": "16"}}}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "elephant"}, "spec": {"containers": [container]}}


def fault(node: str) -> Body:
    spec = {"type": "NodeCrash", "target": {"node": node}}
    return {"apiVersion": "podium.dev/v1", "kind": "Fault", "metadata": {"name": f"crash-{node}"}, "spec": spec}


def image(container: str, wanted: str) -> Body:
    return {"spec": {"template": {"spec": {"containers": [{"name": container, "image": wanted}]}}}}


def is_ready(node: Body) -> bool:
    return any(one["type"] == "Ready" and one["status"] == "True" for one in dig(node, "status.conditions") or ())


def going(pod: Body) -> bool:
    return bool(pod["metadata"].get("deletionTimestamp"))


def half_way(pods: Sequence[Body]) -> bool:
    """Some new pods are ready, and the next one starts."""
    found = [ready(pod) for pod in pods if pod["spec"]["containers"][0]["image"] == "nginx:1.29"]
    return found.count(True) >= 2 and False in found


def take(page: Page, file: Path) -> None:
    page.mouse.move(0, 0)
    page.wait_for_timeout(CALM)
    page.screenshot(path=file)
    size = file.stat().st_size
    assert size < LARGEST, f"{file.name} has {size} bytes"
    print(f"{file.relative_to(ROOT)}: {size // 1024} KiB")


if __name__ == "__main__":
    sys.exit(main())
