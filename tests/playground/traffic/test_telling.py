"""What the page says of requests."""

from __future__ import annotations

from clusters.kinds.body import Body
from networking.traffic.histogram import note
from playground.timeline.line import Happened
from playground.timeline.sentences import told
from playground.topology.board import Board
from playground.topology.rows import flow_rows
from playground.traffic import actions
from playground.traffic.telling import by_pod, by_service, panel, share
from tests.playground.things import NOW, Around, thing

TRACE = {
    "name": "a|b|policy", "at": NOW - 2_000_000, "status": 0, "reason": "policy", "stands": 40, "took": 5_000_000,
    "from": "default/client", "to": "", "attempt": 0,
    "hops": [["pod", "default/client", "10.244.1.2 on worker-1"], ["service", "default/web", "its only endpoint: x"],
             ["policy", "default/deny", "ingress into default/web-1 port 80 is not allowed"]],
}  # fmt: skip


def flow(to: str, ok: int, failing: int = 0) -> Body:
    ends = {"from": "outside", "fromName": "outside", "to": f"uid-{to}", "toName": f"default/{to}"}
    counts = {"rate": ok + failing, "ok": ok, "failing": failing, "reason": "policy" if failing else ""}
    return {"id": f"outside|{to}", **ends, "via": "uid-web", "viaName": "default/web", **counts,
            "p50": 1_200, "p95": 2_000, "p99": 30_000, "times": times(ok)}  # fmt: skip


def route(name: str, ok: int) -> Body:
    return {"name": name, "rate": ok, "ok": ok, "failing": 0, "reason": "", "p50": 1, "p95": 2, "p99": 3,
            "times": times(ok)}  # fmt: skip


def times(answers: int) -> Body:
    """Nine of ten after 1.2 ms, the others after 30 ms."""
    found: dict[str, int] = {}
    note(found, 1_200, answers - answers // 10)
    note(found, 30_000, answers // 10)
    return found


def traffic(**status: object) -> Body:
    spec = {"target": {"service": "web"}, "rate": 50, "from": {"where": "Nodes"}, "timeout": "5s", "retries": 0}
    return thing("podium.dev/v1", "Traffic", "load", "default", spec=spec, status=status)


def sighting() -> Body:
    return thing("machine.podium.dev/v1", "Sighting", "load", "default", uid="uid-load", second=10,
                 points=[[9, 50, 50, 0, 1, 2, 3], [10, 50, 45, 5, 1, 2, 3]],
                 flows=[flow("web-1", 30), flow("web-2", 15, 5)],
                 routes=[route("Ingress default/shop: host a, path /", 30), route("Ingress default/x: host b", 9)],
                 answered=[], failures=[TRACE])  # fmt: skip


def around() -> Around:
    status = {"sent": 100, "succeeded": 95, "failed": 5, "reasons": [{"reason": "policy", "count": 5}]}
    return Around(traffic=[traffic(phase="Running", **status)], sightings=[sighting()])


def test_a_service_has_the_traffic_that_is_aimed_at_it() -> None:
    web = thing("v1", "Service", "web", "default", spec={"type": "ClusterIP"})

    found = panel("services", web, around())

    assert [str(line.name) for line in found.pods] == ["web-1", "web-2"]
    assert [line.good for line in found.pods] == ["100 %", "75.0 %"]
    assert (found.reasons[0].reason, found.reasons[0].count) == ("policy", 5)
    assert found.can_send
    assert found.points[-1][1] == 50


def test_an_ingress_has_a_line_for_each_of_its_own_rules() -> None:
    shop = thing("networking.k8s.io/v1", "Ingress", "shop", "default", spec={"rules": [{"host": "a"}]})
    load = {**traffic(), "spec": {**traffic()["spec"], "target": {"ingress": "a"}}}

    found = panel("ingresses", shop, Around(traffic=[load], sightings=[sighting()]))

    assert [(line.name, line.rate) for line in found.routes] == [("host a, path /", 30)]


def test_a_failed_request_tells_its_whole_way() -> None:
    (way,) = panel("traffic", around().list("traffic")[0], around()).failures

    assert way.stands == 40
    assert way.steps[0] == "It leaves default/client, 10.244.1.2 on worker-1."
    assert way.steps[2].startswith("The NetworkPolicy default/deny stops it")
    assert way.steps[-1] == "The client learns of it after 5.0s: policy."


def test_a_share_is_never_rounded_to_all_or_nothing() -> None:
    assert share(99_999, 100_000) == "99.9 %"
    assert share(1, 100_000) == "0.1 %"
    assert share(7, 7) == "100 %"


def test_the_picture_has_a_row_for_each_two_that_requests_go_between() -> None:
    board = Board()
    board.put("sightings", "default", "load", sighting())

    rows = board.rows()
    board.drop("sightings", "default", "load", "uid")

    assert [(row["kind"], row["to"], row["rate"]) for row in rows] == [
        ("Flow", "uid-web-2", 20),
        ("Flow", "uid-web-1", 30),
    ]
    assert board.changes() == ([], [row["id"] for row in rows])
    assert flow_rows(sighting())[0]["failing"] == 5


def test_sending_is_a_request_to_the_api() -> None:
    form = {"rate": "300", "where": "Pods", "labels": "app=client, tier=web"}

    action = actions.send("blue", "web", form, NOW)

    call = action.calls[0]
    assert (call.method, call.path) == ("POST", "/apis/podium.dev/v1/namespaces/blue/traffic")
    assert call.body["spec"]["from"]["selector"] == {"matchLabels": {"app": "client", "tier": "web"}}
    assert call.body["spec"]["rate"] == 300
    assert actions.stopped(traffic()).line == "kubectl delete traffic load"


def test_the_timeline_tells_when_requests_begin_to_fail() -> None:
    before = traffic(phase="Running", reasons=[])
    after = traffic(phase="Running", reasons=[{"reason": "stale rule", "count": 3}])

    found = told(Happened("MODIFIED", "traffic", after, before, "traffic"))
    again = told(Happened("MODIFIED", "traffic", after, after, "traffic"))

    assert found is not None
    assert "".join(str(part) for part in found[0]) == "load: requests to service/web began to fail: stale rule."
    assert again is None


def test_the_latencies_of_several_pods_are_those_of_all_answers_together() -> None:
    slow = {**flow("b", 10), "times": {}}
    note(slow["times"], 80_000, 10)

    (whole,) = by_service([flow("a", 190), slow])
    first, second = by_pod([flow("a", 190), slow])

    assert (whole.rate, whole.p50, whole.p95, whole.p99) == (200, "1.2ms", "28ms", "77ms")
    assert (first.p50, second.p50) == ("1.2ms", "77ms")
