"""The scheduling cycle on nodes in memory."""

from __future__ import annotations

from typing import Any

from clusters.kinds.body import Body
from clusters.reconcile.chance import Chance
from workloads.scheduler.cache import Cache
from workloads.scheduler.choose import Decision, choose, enough_nodes
from workloads.scheduler.podinfo import PodInfo, pod_requests


def node(name: str, *, cpu: str = "4", memory: str = "8Gi", taints: Any = (), images: Any = ()) -> Body:
    status = {"allocatable": {"cpu": cpu, "memory": memory, "pods": "110"}, "images": list(images)}
    metadata = {"name": name, "labels": {"kubernetes.io/hostname": name}}
    return {"kind": "Node", "metadata": metadata, "spec": {"taints": list(taints)}, "status": status}


def waiting(name: str, image: str = "nginx", **requests: str) -> Body:
    container = {"name": "main", "image": image, "resources": {"requests": requests}}
    return {"metadata": {"name": name, "namespace": "default", "uid": name}, "spec": {"containers": [container]}}


def seated(pod: Body, name: str) -> Body:
    return {**pod, "spec": {**pod["spec"], "nodeName": name}}


def decide(cache: Cache, pod: Body, seed: str = "") -> Decision:
    info = PodInfo(pod)
    return choose(info, cache.cycle(info), Chance(seed))


def filled(*nodes: Body) -> Cache:
    cache = Cache()
    for one in nodes:
        cache.changed("nodes", one, None)
    return cache


def test_the_emptier_node_is_chosen() -> None:
    cache = filled(node("a"), node("b"))
    cache.changed("pods", seated(waiting("x", cpu="1", memory="2Gi"), "a"), None)

    assert decide(cache, waiting("y", cpu="1", memory="2Gi")).node == "b"


def test_of_equal_nodes_chance_chooses_and_can_be_repeated() -> None:
    cache = filled(*(node(name) for name in "abcdef"))

    chosen = [decide(cache, waiting("x"), str(seed)).node for seed in range(40)]

    assert len(dict.fromkeys(chosen)) > 3
    assert chosen == [decide(cache, waiting("x"), str(seed)).node for seed in range(40)]


def test_a_removed_pod_gives_its_room_back_exactly() -> None:
    cache = filled(node("a"))
    pod = seated(waiting("x", cpu="1500m", memory="1Gi"), "a")
    cache.changed("pods", pod, None)
    cache.changed("pods", None, pod)

    (info,) = cache.nodes
    assert dict(info.requested) == {"cpu": 0, "memory": 0}
    assert (info.guessed_cpu, info.guessed_memory, info.pods) == (0, 0, {})


def test_what_is_remembered_of_a_node_ends_with_its_change() -> None:
    cache = filled(node("a"))
    assert decide(cache, waiting("x", cpu="3")).node == "a"

    cache.changed("pods", seated(waiting("x", cpu="3"), "a"), None)

    assert decide(cache, waiting("y", cpu="3")).node == ""


def test_a_node_that_left_and_came_again_is_judged_anew() -> None:
    small, large = node("a", cpu="1"), node("a", cpu="8")
    cache = filled(small)
    assert decide(cache, waiting("x", cpu="3")).node == ""

    cache.changed("nodes", None, small)
    cache.changed("nodes", large, None)

    assert decide(cache, waiting("x", cpu="3")).node == "a"


def test_pods_on_a_node_that_is_not_there_count_when_it_comes() -> None:
    cache = Cache()
    cache.changed("pods", seated(waiting("x", cpu="3"), "a"), None)
    assert list(cache.nodes) == []

    cache.changed("nodes", node("a"), None)

    assert decide(cache, waiting("y", cpu="3")).node == ""


def test_a_node_with_the_image_is_better() -> None:
    image = {"names": ["nginx:latest"], "sizeBytes": 900 * 2**20}
    cache = filled(node("a"), node("b", images=[image]), node("c"))

    assert decide(cache, waiting("x")).node == "b"


def test_a_soft_taint_is_avoided() -> None:
    cache = filled(node("a", taints=[{"key": "old", "effect": "PreferNoSchedule"}]), node("b"))

    assert {decide(cache, waiting("x"), str(seed)).node for seed in range(10)} == {"b"}


def test_a_node_is_full_when_it_has_its_number_of_pods() -> None:
    body = node("a")
    body["status"]["allocatable"]["pods"] = "1"
    cache = filled(body)
    cache.changed("pods", seated(waiting("x"), "a"), None)

    (refusal,) = decide(cache, waiting("y")).refusals
    assert refusal.reasons == ("Too many pods",)


def test_the_search_ends_when_enough_nodes_of_a_large_cluster_fit() -> None:
    assert enough_nodes(99) == 99
    assert enough_nodes(200) == 100
    assert enough_nodes(1000) == 420
    assert enough_nodes(10_000) == 500


def test_a_pod_asks_for_its_containers_or_its_greediest_init_container() -> None:
    def asks(cpu: str, **more: Any) -> Body:
        return {"name": "x", "resources": {"requests": {"cpu": cpu}}, **more}

    spec = {
        "initContainers": [asks("100m", restartPolicy="Always"), asks("2")],
        "containers": [asks("500m"), asks("500m")],
    }

    assert pod_requests(spec) == {"cpu": 2100}


def test_silent_containers_are_counted_with_what_they_probably_need() -> None:
    one = waiting("x")
    two = {**one, "spec": {"containers": [*one["spec"]["containers"], {"name": "b", "image": "b"}]}}

    assert (PodInfo(one).guessed_cpu, PodInfo(one).guessed_memory) == (100, 200 * 2**20)
    assert (PodInfo(two).guessed_cpu, PodInfo(two).requests) == (200, {})
    assert PodInfo(waiting("y", cpu="1")).guessed_cpu == 1000
