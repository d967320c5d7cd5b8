"""A container's variables, from everywhere (Kubernetes: Define environment variables, Downward API)."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.kinds.body import Body, put
from tests.sim import Sim, pod, service
from tests.workloads.kubelet.reading import configmap, container


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=1)


def told(sim: Sim, text: str, spec: Body | None = None, **more: Any) -> str:
    command = ["sh", "-c", f"{text}; sleep 3600"]
    sim.apply(pod("web", "busybox:1.37", command=command, spec=spec, **more)).settle()
    return sim.logs(sim.get("pods", "web"))


def secret(name: str, **data: str) -> Body:
    metadata = {"name": name, "namespace": "default"}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "stringData": data}


def of(resource: str, **more: str) -> Body:
    return {"valueFrom": {"resourceFieldRef": {"resource": resource, **more}}}


def test_all_keys_of_a_configmap_come_with_their_prefix(sim: Sim) -> None:
    sim.apply(configmap("special", LEVEL="very", TYPE="charm"))

    source = [{"prefix": "MY_", "configMapRef": {"name": "special"}}]
    assert told(sim, "echo $MY_LEVEL $MY_TYPE", envFrom=source) == "very charm\n"


def test_a_secrets_keys_are_decoded(sim: Sim) -> None:
    sim.apply(secret("login", username="my-app", password="39528"))

    assert told(sim, "echo $username:$password", envFrom=[{"secretRef": {"name": "login"}}]) == "my-app:39528\n"


def test_what_stands_in_env_wins_over_env_from(sim: Sim) -> None:
    sim.apply(configmap("special", LEVEL="very"))

    env = [{"name": "LEVEL", "value": "own"}]
    assert told(sim, "echo $LEVEL", env=env, envFrom=[{"configMapRef": {"name": "special"}}]) == "own\n"


@pytest.mark.parametrize(
    "env",
    [
        {"env": [{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "no", "key": "k", "optional": True}}}]},
        {"env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "no", "key": "k", "optional": True}}}]},
        {"envFrom": [{"configMapRef": {"name": "no", "optional": True}}]},
        {"envFrom": [{"secretRef": {"name": "no", "optional": True}}]},
    ],
)
def test_what_is_optional_may_be_missing(sim: Sim, env: Body) -> None:
    assert told(sim, 'echo "[$A]"', **env) == "[]\n"


@pytest.mark.parametrize(
    ("env", "message"),
    [
        ({"env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "no", "key": "k"}}}]}, 'secret "no" not found'),
        ({"envFrom": [{"configMapRef": {"name": "no"}}]}, 'configmap "no" not found'),
        ({"envFrom": [{"secretRef": {"name": "no"}}]}, 'secret "no" not found'),
        (
            {"env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "login", "key": "k"}}}]},
            "couldn't find key k in Secret default/login",
        ),
    ],
)
def test_what_is_not_optional_is_waited_for(sim: Sim, env: Body, message: str) -> None:
    sim.apply(secret("login", username="my-app"))

    told(sim, "echo $A", **env)

    waiting = container(sim, "web")["state"]["waiting"]
    assert waiting == {"reason": "CreateContainerConfigError", "message": message}


def test_variables_refer_to_those_before_them(sim: Sim) -> None:
    env = [
        {"name": "UNCHANGED", "value": "$(PROTOCOL)://x"},
        {"name": "PROTOCOL", "value": "https"},
        {"name": "ADDRESS", "value": "$(PROTOCOL)://x"},
        {"name": "ESCAPED", "value": "$$(PROTOCOL)"},
    ]
    text = "echo $UNCHANGED $ADDRESS $ESCAPED"
    assert told(sim, text, env=env) == "$(PROTOCOL)://x https://x $(PROTOCOL)\n"


def test_command_and_args_are_expanded_too(sim: Sim) -> None:
    env = [{"name": "MESSAGE", "value": "hello world"}]
    sim.apply(
        pod("web", "busybox:1.37", command=["echo"], args=["$(MESSAGE)"], env=env, spec={"restartPolicy": "Never"})
    )

    assert sim.settle().logs(sim.get("pods", "web")) == "hello world\n"


def test_resources_are_told_in_units_of_the_divisor(sim: Sim) -> None:
    env = [
        {"name": "A", **of("requests.cpu", divisor="1m")},
        {"name": "B", **of("limits.cpu")},
        {"name": "C", **of("requests.memory", divisor="1Mi")},
        {"name": "D", **of("limits.memory")},
    ]
    amounts = {"requests": {"memory": "32Mi", "cpu": "125m"}, "limits": {"memory": "64Mi", "cpu": "250m"}}
    assert told(sim, "echo $A $B $C $D", env=env, resources=amounts) == "125 1 32 67108864\n"


def test_a_missing_limit_is_what_the_node_can_give(sim: Sim) -> None:
    env = [
        {"name": "A", **of("limits.cpu")},
        {"name": "B", **of("limits.memory", divisor="1Gi")},
        {"name": "C", **of("requests.cpu")},
        {"name": "D", **of("limits.ephemeral-storage", divisor="1Gi")},
    ]
    assert told(sim, "echo $A $B $C $D", env=env) == "4 8 0 59\n"


def test_service_links_can_be_left_out(sim: Sim) -> None:
    sim.apply(service("my-db", 5432))

    found = told(sim, "env", spec={"enableServiceLinks": False})

    assert "MY_DB_SERVICE_HOST" not in found
    assert "KUBERNETES_SERVICE_HOST=10.96.0.1\n" in found


def test_a_pod_knows_its_node_and_its_account(sim: Sim) -> None:
    def field(path: str) -> Body:
        return {"valueFrom": {"fieldRef": {"fieldPath": path}}}

    env = [{"name": "A", **field("spec.nodeName")}, {"name": "B", **field("spec.serviceAccountName")},
           {"name": "C", **field("status.hostIP")}, {"name": "D", **field("metadata.namespace")}]  # fmt: skip
    found = told(sim, "echo $A $B $C $D", env=env)

    machine = sim.find("machines", "worker-1")
    assert machine is not None
    assert found == f"worker-1 default {machine['ip']} default\n"


def test_labels_in_a_file_are_quoted_so_that_a_program_can_read_them(sim: Sim) -> None:
    items = [{"path": "notes", "fieldRef": {"fieldPath": "metadata.annotations"}}]
    body = pod("told", "busybox", command=["sh", "-c", "cat /etc/info/notes; echo; sleep 3600"],
               volumeMounts=[{"name": "info", "mountPath": "/etc/info"}],
               spec={"volumes": [{"name": "info", "downwardAPI": {"items": items}}]})  # fmt: skip
    sim.apply(put(body, "metadata.annotations", {"said": 'a "word"\nand more'})).settle()

    assert sim.logs(sim.get("pods", "told")) == 'said="a \\"word\\"\\nand more"\n'
