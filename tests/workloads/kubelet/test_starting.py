"""From a bound pod to running containers."""

from __future__ import annotations

import pytest

from clusters.kinds.body import Body
from tests.sim import Sim, pod
from tests.workloads.kubelet.reading import condition, configmap, container, messages, node_of, sandbox

SLEEP = ["sh", "-c", "sleep 3600"]


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=2)


def test_a_pod_runs_and_is_ready(sim: Sim) -> None:
    sim.apply(pod("web", "nginx:1.27")).settle()

    status = container(sim, "web")
    assert sim.word(sim.get("pods", "web")) == "Running"
    assert status["ready"] is True
    assert status["started"] is True
    assert status["image"] == "docker.io/library/nginx:1.27"
    assert status["imageID"].startswith("docker.io/library/nginx@sha256:")
    assert status["containerID"].startswith("containerd://")
    assert [condition(sim, "web", type_)["status"] for type_ in ("Initialized", "Ready", "ContainersReady")] == [
        "True"
    ] * 3
    assert sim.get("pods", "web")["status"]["podIP"].startswith("10.244.")


def test_the_kubelet_says_what_it_does_in_kubernetes_words(sim: Sim) -> None:
    sim.apply(pod("web", "nginx:1.27")).settle()

    assert messages(sim, "Pulling", "web") == ['Pulling image "nginx:1.27"']
    assert messages(sim, "Pulled", "web")[0].startswith('Successfully pulled image "nginx:1.27" in ')
    assert messages(sim, "Created", "web") == ["Created container: web"]
    assert messages(sim, "Started", "web") == ["Started container web"]


def test_an_image_that_is_there_is_not_pulled_again(sim: Sim) -> None:
    sim.apply(pod("one", "nginx:1.27", spec={"nodeName": "worker-1"})).settle()

    sim.apply(pod("two", "nginx:1.27", spec={"nodeName": "worker-1"})).settle()

    assert messages(sim, "Pulled", "two") == ['Container image "nginx:1.27" already present on machine']


def test_pods_that_need_nothing_are_written_once_by_their_kubelet(sim: Sim) -> None:
    sim.apply(pod("quick", "podium.dev/instant:1")).settle()

    own = [e for e in sim.log.all("pods") if e.change.key.name == "quick" and e.actor.startswith("kubelet/")]
    boxes = [e for e in sim.log.all("sandboxes") if e.change.new["pod"]["name"] == "quick"]
    assert (len(own), len(boxes)) == (1, 1)


def test_two_pods_of_a_node_never_share_an_address(sim: Sim) -> None:
    for number in range(8):
        sim.apply(pod(f"p{number}", "podium.dev/instant:1", spec={"nodeName": "worker-1"}))

    sim.settle()

    addresses = [body["status"]["podIP"] for body in sim.pods()]
    assert len(dict.fromkeys(addresses)) == 8


def test_an_address_is_given_back(sim: Sim) -> None:
    sim.apply(pod("one", "podium.dev/instant:1", spec={"nodeName": "worker-1"})).settle()
    address = sim.get("pods", "one")["status"]["podIP"]
    sim.delete("pods", "one").settle()

    sim.patch("machines", "worker-1", "lastIP", [sim.now, "10.244.1.254"], "")  # all others had their turn
    sim.apply(pod("two", "podium.dev/instant:1", spec={"nodeName": "worker-1"})).settle()

    assert sim.get("pods", "two")["status"]["podIP"] == address


def test_the_next_address_is_given_although_one_before_it_is_free(sim: Sim) -> None:
    for number in range(10):  # all at one moment: some end in .9, .10, ...
        sim.apply(pod(f"p{number}", "podium.dev/instant:1", spec={"nodeName": "worker-1"}))
    sim.settle()
    given = sorted((int(body["status"]["podIP"].rpartition(".")[2]), body["metadata"]["name"]) for body in sim.pods())
    for _, name in given[-2:]:
        sim.delete("pods", name).settle()

    sim.apply(pod("next", "podium.dev/instant:1", spec={"nodeName": "worker-1"})).settle()

    assert sim.get("pods", "next")["status"]["podIP"] == f"10.244.1.{given[-1][0] + 1}"


def test_a_pod_of_the_host_network_has_the_nodes_address(sim: Sim) -> None:
    sim.apply(pod("host", "nginx", spec={"hostNetwork": True, "nodeName": "worker-1"})).settle()

    assert sim.get("pods", "host")["status"]["podIP"] == sim.get("machines", "worker-1")["ip"]


def test_init_containers_run_one_after_the_other_before_the_others(sim: Sim) -> None:
    inits = [
        {"name": name, "image": "busybox:1.37", "command": ["sh", "-c", "sleep 2"]} for name in ("first", "second")
    ]
    sim.apply(pod("web", "nginx:1.27", spec={"initContainers": inits}))

    sim.run(2)
    early = sim.word(sim.get("pods", "web"))
    sim.run(2)
    later = sim.word(sim.get("pods", "web"))
    sim.settle()

    assert (early, later) == ("Init:0/2", "Init:1/2")
    assert sim.word(sim.get("pods", "web")) == "Running"
    assert condition(sim, "web", "Initialized")["status"] == "True"


def test_a_failing_init_container_holds_the_pod_back(sim: Sim) -> None:
    inits = [{"name": "first", "image": "busybox:1.37", "command": ["sh", "-c", "exit 1"]}]
    sim.apply(pod("web", "nginx:1.27", spec={"initContainers": inits}))

    sim.run(10)

    assert sim.word(sim.get("pods", "web")) == "Init:CrashLoopBackOff"
    assert condition(sim, "web", "Initialized")["message"] == "containers with incomplete status: [first]"
    assert sim.get("pods", "web")["status"]["phase"] == "Pending"


def test_a_sidecar_starts_first_and_ends_last(sim: Sim) -> None:
    side = {"name": "side", "image": "nginx:1.27", "restartPolicy": "Always"}
    sim.apply(
        pod("web", "busybox:1.37", command=SLEEP, spec={"initContainers": [side], "terminationGracePeriodSeconds": 5})
    ).settle()
    assert sim.word(sim.get("pods", "web")) == "Running"

    sim.delete("pods", "web").run(2)

    assert sandbox(sim, "web")["running"] == ["side", "web"]
    sim.run(5)
    assert sim.find("pods", "web") is None


def test_a_missing_configmap_volume_is_waited_for(sim: Sim) -> None:
    mounts = [{"name": "conf", "mountPath": "/etc/conf"}]
    spec = {"volumes": [{"name": "conf", "configMap": {"name": "settings"}}]}
    command = ["sh", "-c", "cat /etc/conf/key; echo; sleep 3600"]
    sim.apply(pod("web", "busybox:1.37", command=command, volumeMounts=mounts, spec=spec)).run(3)
    assert sim.word(sim.get("pods", "web")) == "ContainerCreating"
    told = messages(sim, "FailedMount", "web")

    sim.apply(configmap("settings", key="value")).run(10)

    assert told == ['MountVolume.SetUp failed for volume "conf" : configmap "settings" not found']
    assert sim.word(sim.get("pods", "web")) == "Running"
    assert "value" in sim.logs(sim.get("pods", "web"))


def test_a_missing_variable_is_a_config_error(sim: Sim) -> None:
    env = [{"name": "KEY", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "key"}}}]
    sim.apply(pod("web", "busybox:1.37", command=["sh", "-c", "echo $KEY; sleep 3600"], env=env)).run(3)
    waiting = container(sim, "web")["state"]["waiting"]

    sim.apply(configmap("settings", other="value")).run(3)
    then = container(sim, "web")["state"]["waiting"]
    sim.patch("configmaps", "settings", "data.key", "value").run(5)

    assert waiting == {"reason": "CreateContainerConfigError", "message": 'configmap "settings" not found'}
    assert then["message"] == "couldn't find key key in ConfigMap default/settings"
    assert sim.logs(sim.get("pods", "web")) == "value\n"
    assert container(sim, "web")["restartCount"] == 0


def test_the_downward_api_tells_a_container_about_its_pod(sim: Sim) -> None:
    def field(path: str) -> Body:
        return {"valueFrom": {"fieldRef": {"fieldPath": path}}}

    env = [
        {"name": "NAME", **field("metadata.name")},
        {"name": "IP", **field("status.podIP")},
        {"name": "APP", **field("metadata.labels['app']")},
        {"name": "CPU", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu"}}},
        {"name": "ALL", "value": "$(NAME)/$(APP) $$(NAME)"},
    ]
    sim.apply(pod("web", "busybox:1.37", command=["sh", "-c", "echo $IP $CPU $ALL; sleep 3600"], env=env)).settle()

    address = sim.get("pods", "web")["status"]["podIP"]
    assert sim.logs(sim.get("pods", "web")) == f"{address} 4 web/web $(NAME)\n"


def test_containers_find_the_services_of_their_namespace(sim: Sim) -> None:
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "my-db"},
        "spec": {"ports": [{"port": 5432}]},
    }
    sim.apply(service)

    sim.apply(pod("web", "busybox:1.37", command=["sh", "-c", "env | sort; sleep 3600"])).settle()

    log = sim.logs(sim.get("pods", "web"))
    assert f"MY_DB_SERVICE_HOST={sim.get('services', 'my-db')['spec']['clusterIP']}\n" in log
    assert "MY_DB_SERVICE_PORT=5432\n" in log
    assert "KUBERNETES_SERVICE_HOST=10.96.0.1\n" in log


def test_containers_of_a_pod_share_an_empty_dir(sim: Sim) -> None:
    mounts = [{"name": "box", "mountPath": "/box"}]
    reader = {"name": "reader", "image": "busybox:1.37", "volumeMounts": mounts,
              "command": ["sh", "-c", "while true; do cat /box/x; sleep 1; done"]}  # fmt: skip
    body = pod(
        "pair", "busybox:1.37", command=["sh", "-c", "sleep 3; echo hello > /box/x; sleep 3600"], volumeMounts=mounts
    )
    body["spec"] |= {"containers": [*body["spec"]["containers"], reader], "volumes": [{"name": "box", "emptyDir": {}}]}

    sim.apply(body).run(8)

    assert "hello\n" in sim.logs(sim.get("pods", "pair"), "reader")


def test_a_post_start_hook_runs_before_the_pod_is_ready(sim: Sim) -> None:
    hook = {"postStart": {"exec": {"command": ["sh", "-c", "sleep 2; echo done > /tmp/hook"]}}}
    sim.apply(
        pod("web", "busybox:1.37", command=["sh", "-c", "sleep 4; cat /tmp/hook; sleep 3600"], lifecycle=hook)
    ).settle(5)

    assert sim.logs(sim.get("pods", "web")) == "done\n"


def test_a_failing_post_start_hook_kills_the_container(sim: Sim) -> None:
    hook = {"postStart": {"exec": {"command": ["false"]}}}
    sim.apply(pod("web", "nginx:1.27", lifecycle=hook)).run(5)

    assert messages(sim, "FailedPostStartHook", "web") == ["PostStartHook failed"]
    assert container(sim, "web")["restartCount"] >= 1


def test_a_command_that_is_not_there_is_a_start_error(sim: Sim) -> None:
    sim.apply(pod("web", "busybox:1.37", command=["nosuch"])).run(6)

    status = container(sim, "web")
    assert status["lastState"]["terminated"]["reason"] == "StartError"
    assert status["lastState"]["terminated"]["exitCode"] == 128
    assert "executable file not found" in messages(sim, "Failed", "web")[0]


def test_a_container_that_could_not_start_waits_as_run_container_error(sim: Sim) -> None:
    sim.apply(pod("web", "busybox:1.37", command=["nosuch"])).run(6)

    told = [sim.word(e.change.new) for e in sim.log.all("pods") if e.change.key.name == "web"]
    assert "StartError" not in told
    assert told.index("RunContainerError") < told.index("CrashLoopBackOff")


def test_a_container_that_could_not_start_and_is_not_tried_again_has_ended(sim: Sim) -> None:
    sim.apply(pod("web", "busybox:1.37", command=["nosuch"], spec={"restartPolicy": "Never"})).run(6)

    assert container(sim, "web")["state"]["terminated"]["reason"] == "StartError"
    assert sim.get("pods", "web")["status"]["phase"] == "Failed"


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ({"nodeSelector": {"disk": "ssd"}}, "NodeAffinity"),
        ({"os": {"name": "windows"}}, "PodOSNotSupported"),
        ({"volumes": [{"name": "x", "nfs": {"server": "10.0.0.1", "path": "/"}}]}, "Unsupported"),
    ],
)
def test_what_a_node_cannot_take_is_refused_openly(sim: Sim, spec: Body, reason: str) -> None:
    sim.apply(pod("web", "nginx:1.27", spec={**spec, "nodeName": "worker-1"})).settle()

    status = sim.get("pods", "web")["status"]
    assert (status["phase"], status["reason"]) == ("Failed", reason)
    assert status["message"].startswith("Pod was rejected: ")


def test_a_pod_bound_to_a_full_node_fails_as_out_of_cpu(sim: Sim) -> None:
    asks = {"requests": {"cpu": "3"}}
    for name in ("one", "two"):
        sim.apply(pod(name, "nginx:1.27", resources=asks, spec={"nodeName": "worker-1"}))

    sim.settle()

    status = sim.get("pods", "two")["status"]
    assert status["reason"] == "OutOfcpu"
    assert "Node didn't have enough resource: cpu, requested: 3000, used: 3000, capacity: 4000" in status["message"]


def test_two_pods_cannot_hold_one_port_of_the_node(sim: Sim) -> None:
    for name in ("one", "two"):
        ports = [{"containerPort": 80, "hostPort": 8080}]
        sim.apply(pod(name, "nginx:1.27", ports=ports, spec={"nodeName": "worker-1"}))

    sim.settle()

    assert sim.get("pods", "two")["status"]["reason"] == "NodePorts"
    assert node_of(sim, "one") == "worker-1"


def test_a_sidecar_does_not_keep_a_finished_pod_alive(sim: Sim) -> None:
    side = {"name": "side", "image": "nginx:1.27", "restartPolicy": "Always"}
    spec = {"initContainers": [side], "restartPolicy": "Never"}
    sim.apply(pod("job", "busybox:1.37", command=["sh", "-c", "sleep 2"], spec=spec)).settle()

    assert sim.word(sim.get("pods", "job")) == "Completed"
    assert sandbox(sim, "job")["running"] == []


def test_a_runtime_that_the_machine_does_not_have_keeps_the_pod_waiting() -> None:
    sim = Sim(nodes=1)
    for name, handler in (("strange", "strange"), ("kata", "kata-fc")):
        about = {"apiVersion": "node.k8s.io/v1", "kind": "RuntimeClass", "metadata": {"name": name}}
        sim.apply({**about, "handler": handler})

    sim.apply(pod("lost", spec={"runtimeClassName": "strange"}), pod("web", spec={"runtimeClassName": "kata"})).run(10)

    assert [sim.word(one) for one in sim.pods()] == ["ContainerCreating", "Running"]
    (event,) = sim.events("FailedCreatePodSandBox")
    assert event["message"].endswith('failed to get sandbox runtime: no runtime for "strange" is configured')
