"""The catalogue at work: of each fault what is true, what the API believes, when it notices and when it is whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from clusters.faults import FAULTS
from clusters.kinds.body import Body, dig, is_deleting
from clusters.reconcile.conditions import is_true
from tests.sim import Sim, deployment, fault, pod, service

TESTS = Path(__file__).parents[2]
PAUSE = "registry.k8s.io/pause:3.10"
WEB: Body = {"image": "nginx:1.27", "ports": [{"containerPort": 80}]}
READY = {"httpGet": {"port": 80}, "periodSeconds": 2, "failureThreshold": 2}


def spec(type_: str, name: str = "it", target: Body | None = None, **more: Any) -> Body:
    made = fault(type_, name)
    return {**made, "spec": {**made["spec"], "target": target or {}, **more}}


def ready(sim: Sim, node: str) -> str:
    conditions = sim.get("nodes", node)["status"]["conditions"]
    return next(str(one["status"]) for one in conditions if one["type"] == "Ready")


def box(sim: Sim, body: Body) -> Body:
    return sim.get("sandboxes", body["metadata"]["uid"], body["spec"]["nodeName"])


def restarts(sim: Sim, name: str = "web") -> int:
    return int(dig(sim.get("pods", name), "status.containerStatuses.0.restartCount"))


def test_a_rebooted_machine_comes_back_by_itself_and_its_containers_start_once_more() -> None:
    sim = Sim(nodes=1).apply(pod("web", PAUSE)).settle()

    sim.apply(fault("NodeReboot", "it", node="worker-1")).run(1)
    away = sim.get("machines", "worker-1")["power"]
    sim.run(30)

    assert (away, sim.get("machines", "worker-1")["power"]) == ("booting", "on")
    assert (sim.get("faults", "it")["status"]["phase"], restarts(sim)) == ("Done", 1)


def test_a_frozen_machine_is_given_up_and_goes_on_where_it_stood() -> None:
    sim = Sim(nodes=2).apply(pod("web", PAUSE, spec={"nodeName": "worker-1"})).settle()

    sim.apply(fault("NodeFreeze", "it", node="worker-1")).run(10)
    assert ready(sim, "worker-1") == "Unknown"
    sim.delete("faults", "it").run(5)

    assert ready(sim, "worker-1") == "True"
    assert restarts(sim) == 0
    assert len(sim.running("web")) == 1


def test_pods_of_a_partitioned_machine_run_on_while_the_api_evicts_them() -> None:
    sim = Sim(nodes=3).apply(deployment("web", 3, image=PAUSE)).settle()
    lost = next(one for one in sim.pods("web") if one["spec"]["nodeName"] == "worker-1")

    sim.apply(fault("NodePartition", "it", node="worker-1")).run(40)

    assert ready(sim, "worker-1") == "Unknown"
    assert is_deleting(sim.get("pods", lost["metadata"]["name"]))
    assert box(sim, lost)["running"] == ["web"]
    assert len(sim.running("web")) == 3


def test_when_the_partition_heals_the_kubelet_ends_what_was_deleted() -> None:
    sim = Sim(nodes=3).apply(deployment("web", 3, image=PAUSE)).settle()
    lost = next(one for one in sim.pods("web") if one["spec"]["nodeName"] == "worker-1")

    sim.apply(fault("NodePartition", "it", node="worker-1")).run(40).delete("faults", "it").run(40)

    assert ready(sim, "worker-1") == "True"
    assert sim.find("pods", lost["metadata"]["name"]) is None
    assert sim.find("sandboxes", lost["metadata"]["uid"], "worker-1") is None
    assert len(sim.running("web")) == 3


def test_a_statefulset_never_has_two_pods_of_one_name_while_a_node_is_cut_off() -> None:
    sim = Sim(nodes=2)
    made = deployment("db", 1, image=PAUSE)
    made |= {"kind": "StatefulSet", "spec": {**made["spec"], "serviceName": "db"}}
    sim.apply(made).settle()
    old = sim.get("pods", "db-0")

    sim.apply(fault("NodePartition", "it", node=old["spec"]["nodeName"])).run(60)

    assert sim.get("pods", "db-0")["metadata"]["uid"] == old["metadata"]["uid"]
    assert is_deleting(sim.get("pods", "db-0"))
    assert box(sim, old)["running"] == ["db"]

    sim.delete("faults", "it").run(40)
    assert sim.get("pods", "db-0")["metadata"]["uid"] != old["metadata"]["uid"]
    assert len(sim.running("db")) == 1


def test_a_cut_off_kubelet_restarts_its_containers_and_nobody_hears_of_it() -> None:
    crashes = pod("web", "busybox:1.37", command=["sh", "-c", "sleep 8; exit 1"])
    sim = Sim(nodes=1).apply(crashes).run(5)

    sim.apply(fault("NodePartition", "it", node="worker-1")).run(30)

    assert restarts(sim) == 0
    assert box(sim, sim.get("pods", "web"))["containers"]["web"]["restarts"] > 0
    sim.delete("faults", "it").run(2)
    assert restarts(sim) > 0


def test_no_packet_passes_between_two_sides_of_a_partition() -> None:
    sim = Sim(nodes=2)
    for name, node in (("one", "worker-1"), ("two", "worker-2")):
        sim.apply(pod(name, **WEB, spec={"nodeName": node}))
    sim.settle()
    address = sim.get("pods", "two")["status"]["podIP"]
    sides: Body = {"target": {"node": "worker-1"}, "from": {"node": "worker-2"}}
    cut = spec("NodePartition", **sides)

    before, after = sim.send("one", address), sim.apply(cut).run(1).send("one", address)

    assert (before.ok, after.ok, after.reason) == (True, False, "timeout")
    assert ready(sim.run(20), "worker-1") == "True"
    assert sim.delete("faults", "it").send("one", address).ok


def test_a_zone_goes_dark_as_a_whole() -> None:
    sim = Sim(nodes=3)
    for node in ("worker-1", "worker-2"):
        labels = sim.get("nodes", node)["metadata"]["labels"]
        sim.patch("nodes", node, "metadata.labels", {**labels, "topology.kubernetes.io/zone": "a"})

    sim.apply(spec("ZoneOutage", target={"zone": "a"})).run(10)

    assert [ready(sim, f"worker-{number}") for number in (1, 2, 3)] == ["Unknown", "Unknown", "True"]
    sim.delete("faults", "it").run(20)
    assert ready(sim, "worker-1") == "True"


def test_probes_on_a_slow_machine_fail_though_the_node_is_ready() -> None:
    sim = Sim(nodes=1).apply(pod("web", **WEB, readinessProbe=READY)).settle()

    sim.apply(fault("SlowNode", "it", node="worker-1")).run(10)

    assert (len(sim.running("web")), ready(sim, "worker-1")) == (0, "True")
    assert len(sim.delete("faults", "it").run(5).running("web")) == 1


def test_memory_pressure_evicts_and_passes() -> None:
    sim = Sim(nodes=2).apply(deployment("web", 2, image=PAUSE)).settle()

    sim.apply(fault("MemoryPressure", "it", node="worker-1")).run(40)

    assert is_true(sim.get("nodes", "worker-1"), "MemoryPressure")
    assert [one["spec"]["nodeName"] for one in sim.running("web")] == ["worker-2", "worker-2"]
    assert not is_true(sim.delete("faults", "it").run(60).get("nodes", "worker-1"), "MemoryPressure")


def test_pid_pressure_evicts_and_is_told_in_the_kubelets_words() -> None:
    sim = Sim(nodes=2).apply(deployment("web", 2, image=PAUSE)).settle()

    sim.apply(fault("PIDPressure", "it", node="worker-1")).run(40)

    assert is_true(sim.get("nodes", "worker-1"), "PIDPressure")
    assert sim.events("NodeHasInsufficientPID")
    assert sim.events("Evicted")[0]["message"].startswith(
        "The node was low on resource: pids. Threshold quantity: 3276"
    )
    assert [one["spec"]["nodeName"] for one in sim.running("web")] == ["worker-2", "worker-2"]


def test_a_container_ends_with_the_code_that_was_chosen() -> None:
    sim = Sim(nodes=1).apply(pod("web", PAUSE, spec={"restartPolicy": "OnFailure"})).settle()

    sim.apply(spec("ContainerExit", target={"pod": "web"}, exitCode=3)).settle(quiet=10)
    assert dig(sim.get("pods", "web"), "status.containerStatuses.0.lastState.terminated.exitCode") == 3
    sim.apply(spec("ContainerExit", "clean", target={"pod": "web"})).settle()

    assert dig(sim.get("pods", "web"), "status.phase") == "Succeeded"


def test_a_hung_container_is_out_of_its_service_and_liveness_frees_it() -> None:
    sim = Sim(nodes=1).apply(pod("web", **WEB, readinessProbe=READY), pod("live", **WEB, livenessProbe=READY)).settle()

    for name in ("web", "live"):
        sim.apply(fault("ContainerHang", f"hang-{name}", pod=name))
    sim.run(6)
    assert (len(sim.running("web")), sim.word(sim.get("pods", "web"))) == (0, "Running")
    sim.run(20)

    assert (restarts(sim, "web"), restarts(sim, "live")) == (0, 1)
    assert sim.send(None, sim.get("pods", "live")["status"]["podIP"]).reason in ("", "timeout")
    assert len(sim.delete("faults", "hang-web").run(5).running("web")) == 1


def test_a_hung_container_accepts_connections_and_answers_nothing() -> None:
    sim = Sim(nodes=1).apply(pod("web", **WEB), pod("ask", PAUSE)).settle()
    address = sim.get("pods", "web")["status"]["podIP"]

    sim.apply(fault("ContainerHang", "it", pod="web")).run(1)

    assert sim.send("ask", address).reason == "timeout"
    assert sim.send("ask", address, protocol="tcp").ok


def test_a_container_that_is_out_of_memory_is_told_137() -> None:
    sim = Sim(nodes=1).apply(pod("web", PAUSE)).settle()

    sim.apply(fault("ContainerOOM", "it", pod="web")).settle(quiet=10)

    last = dig(sim.get("pods", "web"), "status.containerStatuses.0.lastState.terminated")
    assert (last["reason"], last["exitCode"]) == ("OOMKilled", 137)


def test_what_starts_slowly_is_restarted_by_an_impatient_liveness_probe() -> None:
    sim = Sim(nodes=1).apply(spec("SlowStart", target={"selector": {"matchLabels": {"app": "web"}}}))

    sim.apply(pod("web", **WEB, livenessProbe=READY)).run(60)

    assert restarts(sim) > 1
    assert sim.delete("faults", "it").run(60).running("web")


def test_a_failing_readiness_probe_takes_a_pod_from_its_service_without_a_restart() -> None:
    sim = Sim(nodes=1).apply(pod("web", **WEB, readinessProbe=READY), service("web")).settle()

    sim.apply(fault("ProbeFailure", "it", pod="web")).run(10)

    assert (sim.running("web"), restarts(sim)) == ([], 0)
    assert sim.send(sim.get("pods", "web"), sim.get("services", "web")["spec"]["clusterIP"]).reason != ""
    assert sim.delete("faults", "it").run(5).running("web")


def test_a_failing_liveness_probe_restarts_again_and_again() -> None:
    sim = Sim(nodes=1).apply(pod("web", **WEB, livenessProbe=READY)).settle()

    sim.apply(spec("ProbeFailure", target={"pod": "web"}, probe="liveness")).run(60)

    assert restarts(sim) > 2


def test_a_flapping_probe_comes_and_goes() -> None:
    sim = Sim(nodes=1).apply(pod("web", **WEB, readinessProbe=READY)).settle()

    sim.apply(fault("ProbeFlapping", "it", pod="web"))
    found = [len(sim.run(seconds).running("web")) for seconds in (20, 40, 40, 40)]

    assert found == [0, 1, 0, 1]


def test_a_leak_ends_at_the_limit_and_begins_anew() -> None:
    limits = {"limits": {"memory": "128Mi"}}
    sim = Sim(nodes=1).apply(pod("web", **WEB, resources=limits)).settle()

    sim.apply(fault("MemoryLeak", "it", pod="web")).run(20)

    assert dig(sim.get("pods", "web"), "status.containerStatuses.0.lastState.terminated.reason") == "OOMKilled"
    assert restarts(sim) >= 1


def test_a_container_that_spins_uses_what_its_limit_allows() -> None:
    sim = Sim(nodes=1).apply(pod("web", **WEB, resources={"limits": {"cpu": "300m"}})).settle().run(30)
    body = sim.get("pods", "web")

    sim.apply(fault("CPUHog", "it", pod="web")).run(1)

    view = _view(sim)
    assert view.kernel.metrics.pod(view, body)["web"].cpu == 300_000_000


def test_without_a_registry_nothing_new_is_pulled() -> None:
    sim = Sim(nodes=1).apply(spec("RegistryDown"), pod("web", "nginx:1.29")).settle()

    assert sim.word(sim.get("pods", "web")) == "ImagePullBackOff"
    assert sim.word(sim.delete("faults", "it").run(40).get("pods", "web")) == "Running"


def test_a_slow_registry_keeps_pods_waiting() -> None:
    sim = Sim(nodes=1).apply(spec("RegistrySlow", target={"node": "worker-1"}), pod("web", "nginx:1.29")).run(20)

    assert sim.word(sim.get("pods", "web")) == "ContainerCreating"
    assert sim.word(sim.run(20).get("pods", "web")) == "Running"


def test_without_dns_names_fail_and_addresses_go_on() -> None:
    sim = Sim(nodes=1, addons=True).apply(pod("web", **WEB), pod("ask", PAUSE), service("web")).settle()
    address = sim.get("services", "web")["spec"]["clusterIP"]
    assert sim.send("ask", "web").ok

    sim.apply(spec("DNSDown")).run(1)

    assert (sim.send("ask", "web").reason, sim.send("ask", address).ok) == ("bad address", True)
    assert sim.delete("faults", "it").send("ask", "web").ok


def test_lost_packets_make_requests_late_and_some_fail() -> None:
    sim = Sim(nodes=1).apply(pod("web", **WEB), pod("ask", PAUSE)).settle()
    address = sim.get("pods", "web")["status"]["podIP"]
    quick = sim.send("ask", address).takes

    sim.apply(spec("PacketLoss", target={"pod": "web", "namespace": "default"}, percent=60)).run(1)
    times = [sim.send("ask", address).takes for _ in range(20)]

    assert min(times) == quick
    assert max(times) > 1_000_000


def test_only_tcp_sends_again_what_was_lost() -> None:
    sim = Sim(nodes=1).apply(pod("web", **WEB), pod("ask", PAUSE)).settle()
    address = sim.get("pods", "web")["status"]["podIP"]

    sim.apply(spec("PacketLoss", target={"pod": "web", "namespace": "default"}, percent=50)).run(1)
    pings = [sim.send("ask", address, protocol="icmp") for _ in range(30)]

    assert 5 < sum(one.ok for one in pings) < 25
    assert max(one.takes for one in pings if one.ok) < 1_000_000


def test_a_container_on_a_slow_machine_starts_ten_seconds_later() -> None:
    sim = Sim(nodes=1).apply(fault("SlowNode", "it", node="worker-1")).run(1)

    sim.apply(pod("web", PAUSE))
    found = [len(sim.run(seconds).running("web")) for seconds in (9, 25)]

    assert found == [0, 1]


def test_latency_is_added_on_both_ways() -> None:
    sim = Sim(nodes=1).apply(pod("web", **WEB), pod("ask", PAUSE)).settle()
    address = sim.get("pods", "web")["status"]["podIP"]
    quick = sim.send("ask", address).takes

    sim.apply(spec("NetworkLatency", delay="200ms")).run(1)

    assert sim.send("ask", address).takes == quick + 400_000


def test_without_a_scheduler_new_pods_wait_and_old_ones_run_on() -> None:
    sim = Sim(nodes=1).apply(pod("old", PAUSE)).settle()

    sim.apply(spec("SchedulerDown")).run(5).apply(pod("web", PAUSE)).run(60)

    assert (sim.word(sim.get("pods", "web")), len(sim.running("old"))) == ("Pending", 1)
    assert sim.word(sim.get("pods", "kube-scheduler-control-plane", "kube-system")) == "CrashLoopBackOff"
    assert sim.word(sim.delete("faults", "it").run(40).get("pods", "web")) == "Running"


def test_without_controllers_nothing_is_replaced() -> None:
    sim = Sim(nodes=1).apply(deployment("web", 2, image=PAUSE)).settle()

    sim.apply(spec("ControllerManagerDown")).run(5).delete("pods", sim.pods("web")[0]).run(60)

    assert len(sim.running("web")) == 1
    assert len(sim.delete("faults", "it").run(60).running("web")) == 2


def test_a_bad_rollout_stands_still_and_is_undone_with_its_fault() -> None:
    sim = Sim(nodes=2).apply(deployment("web", 4, **WEB)).settle()

    sim.apply(spec("BadRollout", target={"deployment": "web"})).run(20)
    assert sim.get("deployments", "web")["spec"]["template"]["spec"]["containers"][0]["image"] == (
        "nginx:1.27-does-not-exist"
    )
    assert len(sim.running("web")) == 3
    sim.delete("faults", "it").run(20)

    assert sim.find("faults", "it") is None
    assert sim.get("deployments", "web")["spec"]["template"]["spec"]["containers"][0]["image"] == "nginx:1.27"
    assert len(sim.running("web")) == 4


def test_a_selector_hits_pods_that_come_later_too() -> None:
    sim = Sim(nodes=2).apply(deployment("web", 2, **WEB, readinessProbe=READY)).settle()
    sim.apply(spec("ProbeFailure", target={"selector": {"matchLabels": {"app": "web"}}})).run(10)

    sim.patch("deployments", "web", "spec.replicas", 3).run(10)

    assert len(sim.get("faults", "it")["status"]["hit"]) == 3
    assert sim.running("web") == []


def test_a_crash_by_label_hits_each_once() -> None:
    sim = Sim(nodes=2).apply(deployment("web", 3, image=PAUSE)).settle()

    sim.apply(spec("ContainerCrash", target={"selector": {"matchLabels": {"app": "web"}}})).run(60)

    assert [dig(one, "status.containerStatuses.0.restartCount") for one in sim.pods("web")] == [1, 1, 1]
    assert len(sim.get("faults", "it")["status"]["hit"]) == 3
    assert sim.get("faults", "it")["status"]["message"] == "Hit 3 containers."


def test_a_count_hits_so_many_and_no_more() -> None:
    sim = Sim(nodes=3).apply(deployment("web", 5, image=PAUSE)).settle()

    sim.apply(spec("ContainerCrash", target={"selector": {"matchLabels": {"app": "web"}}, "count": 2})).run(30)

    assert sum(dig(one, "status.containerStatuses.0.restartCount") for one in sim.pods("web")) == 2


def test_a_fault_that_matches_nobody_says_why() -> None:
    sim = Sim(nodes=1).apply(spec("ZoneOutage", target={"zone": "mars"})).run(1)

    told = "No node has the label topology.kubernetes.io/zone=mars."
    assert sim.get("faults", "it")["status"]["message"] == told
    assert [event["message"] for event in sim.events("FaultMissed")] == [told]


def test_the_same_seed_draws_the_same() -> None:
    def drawn() -> list[Body]:
        sim = Sim(nodes=3).apply(deployment("web", 8, image=PAUSE)).settle()
        sim.apply(spec("ContainerCrash", target={"selector": {"matchLabels": {"app": "web"}}, "chance": 50})).run(5)
        return list(sim.get("faults", "it")["status"]["hit"])

    assert drawn() == drawn()


def test_every_fault_of_the_catalogue_has_its_promise_tested() -> None:
    told = "".join(path.read_text() for folder in ("clusters", "networking") for path in (TESTS / folder).rglob("*.py"))

    assert [name for name in FAULTS if f'"{name}"' not in told] == []


def _view(sim: Sim) -> Any:
    from clusters.reconcile.world import Due
    from tests.sim import UserView

    return UserView(sim.loop, Due(sim.now, 0, 0))
