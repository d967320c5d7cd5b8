"""What the scheduler counts as it goes is what a slow count from the beginning gives (a seed repeats a failure)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from clusters.kinds.body import Body
from clusters.kinds.selectors import matches
from workloads.scheduler.cache import Cache
from workloads.scheduler.plugins.interpodaffinity import InterPodAffinity
from workloads.scheduler.plugins.noderesourcesfit import NodeResourcesFit
from workloads.scheduler.plugins.podtopologyspread import PodTopologySpread
from workloads.scheduler.podinfo import PodInfo, pod_requests

ZONES = {"n1": "a", "n2": "a", "n3": "b", "n4": "b", "n5": None}
KEYS = ("zone", "host")
MILLIS = st.integers(0, 2000)
LABELS = st.fixed_dictionaries({"app": st.sampled_from(["web", "db"])}, optional={"v": st.sampled_from(["1", "2"])})
SELECTORS = st.one_of(
    st.just({}),
    st.builds(lambda app: {"matchLabels": {"app": app}}, st.sampled_from(["web", "db"])),
    st.builds(
        lambda op: {"matchExpressions": [{"key": "v", "operator": op}]}, st.sampled_from(["Exists", "DoesNotExist"])
    ),
)
TERMS = st.lists(
    st.builds(lambda s, k: {"labelSelector": s, "topologyKey": k}, SELECTORS, st.sampled_from(KEYS)), max_size=2
)
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


def container(millis: int, **more: Any) -> Body:
    return {"name": "c", "resources": {"requests": {"cpu": f"{millis}m"}}, **more}


@st.composite
def pods(draw: st.DrawFn, name: str, seat: str = "") -> Body:
    affinity = {"podAffinity": {REQUIRED: draw(TERMS)}, "podAntiAffinity": {REQUIRED: draw(TERMS)}}
    spec = {"containers": [container(draw(MILLIS))], "affinity": affinity, "nodeName": seat}
    metadata = {"name": name, "namespace": draw(st.sampled_from(["one", "two"])), "uid": name, "labels": draw(LABELS)}
    return {"metadata": metadata, "spec": spec}


@st.composite
def crowds(draw: st.DrawFn) -> Sequence[Body]:
    seats = draw(st.lists(st.sampled_from(sorted(ZONES)), max_size=8))
    return [draw(pods(f"p{number}", seat)) for number, seat in enumerate(seats)]


def node(name: str) -> Body:
    zone = ZONES[name]
    labels = {"host": name, **({"zone": zone} if zone else {})}
    status = {"allocatable": {"cpu": "3", "memory": "1Gi", "pods": "3"}}
    return {"kind": "Node", "metadata": {"name": name, "labels": labels}, "spec": {}, "status": status}


def filled(crowd: Sequence[Body]) -> Cache:
    """All of them come, every second goes again and comes back."""
    cache = Cache()
    for name in ZONES:
        cache.changed("nodes", node(name), None)
    for body in crowd:
        cache.changed("pods", body, None)
    for body in crowd[::2]:
        cache.changed("pods", None, body)
        cache.changed("pods", body, None)
    return cache


def fitting(cache: Cache, plugin: Any, body: Body) -> list[str]:
    pod = PodInfo(body)
    cycle = cache.cycle(pod)
    applies = plugin.applies(pod, cycle)
    return [one.name for one in cache.nodes if not applies or plugin.filter(pod, one, cycle) is None]


@settings(max_examples=60, deadline=None)
@given(crowd=crowds(), new=pods("new"))
def test_resources(crowd: Sequence[Body], new: Body) -> None:
    def slowly(name: str) -> bool:
        here = [one for one in crowd if one["spec"]["nodeName"] == name]
        used = sum(millis(one) for one in here)
        return len(here) < 3 and (not millis(new) or used + millis(new) <= 3000)

    assert fitting(filled(crowd), NodeResourcesFit(), new) == [name for name in sorted(ZONES) if slowly(name)]


@settings(max_examples=150, deadline=None)
@given(crowd=crowds(), new=pods("new"))
def test_affinity_and_anti_affinity(crowd: Sequence[Body], new: Body) -> None:
    def means(owner: Body, term: Body, other: Body) -> bool:
        same = owner["metadata"]["namespace"] == other["metadata"]["namespace"]
        return same and matches(term["labelSelector"], other["metadata"]["labels"])

    def together(key: str, name: str, other: Body) -> bool:
        here, there = domain(key, name), domain(key, other["spec"]["nodeName"])
        return here is not None and here == there

    def slowly(name: str) -> bool:
        needs, avoids = terms(new, "podAffinity"), terms(new, "podAntiAffinity")
        friends = [one for one in crowd if needs and all(means(new, term, one) for term in needs)]
        placed = [one for one in friends if any(domain(term["topologyKey"], one["spec"]["nodeName"]) for term in needs)]
        has_keys = all(domain(term["topologyKey"], name) for term in needs)
        near = all(any(together(term["topologyKey"], name, one) for one in friends) for term in needs)
        first = not placed and all(means(new, term, new) for term in needs)
        alone = not any(means(new, t, one) and together(t["topologyKey"], name, one) for t in avoids for one in crowd)
        welcome = not any(
            means(one, t, new) and together(t["topologyKey"], name, one)
            for one in crowd
            for t in terms(one, "podAntiAffinity")
        )
        return has_keys and (near or first) and alone and welcome

    assert fitting(filled(crowd), InterPodAffinity(), new) == [name for name in sorted(ZONES) if slowly(name)]


@settings(max_examples=150, deadline=None)
@given(crowd=crowds(), new=pods("new"), skew=st.integers(1, 2), least=st.integers(1, 4), key=st.sampled_from(KEYS))
def test_spreading(crowd: Sequence[Body], new: Body, skew: int, least: int, key: str) -> None:
    selector = {"matchLabels": {"app": "web"}}
    rule = {"maxSkew": skew, "topologyKey": key, "labelSelector": selector, "minDomains": least}
    spec = {**new["spec"], "topologySpreadConstraints": [{**rule, "whenUnsatisfiable": "DoNotSchedule"}]}
    body = {**new, "spec": spec}

    def count(where: str) -> int:
        alike = [one for one in crowd if one["metadata"]["namespace"] == new["metadata"]["namespace"]]
        inside = [one for one in alike if domain(key, one["spec"]["nodeName"]) == where]
        return sum(matches(selector, one["metadata"]["labels"]) for one in inside)

    def slowly(name: str) -> bool:
        where = domain(key, name)
        known = sorted({found for one in ZONES if (found := domain(key, one))})
        fewest = min(count(one) for one in known) if len(known) >= least else 0
        return where is not None and count(where) + matches(selector, new["metadata"]["labels"]) - fewest <= skew

    assert fitting(filled(crowd), PodTopologySpread(), body) == [name for name in sorted(ZONES) if slowly(name)]


@settings(max_examples=100, deadline=None)
@given(main=st.lists(MILLIS, min_size=1, max_size=3), inits=st.lists(st.tuples(MILLIS, st.booleans()), max_size=4))
def test_requests_are_the_most_that_is_needed_at_any_moment(main: list[int], inits: list[tuple[int, bool]]) -> None:
    made = [container(millis, **({"restartPolicy": "Always"} if side else {})) for millis, side in inits]

    def moments() -> Iterator[int]:
        running = 0
        for millis, is_sidecar in inits:
            yield running + millis
            running += millis if is_sidecar else 0
        yield running + sum(main)

    assert pod_requests({"containers": [*map(container, main)], "initContainers": made})["cpu"] == max(moments())


def millis(body: Body) -> int:
    return int(body["spec"]["containers"][0]["resources"]["requests"]["cpu"].removesuffix("m"))


def terms(body: Body, kind: str) -> Sequence[Body]:
    found: Sequence[Body] = body["spec"]["affinity"][kind][REQUIRED]
    return found


def domain(key: str, name: str) -> str | None:
    return name if key == "host" else ZONES[name]
