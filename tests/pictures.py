"""`make pictures`: the README's pictures, still and moving, of a Podium of its own, made of real writes."""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from clusters.kinds.body import Body, dig, put
from playground.supervise.environment import ROOT
from tests.browser import find
from tests.client import Client, deployment, ready
from tests.film import Film
from tests.podium import Podium

FOLDER = ROOT / "docs" / "pictures"
SIZE = {"width": 1280, "height": 720}
PHONE = {"width": 390, "height": 844}
THEMES = ("dark", "light")
LARGEST, LONGEST = 120_000, 2_000_000  # bytes, still and moving: pictures are committed
QUALITY = 88
DEPLOYMENTS = "apis/apps/v1/namespaces/default/deployments"
FAULTS = "apis/podium.dev/v1/faults"
PODS = "api/v1/namespaces/default/pods"
SLOW_TO_BE_READY = {"httpGet": {"path": "/", "port": 80}, "initialDelaySeconds": 4, "periodSeconds": 1}
ONE_BY_ONE = {"strategy": {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}}
PATIENCE = 120_000  # milliseconds: the machine may be busy
CALM = 2_500  # milliseconds in which the picture's movements come to rest
READ = 1_100  # milliseconds in which somebody reads what has changed
ALL_RUN = "() => document.querySelectorAll('#twin [data-kind=Pod][data-namespace=default][data-state=Running]').length"


def main() -> int:
    """Make all pictures; the exit code."""
    path = find()
    if path is None:
        print("The pictures need a browser: install Chromium (Debian: apt-get install chromium).", file=sys.stderr)
        return 1
    with (
        tempfile.TemporaryDirectory(prefix="podium-pictures-") as folder,
        Podium(Path(folder) / "podium") as podium,
        sync_playwright() as playwright,
    ):
        flags = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        take_stills(podium, browser)
        for theme in THEMES:
            take_film(podium, browser, theme)
        browser.close()
    return 0


def take_stills(podium: Podium, browser: Browser) -> None:
    """The same moment of one cluster on the projector and on a phone, in both lights; then its traffic."""
    address = create(podium, "first-night")
    pages = {theme: opened(browser, address, theme) for theme in THEMES}
    dark = pages["dark"]
    with Client.of(podium, "first-night") as client:
        set_scene(client)
        speed(dark, 0.25)
        begin_update(client)
        dark.get_by_role("button", name="Pause time").click()
    for theme, page in pages.items():
        take(page, FOLDER / f"podium-{theme}.webp")
        page.locator(".tabs [data-view=traffic]").click()
        take(page, FOLDER / f"traffic-{theme}.webp")
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        page.locator(".tabs [data-view=nodes]").click()
        take(page, FOLDER / f"phone-{theme}.webp")
        page.context.close()


def take_film(podium: Podium, browser: Browser, theme: str) -> None:
    """A node is killed, Kubernetes notices it, makes its pods elsewhere, and the node comes back."""
    name = f"healing-{theme}"
    page = opened(browser, create(podium, name), theme)
    with Client.of(podium, name) as client:
        client.create(DEPLOYMENTS, with_more(deployment("web", 6, "nginx:1.29"), "500m"))
        client.wait_for_rollout("web")
        page.wait_for_function(f"{ALL_RUN} === 6")
        page.wait_for_timeout(CALM)
        with Film(page) as film:
            healing(page, client)
    size, seconds = film.save(FOLDER / f"{name}.webp")
    assert size < LONGEST, f"{name} has {size} bytes"
    print(f"docs/pictures/{name}.webp: {size // 1024} KiB, {seconds:.1f} s")
    page.context.close()


def healing(page: Page, client: Client) -> None:
    """What one does and sees; where nothing moves for long, time passes faster."""
    page.evaluate("void htmx.ajax('get', document.body.dataset.base + 'inspect/nodes/_/worker-2/', '#panel')")
    page.locator("#act-kill").click()
    page.wait_for_timeout(READ)
    page.locator("#sure-kill").click()
    page.locator("#inspect-outcome .outcome").wait_for()
    page.keyboard.press("Escape")
    page.wait_for_timeout(READ)
    speed(page, 2)
    sees(page, "Node", "[data-name=worker-2][data-state=NotReady]")
    page.wait_for_timeout(READ)
    speed(page, 5)
    sees(page, "Pod", "[data-state=Terminating]")
    speed(page, 1)
    page.wait_for_function(f"{ALL_RUN} === 6")
    page.wait_for_timeout(READ)
    client.delete(f"{FAULTS}/crash-worker-2")
    speed(page, 2)
    sees(page, "Node", "[data-name=worker-2][data-state=Ready]")
    page.wait_for_timeout(CALM)


def sees(page: Page, kind: str, which: str) -> None:
    page.locator(f"#twin [data-kind={kind}]{which}").first.wait_for(state="attached")


def speed(page: Page, times: float) -> None:
    """As the buttons under the clock do."""
    page.evaluate(
        "speed => void htmx.ajax('post', document.body.dataset.base + 'clock/', {target: '#clock', values: {speed}})",
        str(times),
    )


def create(podium: Podium, name: str) -> str:
    """A cluster; the address at which one may act."""
    podium.manage("cluster", "create", name)
    return podium.manage("cluster", "url", name, "--edit").stdout.strip()


def opened(browser: Browser, address: str, theme: str) -> Page:
    page = browser.new_context(viewport=SIZE, color_scheme=theme).new_page()  # type: ignore[arg-type]
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    page.locator("#twin [data-kind=Node]").first.wait_for(state="attached")
    return page


def set_scene(client: Client) -> None:
    """A node has died, one program crashes, one pod fits nowhere, and clients ask all the time."""
    client.create(
        DEPLOYMENTS, with_more(deployment("web", 5, "nginx:1.28", ONE_BY_ONE), "500m", readinessProbe=SLOW_TO_BE_READY)
    )
    client.create("api/v1/namespaces/default/services", service("web"))
    client.create(DEPLOYMENTS, with_more(deployment("cache", 2, "redis:8"), "250m"))
    client.create(DEPLOYMENTS, moody())
    for name in ("web", "cache"):
        client.wait_for_rollout(name)
    client.create("apis/podium.dev/v1/namespaces/default/traffic", crowd("web", 40))
    client.create(FAULTS, fault("worker-3"))
    client.create(PODS, elephant())
    client.wait("worker-3 is NotReady", lambda: not is_ready(client.get("api/v1/nodes/worker-3")))
    client.wait("pods of worker-3 are evicted", lambda: any(going(pod) for pod in client.items(PODS)))
    client.wait("web has its pods again", lambda: dig(client.get(f"{DEPLOYMENTS}/web"), "status.readyReplicas") == 5)


def begin_update(client: Client) -> None:
    """An update is half way, and the program that crashes waits for its next try."""
    crashing = "CrashLoopBackOff"
    client.patch(f"{DEPLOYMENTS}/web", image("web", "nginx:1.29"))
    client.wait("the update is half way", lambda: half_way(client.items(PODS, labelSelector="app=web")), 90)
    client.wait("moody crashed", lambda: crashing in str(client.get(PODS, labelSelector="app=moody")))


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


def service(name: str) -> Body:
    spec = {"selector": {"app": name}, "ports": [{"port": 80}]}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec}


def crowd(target: str, rate: int) -> Body:
    """Clients who ask the Service all the time."""
    spec = {"target": {"service": target}, "rate": rate}
    return {"apiVersion": "podium.dev/v1", "kind": "Traffic", "metadata": {"name": "crowd"}, "spec": spec}


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
    Image.open(io.BytesIO(page.screenshot())).convert("RGB").save(file, quality=QUALITY, method=6)
    size = file.stat().st_size
    assert size < LARGEST, f"{file.name} has {size} bytes"
    print(f"{file.relative_to(ROOT)}: {size // 1024} KiB")


if __name__ == "__main__":
    sys.exit(main())
