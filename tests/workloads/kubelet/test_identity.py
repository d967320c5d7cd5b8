"""As whom containers run, under which names, and what they may write (Kubernetes: security context, hostname)."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.kinds.body import Body
from tests.sim import Sim, pod
from tests.workloads.kubelet.reading import container, messages


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=1)


def script(text: str, spec: Body | None = None, **more: Any) -> Body:
    return pod("web", "busybox:1.37", command=["sh", "-c", f"{text}; sleep 3600"], spec=spec, **more)


def said(sim: Sim) -> str:
    return sim.logs(sim.get("pods", "web"))


def test_processes_run_as_the_user_and_groups_of_the_security_context(sim: Sim) -> None:
    context = {"runAsUser": 1000, "runAsGroup": 3000, "fsGroup": 2000, "supplementalGroups": [4000]}
    sim.apply(script("id; whoami", {"securityContext": context})).settle()

    assert "uid=1000 gid=3000 groups=2000,3000,4000\n" in said(sim)
    assert container(sim, "web")["user"] == {
        "linux": {"uid": 1000, "gid": 3000, "supplementalGroups": [3000, 4000, 2000]}
    }


def test_the_containers_own_user_overrides_the_pods(sim: Sim) -> None:
    spec = {"securityContext": {"runAsUser": 1000}}
    sim.apply(script("id -u", spec, securityContext={"runAsUser": 2000})).settle()

    assert said(sim) == "2000\n"


@pytest.mark.parametrize(
    ("image", "context", "message"),
    [
        ("nginx:1.27", {"runAsNonRoot": True}, "container has runAsNonRoot and image will run as root"),
        ("nginx:1.27", {"runAsNonRoot": True, "runAsUser": 0}, "container's runAsUser breaks non-root policy"),
    ],
)
def test_root_is_refused_where_nobody_may_be_root(sim: Sim, image: str, context: Body, message: str) -> None:
    sim.apply(pod("web", image, spec={"securityContext": context})).run(3)

    uid = sim.get("pods", "web")["metadata"]["uid"]
    waiting = container(sim, "web")["state"]["waiting"]
    assert waiting["reason"] == "CreateContainerConfigError"
    assert waiting["message"] == f'{message} (pod: "web_default({uid})", container: web)'
    assert f"Error: {waiting['message']}" in messages(sim, "Failed", "web")


def test_an_image_that_is_not_roots_may_run_where_nobody_may_be_root(sim: Sim) -> None:
    sim.apply(pod("web", "nginxinc/nginx-unprivileged:1.27", securityContext={"runAsNonRoot": True})).settle()

    assert sim.word(sim.get("pods", "web")) == "Running"
    assert container(sim, "web")["user"]["linux"]["uid"] == 101


def test_who_is_not_root_writes_to_volumes_and_tmp_alone(sim: Sim) -> None:
    spec = {"securityContext": {"runAsUser": 1000}, "volumes": [{"name": "box", "emptyDir": {}}]}
    mounts = [{"name": "box", "mountPath": "/box"}]
    text = "echo a > /box/a && echo box; echo a > /tmp/a && echo tmp; echo a > /etc/a && echo etc"
    sim.apply(script(text, spec, volumeMounts=mounts)).settle()

    assert said(sim) == "box\ntmp\nsh: can't create /etc/a: Permission denied\n"


def test_a_read_only_root_leaves_volumes_to_write_to(sim: Sim) -> None:
    spec = {"volumes": [{"name": "box", "emptyDir": {}}]}
    mounts = [{"name": "box", "mountPath": "/tmp"}]
    text = "echo a > /tmp/a && echo tmp; echo a > /a && echo root"
    sim.apply(script(text, spec, volumeMounts=mounts, securityContext={"readOnlyRootFilesystem": True})).settle()

    assert said(sim) == "tmp\nsh: can't create /a: Read-only file system\n"


def test_a_server_that_cannot_write_its_cache_ends_with_its_own_words(sim: Sim) -> None:
    sim.apply(pod("web", "nginx:1.27", securityContext={"readOnlyRootFilesystem": True})).run(6)

    words = 'nginx: [emerg] mkdir() "/var/cache/nginx/client_temp" failed (30: Read-only file system)\n'
    assert words in said(sim)
    assert container(sim, "web")["restartCount"] >= 1


def test_a_server_with_its_places_on_volumes_runs_on_a_read_only_root(sim: Sim) -> None:
    spec: Body = {"volumes": [{"name": name, "emptyDir": {}} for name in ("cache", "run")]}
    mounts = [{"name": "cache", "mountPath": "/var/cache/nginx"}, {"name": "run", "mountPath": "/var/run"}]
    context = {"readOnlyRootFilesystem": True}
    sim.apply(pod("web", "nginx:1.27", volumeMounts=mounts, securityContext=context, spec=spec)).settle()

    assert sim.word(sim.get("pods", "web")) == "Running"


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        ({}, "web"),
        ({"hostname": "busybox-1"}, "busybox-1"),
        ({"hostname": "busybox-1", "subdomain": "sub"}, "busybox-1"),
        (
            {"hostname": "busybox-1", "subdomain": "sub", "setHostnameAsFQDN": True},
            "busybox-1.sub.default.svc.cluster.local",
        ),
    ],
)
def test_a_pods_host_name_is_its_own_or_the_one_it_asks_for(sim: Sim, spec: Body, name: str) -> None:
    sim.apply(script("hostname", spec)).settle()

    assert said(sim) == f"{name}\n"


def test_the_hosts_file_knows_the_pod_and_its_aliases(sim: Sim) -> None:
    aliases = [{"ip": "10.1.2.3", "hostnames": ["foo.remote", "bar.remote"]}]
    sim.apply(script("cat /etc/hosts", {"hostAliases": aliases, "hostname": "a", "subdomain": "sub"})).settle()

    address = sim.get("pods", "web")["status"]["podIP"]
    assert f"{address}\ta.sub.default.svc.cluster.local\ta\n" in said(sim)
    assert said(sim).endswith("\n# Entries added by HostAliases.\n10.1.2.3\tfoo.remote\tbar.remote\n")


def test_a_second_listener_on_a_port_of_the_pod_fails_in_its_own_words(sim: Sim) -> None:
    body = pod("web", "nginx:1.27")
    body["spec"]["containers"].append({"name": "other", "image": "nginx:1.28"})

    sim.apply(body).run(6)

    other = container(sim, "web", 1)
    assert "bind() to 0.0.0.0:80 failed (98: Address already in use)" in sim.logs(sim.get("pods", "web"), "other")
    assert other["restartCount"] >= 1
    assert container(sim, "web")["restartCount"] == 0


def test_a_missing_pull_secret_is_told_and_the_image_is_tried_all_the_same(sim: Sim) -> None:
    sim.apply(pod("web", "nginx:1.27", spec={"imagePullSecrets": [{"name": "regcred"}]})).settle()

    assert messages(sim, "FailedToRetrieveImagePullSecret", "web") == [
        "Unable to retrieve some image pull secrets (regcred); attempting to pull the image may not succeed."
    ]
    assert sim.word(sim.get("pods", "web")) == "Running"


def test_what_is_written_to_a_volume_belongs_to_its_user_and_the_group_of_the_volume(sim: Sim) -> None:
    context = {"runAsUser": 1000, "runAsGroup": 3000, "fsGroup": 2000}
    spec = {"securityContext": context, "volumes": [{"name": "data", "emptyDir": {}}]}
    text = "cd /data; echo hello > demo/testfile; ls -l demo | tail -1; ls -l; touch /tmp/own; ls -l /tmp/own /bin/sh"

    sim.apply(script(text, spec, volumeMounts=[{"name": "data", "mountPath": "/data/demo"}])).settle()

    lines = [line.split()[:4] for line in said(sim).splitlines()]
    assert lines[0] == ["-rw-r--r--", "1", "1000", "2000"]
    assert lines[2] == ["drwxrwsrwx", "1", "root", "2000"]
    assert [line[2:] for line in lines[3:]] == [["root", "root"], ["1000", "3000"]]
