"""What confuses people about Kubernetes, a test each: what is true, what the API believes, what the page shows."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from clusters.kinds.body import Body, dig
from tests.client import ready
from tests.conformance import kubectl as real
from tests.conformance.kubectl import Kubectl
from tests.e2e.conftest import Comes
from tests.e2e.confusing import CRASH, CUT, DARK, ELSEWHERE, HELD, MISSED, PENDING, PLUGS, SHUT, TYPO, VESSELS
from tests.e2e.scene import PODS, Drawn, Scene, container

pytestmark = pytest.mark.browser

UNHEARD = "Couldn't connect to server"
DEPLOYMENTS = "apis/apps/v1/namespaces/default/deployments"
SLICES = "apis/discovery.k8s.io/v1/namespaces/default/endpointslices"


@pytest.fixture
def scene(comes: Comes, tmp_path: Path) -> Iterator[Scene]:
    path = real.find()
    if path is None:
        pytest.skip(real.MISSING)
    who = comes().own_cluster()
    (tmp_path / "config").write_text(who.page.request.get(f"{who.url}kubeconfig/").text())
    with who.client() as client:
        yield Scene(who, Kubectl(path, tmp_path / "config", tmp_path / "cache"), client)


def waiting(pod: Body) -> Body:
    found: Body = dig(container(pod), "state.waiting") or {}
    return found


def slices(scene: Scene, service: str) -> list[Body]:
    return scene.client.items(SLICES, labelSelector=f"kubernetes.io/service-name={service}")


def endpoints(scene: Scene, service: str) -> list[bool]:
    """Whether each is ready."""
    return [
        dig(one, "conditions.ready") is True for found in slices(scene, service) for one in found["endpoints"] or ()
    ]


def wires(picture: Drawn, kind: str) -> list[Drawn]:
    return [one for one in picture["wires"] if one["kind"] == kind]


def test_a_selector_that_matches_nobody_is_one_letter_from_somebody(scene: Scene) -> None:
    scene.applies(MISSED)
    scene.runs("hello")
    scene.shows("traffic")

    # true: the pod answers, the Service does not
    assert "Welcome to nginx" in scene.kubectl("exec", "hello", "--", "curl", "-s", "localhost").out
    assert UNHEARD in scene.kubectl.refused("exec", "hello", "--", "curl", "-sS", "http://missed")
    # believed: no endpoints
    assert endpoints(scene, "missed") == []
    # shown: a loose Service, a ghost of a link, and the letter that differs
    picture = scene.sees("p => p.notes.length === 1")
    pieces = picture["notes"][0]["pieces"]
    assert "".join(one["text"] for one in pieces) == "app=hello"
    assert [one["text"] for one in pieces if one["off"]] == ["e"]
    assert len(wires(picture, "ghost")) == 1
    box = scene.drawn("missed")
    assert box["loose"]
    assert "0 endpoints" in box["sub"]
    scene.legend("ghost")
    scene.aloud("Service missed", "matches no pod", "nearest miss is hello with app=hello")

    scene.client.patch("api/v1/namespaces/default/services/missed", {"spec": {"selector": {"app": "hello"}}})

    mended = scene.sees("p => !p.notes.length")
    assert wires(mended, "ghost") == []
    assert not scene.drawn("missed", "one => one.sub.startsWith('1 of 1')")["loose"]
    scene.aloud("Service missed", "1 of 1 pods ready")


def test_a_crash_loop_waits_and_then_tries_again(scene: Scene) -> None:
    scene.applies(CRASH)

    def waits() -> bool:
        pod = scene.pod("moody")
        return waiting(pod).get("reason") == "CrashLoopBackOff" and container(pod)["restartCount"] > 1

    scene.until("it waits for its third try", waits)
    scene.who.sets_clock(paused="1")
    pod = scene.pod("moody")
    status = container(pod)

    # true: nothing runs now; what it last wrote is kept
    assert "container not found" in scene.kubectl.refused("exec", "moody", "--", "true")
    assert scene.kubectl("logs", "moody", "--previous").lines[-1] == "cannot reach the database"
    # believed: the phase is Running, the container waits
    assert pod["status"]["phase"] == "Running"
    assert waiting(pod)["reason"] == "CrashLoopBackOff"
    assert status["lastState"]["terminated"]["exitCode"] == 3
    # shown: a ring that runs out, the ticks, the exit code, the last line
    scene.sees("p => p.said.some((one) => one.lines.join().includes('cannot reach the database'))")
    one = scene.drawn("moody", "one => one.ringSays")
    assert (one["state"], one["ring"], one["restarts"]) == ("CrashLoopBackOff", "back-off", status["restartCount"])
    assert one["ringSays"].startswith("next try in ")
    said = next(one["lines"] for one in scene.picture()["said"] if "exit 3" in str(one))
    assert "exit 3 · “cannot reach the database”" in said
    assert any("tries again in " in line or "next try in " in line for line in said)  # as much as there is room for
    scene.legend("back-off", "restarts")
    scene.surtitle("moody", "keeps crashing", "tries again in")
    scene.aloud("moody", "last exit code 3", "last line “cannot reach the database”", "waits, then tries again")


REASONS = {
    "room": "Insufficient cpu",
    "taint": "untolerated taint",
    "labels": "affinity/selector",
    "volume": '"absent"',
}
IN_HAND = {"room": "needs 16 CPU", "taint": "kept out", "labels": "wrong labels", "volume": "no volume"}


def looked_at(scene: Scene, name: str, reason: str) -> bool:
    """The scheduler has refused it for this reason."""
    found = [one for one in dig(scene.pod(name), "status.conditions") or () if one["type"] == "PodScheduled"]
    return any(reason in one.get("message", "") for one in found)


def test_the_four_kinds_of_pending_are_told_apart_at_the_door(scene: Scene) -> None:
    workers = ("worker-1", "worker-2", "worker-3")
    scene.kubectl("taint", "nodes", *workers, "dedicated=gpu:NoSchedule")
    scene.applies(PENDING)

    for name, reason in REASONS.items():
        # believed: Pending, with the scheduler's reason
        scene.until(f"the scheduler looked at {name}", partial(looked_at, scene, name, reason))
        # true: it is on no machine
        assert "does not have a host assigned" in scene.kubectl.refused("exec", name, "--", "true")
        # shown: at the door, the reason in its hand
        one = scene.drawn(name)
        assert (one["state"], one["node"], one["says"]) == ("Pending", "", IN_HAND[name])
        scene.aloud(f"{name}, Pending", "no node yet", IN_HAND[name])

    # and on each stage its own refusal, for whoever looks closer
    for name, refusal in (("room", "Insufficient cpu"), ("labels", "wrong labels"), ("taint", "taint dedicated")):
        box = scene.drawn(name)["rect"]
        scene.who.page.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2)
        picture = scene.sees(
            "p => p.refusals.length === 4 && p.refusals.some((one) => one.words.includes(arg))", refusal
        )
        refused = {one["node"]: one["words"] for one in picture["refusals"]}
        assert [refused[worker] for worker in workers] == [refusal] * 3
        scene.aloud(f"{name}, Pending", f"worker-1: {refusal}")


def test_an_image_that_does_not_exist_is_crossed_out_beside_the_nearest(scene: Scene) -> None:
    scene.applies(TYPO)
    scene.until(
        "the pull failed", lambda: waiting(scene.pod("typo")).get("reason") in ("ErrImagePull", "ImagePullBackOff")
    )

    # true: nothing was ever started
    assert "container not found" in scene.kubectl.refused("exec", "typo", "--", "true")
    assert "is waiting to start" in scene.kubectl.refused("logs", "typo")
    # believed: waiting, not found
    scene.until("it backs off", lambda: waiting(scene.pod("typo")).get("reason") == "ImagePullBackOff")
    assert "redis:latst" in waiting(scene.pod("typo"))["message"]
    # shown: a crossed line to the registry, what was typed, what exists
    picture = scene.sees("p => p.said.some((one) => one.lines[0] === 'no redis:latst')")
    assert ["no redis:latst", "nearest: redis:latest"] in picture["callouts"]
    assert scene.drawn("typo")["state"] == "CrashLoopBackOff"
    scene.legend("registry")
    scene.surtitle("typo", "cannot pull", "redis:latst", "the nearest that exists is redis:latest")
    scene.aloud("typo", "there is no image redis:latst, the nearest is redis:latest")


def test_a_dead_node_is_dark_long_before_the_api_says_so(scene: Scene) -> None:
    scene.applies(CUT)
    scene.runs("victim", "caller")
    address = scene.pod("victim")["status"]["podIP"]
    assert "nginx" in scene.kubectl("exec", "caller", "--", "curl", "-s", "-m", "2", address).out

    # true: the light is out; believed: everything is well; shown: both, and two rings
    scene.who.sets_clock(paused="1")
    scene.applies(DARK)
    for _ in range(30):
        scene.who.sets_clock(step="change")
        if not scene.drawn("worker-3")["lit"]:
            break
    assert conditions(scene.get("api/v1/nodes/worker-3"))["Ready"] == "True"
    assert ready(scene.pod("victim"))
    assert endpoints(scene, "victim") == [True]
    room = scene.drawn("worker-3", "one => one.lit === false")
    assert room["state"] == "Ready"
    assert [words.split(" in ")[0].split(" ")[0] for words in room["rings"]] == ["NotReady", "then"]
    assert scene.drawn("victim")["gap"] == "off"
    scene.legend("dark", "off", "node grace")
    scene.surtitle("worker-3", "lost its power", "Nobody has noticed yet")
    scene.aloud("worker-3, Ready", "no power", "nobody has noticed yet")
    scene.aloud("victim, Running", "the API still says Running, but its machine has no power")

    # requests fail; the node controller notices: NotReady, no endpoints, and the second ring until the eviction
    scene.who.sets_clock(paused="0")
    assert "curl: (28)" in scene.kubectl.refused("exec", "caller", "--", "curl", "-sS", "-m", "1", address)
    scene.until("NotReady", lambda: conditions(scene.get("api/v1/nodes/worker-3"))["Ready"] == "Unknown")
    assert "refused" not in scene.kubectl.refused("exec", "victim", "--", "true")
    room = scene.drawn(
        "worker-3",
        "one => one.state === 'NotReady' && one.rings.some((words) => words.startsWith('pods are evicted in'))",
    )
    one = scene.drawn("victim", "one => one.ring === 'toleration'")
    assert (one["state"], one["ringSays"].split(" in ")[0]) == ("Unknown", "evicted")
    scene.until("no endpoints", lambda: True not in endpoints(scene, "victim"))
    scene.aloud("worker-3, NotReady", "no power")

    # and at its end they are evicted
    scene.who.sets_clock(speed="20")
    scene.until("evicted", lambda: scene.pod("victim")["metadata"].get("deletionTimestamp"))
    scene.drawn("victim", "one => one.ring !== 'toleration'")


def conditions(body: Body) -> dict[str, str]:
    return {one["type"]: one["status"] for one in body["status"]["conditions"]}


def test_a_wrong_target_port_leaves_the_plug_before_the_wall(scene: Scene) -> None:
    scene.applies(PLUGS)
    scene.runs("seller")
    scene.shows("traffic")

    # true: somebody listens at 80 and nobody at 8080, whatever containerPort says
    assert "nginx" in scene.kubectl("exec", "seller", "--", "curl", "-s", "localhost:80").out
    assert UNHEARD in scene.kubectl.refused("exec", "seller", "--", "curl", "-sS", "http://shop")
    # believed: one ready endpoint, at 8080
    (found,) = slices(scene, "shop")
    assert (endpoints(scene, "shop"), found["ports"][0]["port"]) == ([True], 8080)
    # shown: a row of sockets, the plug in the air
    picture = scene.sees("p => p.sockets.some((one) => one.words.startsWith('30080'))")
    sockets = {one["words"]: one["kind"] for one in picture["sockets"]}
    assert sockets["30080 ▸ 80 ▸ 8080  nobody listens"] == "closed"
    assert (sockets["80"], sockets["8080"]) == ("open", "declared")
    (loose,) = wires(picture, "loose")
    assert loose["points"][-1][0] < min(one["x"] for one in picture["sockets"] if one["side"] == "right") - 14
    scene.legend("loose", "open", "closed", "declared")
    scene.aloud("Service shop", "1 of 1 pods ready", "port 80 leads to 8080 where nobody listens")

    ports = [{"port": 80, "targetPort": 80, "nodePort": 30080}]
    scene.client.patch("api/v1/namespaces/default/services/shop", {"spec": {"ports": ports}}, "merge")

    scene.sees("p => !p.wires.some((one) => one.kind === 'loose')")
    scene.until("it answers", lambda: scene.kubectl.run("exec", "seller", "--", "curl", "-s", "http://shop").code == 0)


def test_who_runs_but_is_not_ready_stands_behind_a_shutter(scene: Scene) -> None:
    scene.applies(SHUT)
    scene.runs("open")
    scene.until("shut runs", lambda: dig(container(scene.pod("shut")), "state.running"))

    # shown: the shutter, and the probe's beam with its verdict
    one = scene.drawn("shut", "one => one.probe === '✗3/3'")
    assert (one["state"], one["gap"], one["ring"], one["says"]) == ("Running", "shut", "probe", "Running not ready")
    assert one["ringSays"].startswith("next readiness probe in ")
    scene.legend("shut", "probe")
    scene.aloud("shut, Running", "runs, but is not ready: readiness probe failed 3 of 3; no traffic reaches it")
    # true: it answers whoever asks it directly
    address = scene.pod("shut")["status"]["podIP"]
    assert "nginx" in scene.kubectl("exec", "open", "--", "curl", "-s", address).out
    # believed: not ready, and so it stands among the endpoints that get nothing
    assert conditions(scene.pod("shut"))["Ready"] == "False"
    assert sorted(endpoints(scene, "door")) == [False, True]
    # shown: traffic bends round it
    scene.shows("traffic")
    picture = scene.sees("p => p.streams.length > 0")
    feet = {one["name"]: one["rect"]["x"] + one["rect"]["width"] / 2 for one in picture["pods"]}
    ended = {round(stream["legs"][-1][-1][0]) for stream in picture["streams"]}
    assert ended == {round(feet["open"])}
    assert "1 of 2 ready" in scene.drawn("door")["sub"]
    scene.aloud("Service door", "1 of 2 pods ready")


def test_touching_the_lid_of_memory_leaves_a_scar(scene: Scene) -> None:
    scene.applies(VESSELS)
    scene.runs("sober")
    scene.until("eater was killed", lambda: "OOMKilled" in str(scene.pod("eater").get("status")))

    # true: what the sober one uses is measured, and is below its limit
    metrics = "apis/metrics.k8s.io/v1beta1/namespaces/default/pods/sober"
    scene.until("it is measured", lambda: scene.client.http.get(metrics).status_code == 200)
    used = scene.get(metrics)["containers"][0]["usage"]["memory"]
    # believed: 137, OOMKilled
    states = container(scene.pod("eater"))
    ended = dig(states, "lastState.terminated") or dig(states, "state.terminated")
    assert (ended["reason"], ended["exitCode"]) == ("OOMKilled", 137)
    # shown: a vessel with outline, fill and lid; a scar on the one that ran over
    sober = scene.drawn("sober", "one => one.jar && one.jar.used > 0")["jar"]
    assert (sober["asked"], sober["lid"], sober["scar"]) == (50, 100, False)
    assert abs(sober["used"] - int(used.removesuffix("Ki")) / 1024) < 3
    eater = scene.drawn("eater", "one => one.jar && one.jar.scar")["jar"]
    assert (eater["asked"], eater["lid"]) == (50, 100)
    scene.sees("p => p.said.some((one) => one.lines.join().includes('exit 137: out of memory'))")
    scene.legend("jar", "scar")
    scene.aloud("eater", "last exit code 137", "ran out of memory")
    scene.aloud("sober, Running", "of 100 MiB used")


def test_who_waits_for_somebody_else_says_for_whom(scene: Scene) -> None:
    scene.applies(ELSEWHERE)
    scene.shows("traffic")
    pod = scene.who.names(scene.who.pods("Running"))[0]

    # an Ingress without a controller. True: no answer; believed: no address; shown: a signpost without a road
    assert scene.who.page.request.get(f"{scene.who.url}visit/shop.example.com/").status == 502
    assert (
        dig(scene.get("apis/networking.k8s.io/v1/namespaces/default/ingresses/front"), "status.loadBalancer.ingress")
        is None
    )
    front = scene.drawn("front")
    assert (front["sign"], front["loose"]) == ("signpost", True)
    right = front["rect"]["x"] + front["rect"]["width"]
    assert not [one for one in scene.picture()["wires"] if abs(one["points"][0][0] - right) < 2]
    scene.legend("signpost")
    scene.aloud("Ingress front", "no address: no controller carries it out (class nobody)")

    # a name. True: nobody is called so; shown: the search list, name by name
    assert "Could not resolve host: wbe" in scene.kubectl.refused("exec", pod, "--", "curl", "-sS", "http://wbe")
    picture = scene.sees("p => p.tried.length === 1")
    home = ("default.svc.cluster.local.", "svc.cluster.local.", "cluster.local.", "")
    assert picture["tried"][0]["names"] == [[f"wbe.{search}", "NXDOMAIN"] for search in home]
    assert scene.drawn("wbe")["sub"] == "no such name: NXDOMAIN"
    assert not any(stream["ok"] for stream in picture["streams"])
    scene.legend("lost")
    scene.aloud("Requests to wbe", "no such name", "wbe.default.svc.cluster.local.")

    # a claim. True: there is no volume; believed: Pending; shown: a calm hourglass
    assert scene.get("api/v1/persistentvolumes")["items"] == []
    assert scene.get("api/v1/namespaces/default/persistentvolumeclaims/data")["status"]["phase"] == "Pending"
    scene.shows("storage")
    claim = scene.drawn("data")
    assert (claim["sign"], claim["sub"]) == ("hourglass", "waits for its first pod")
    scene.legend("hourglass")
    scene.aloud("PersistentVolumeClaim, data", "waits for its first pod")


def test_what_was_deleted_comes_back_or_cannot_go_and_a_rollout_is_stuck(scene: Scene) -> None:
    scene.applies(HELD)
    scene.runs("held")
    scene.shows("ownership")
    owner = scene.client.items("apis/apps/v1/namespaces/default/replicasets")[0]["metadata"]["name"]

    # deleted. Believed: two of three; shown: the owner's tether says what it wants and what there is
    scene.who.sets_clock(paused="1")
    victim = next(name for name in scene.who.names(scene.who.pods("Running")) if name.startswith("web"))
    scene.client.delete(f"{PODS}/{victim}")
    picture = scene.sees("p => p.wires.some((one) => one.says)")
    assert next(one["says"] for one in picture["wires"] if one.get("says")) == ["wants 3", "has 2", "1 leaving"]
    scene.legend("tether")
    scene.aloud(f"ReplicaSet {owner}", "wants 3", "has 2", "1 leaving")
    # true: its process still says goodbye
    assert scene.kubectl("exec", victim, "--", "cat", "/etc/hostname").out.strip() == victim
    scene.who.sets_clock(paused="0")
    scene.sees("p => !p.wires.some((one) => one.says)")
    assert len(scene.client.items(PODS, labelSelector="app=web")) == 3

    # a rollout that cannot go on: two columns, their limits, and the deadline's ring
    template = {"spec": {"containers": [{"name": "nginx", "image": "nginx:none"}]}}
    patch = {"spec": {"progressDeadlineSeconds": 20, "template": template}}
    scene.client.patch(f"{DEPLOYMENTS}/web", patch)
    all_there = "one.columns.fresh === 1 && one.columns.oldReady === 3"
    box = scene.drawn("web", f"one => one.columns && {all_there} && one.ring")
    assert box["columns"] == {"old": 3, "oldReady": 3, "fresh": 1, "freshReady": 0, "most": 4, "least": 3}
    assert box["ring"].startswith("called stuck in ")
    scene.legend("columns", "deadline")
    scene.aloud("Deployment web", "at most 4", "3 must be ready")
    scene.who.sets_clock(speed="20")
    scene.until(
        "it is called stuck", lambda: "ProgressDeadlineExceeded" in str(scene.get(f"{DEPLOYMENTS}/web")["status"])
    )
    assert scene.drawn("web", "one => one.note.startsWith('stuck')")["ring"] == ""
    scene.aloud("Deployment web", "stuck: no progress in time")

    # held. True: nothing runs any more; believed: being deleted; shown: a padlock with the finalizer's name
    scene.client.delete(f"{PODS}/held")
    scene.until("it has ended", lambda: dig(container(scene.pod("held")), "state.terminated"))
    assert scene.pod("held")["metadata"]["deletionTimestamp"]
    assert scene.kubectl.run("exec", "held", "--", "true").code != 0
    assert scene.drawn("held", "one => one.padlock.length")["padlock"] == ["example.com/keeper"]
    scene.legend("padlock")
    scene.aloud("held", "held by example.com/keeper")
    scene.shows("nodes")
    scene.sees("p => p.said.some((one) => one.lines.includes('held by example.com/keeper'))")
