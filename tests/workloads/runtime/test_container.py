"""What the kubelet may rely on."""

import json

import pytest

from clusters.kernel import Request
from clusters.reconcile.clock import MILLISECOND, SECOND
from tests.workloads.runtime.lab import START, Lab, sh
from workloads.runtime import container

NOT_STARTED = (
    "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: "
    "unable to start container process: "
)


def test_the_documentations_liveness_example_behaves_as_written() -> None:
    lab = Lab(args=["/bin/sh", "-c", "touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600"]).for_(0)

    codes = []
    for _ in range(4):
        lab.for_(10)
        finished = lab.finished(lab.exec("cat", "/tmp/healthy"))
        assert finished is not None
        codes.append((finished.code, finished.stderr))
    lab.for_(600)

    gone = (1, "cat: can't open '/tmp/healthy': No such file or directory\n")
    assert codes == [(0, ""), (0, ""), gone, gone]
    assert lab.code == 0


def test_a_counter_writes_a_line_every_second_with_the_clusters_time() -> None:
    lab = sh('i=0; while true; do echo "$i: $(date)"; i=$((i+1)); sleep 1; done', seconds=2.5)

    assert lab.out == (
        "0: Mon Sep 21 14:13:20 UTC 2026\n1: Mon Sep 21 14:13:21 UTC 2026\n2: Mon Sep 21 14:13:22 UTC 2026\n"
    )
    assert container.due(lab.run) == START + 3 * SECOND


def test_a_late_advance_gives_what_timely_ones_would_have_given() -> None:
    timely = sh("for i in 1 2 3 4 5; do echo $i; sleep 1; done", seconds=30)
    late = Lab("sh", "-c", "for i in 1 2 3 4 5; do echo $i; sleep 1; done")

    step = container.advance(late.run, START + 30 * SECOND)

    assert list(step.output) == timely.lines
    assert step.run["exit"] == timely.run["exit"]


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["nope"], 'exec: "nope": executable file not found in $PATH: unknown'),
        (["/nope/x"], 'exec: "/nope/x": stat /nope/x: no such file or directory: unknown'),
        (["/etc"], 'exec: "/etc": permission denied: unknown'),
        (["/etc/passwd"], 'exec: "/etc/passwd": permission denied: unknown'),
    ],
)
def test_a_command_that_cannot_be_run_is_a_start_error(command: list[str], message: str) -> None:
    lab = Lab(*command)

    assert container.exit_of(lab.run) == {
        "code": 128,
        "signal": None,
        "reason": "StartError",
        "message": NOT_STARTED + message,
        "at": START,
    }
    assert container.due(lab.run) is None


def test_an_image_without_a_shell_has_none() -> None:
    lab = Lab("sh", "-c", "echo hi", image="registry.k8s.io/pause:3.10")

    assert lab.code == 128


def test_command_replaces_the_entrypoint_and_args_only_the_arguments() -> None:
    assert Lab(image="nginx").for_(1).get().status == 200
    assert Lab(image="nginx", args=["echo", "hi"]).for_(1).out == "hi\n"
    assert Lab("echo", "hi", image="nginx").for_(1).out == "hi\n"
    assert Lab("echo", image="nginx", args=["a", "b"]).for_(1).out == "a b\n"


def test_an_images_server_listens_only_when_it_has_started() -> None:
    lab = Lab(image="nginx").for_(0)
    before = lab.get()
    lab.for_(0.15)

    assert (before.ok, before.reason) == (False, "connection refused")
    assert (lab.get().ok, lab.get().status, container.listening(lab.run)) == (True, 200, [80])
    assert lab.get(port=81).reason == "connection refused"


def test_its_log_is_whole_lines_with_their_times() -> None:
    lab = sh("printf a; sleep 1; printf 'b\\nc'; sleep 1; echo err >&2", seconds=5)

    assert [(line.at - START, line.stream, line.data) for line in lab.lines] == [
        (1 * SECOND, "stdout", "ab\n"),
        (2 * SECOND, "stderr", "err\n"),
        (2 * SECOND, "stdout", "c"),
    ]


def test_a_very_long_line_is_cut_as_containerd_cuts_it() -> None:
    lab = sh("x=0123456789abcdef; for i in 1 2 3 4 5 6 7 8 9 10 11; do x=$x$x; done; printf $x")

    assert [len(line.data) for line in lab.lines] == [16384, 16384]


def test_an_execution_is_kept_apart_from_the_log() -> None:
    lab = sh("sleep 100", seconds=1)

    pid = lab.exec("sh", "-c", "echo out; echo err >&2; cat; exit 3", stdin=b"typed")
    finished = lab.finished(pid)

    assert finished == container.Finished(3, "out\nerr\ntyped", "out\ntyped", "err\n")
    assert lab.lines == []


def test_an_execution_takes_its_cluster_time() -> None:
    lab = sh("sleep 100", seconds=1)
    pid = lab.exec("sh", "-c", "sleep 5; echo late")

    during = lab.for_(4).finished(pid)
    after = lab.for_(1).finished(pid)

    assert during is None
    assert after is not None
    assert after.output == "late\n"


def test_an_execution_of_a_missing_command_says_so_in_runcs_words() -> None:
    lab = sh("sleep 100", seconds=1)

    finished = lab.finished(lab.exec("nope"))

    assert finished is not None
    assert finished.error == (
        "OCI runtime exec failed: exec failed: unable to start container process: "
        'exec: "nope": executable file not found in $PATH: unknown'
    )


def test_a_forgotten_execution_is_killed_with_its_children() -> None:
    lab = sh("sleep 100", seconds=1)
    pid = lab.exec("sh", "-c", "sleep 50; true")
    assert len(lab.run["processes"]) == 3

    lab.run = container.forget(lab.run, pid)

    assert len(lab.run["processes"]) == 1
    assert lab.finished(pid) is None
    assert lab.run["execs"] == {}


def test_executions_end_with_their_container() -> None:
    lab = sh("sleep 2", seconds=1)
    pid = lab.exec("sleep", "50")
    lab.for_(5)

    finished = lab.finished(pid)

    assert lab.code == 0
    assert finished is not None
    assert finished.code == 137


def test_what_an_execution_changes_the_container_sees() -> None:
    lab = sh("until [ -e /tmp/go ]; do sleep 1; done; cat /tmp/go", seconds=3)
    lab.exec("sh", "-c", "echo went > /tmp/go")
    lab.for_(2)

    assert (lab.out, lab.code) == ("went\n", 0)


def test_an_execution_can_write_to_the_containers_log() -> None:
    lab = sh("sleep 100", seconds=1)
    lab.exec("sh", "-c", "echo hello > /proc/1/fd/1")

    assert lab.out == "hello\n"


def test_a_crash_ends_the_first_process_with_its_code() -> None:
    lab = Lab(image="nginx").for_(1)

    by_code = container.exit_of(container.crash(lab.run, 1, lab.now))
    by_signal = container.exit_of(container.crash(lab.run, 137, lab.now))

    assert by_code is not None
    assert (by_code["code"], by_code["signal"], by_code["reason"]) == (1, None, "Error")
    assert by_signal is not None
    assert (by_signal["code"], by_signal["signal"]) == (137, 9)
    assert lab.is_running


def test_a_page_can_be_changed_and_is_then_served() -> None:
    lab = Lab(image="nginx").for_(1)
    lab.exec("sh", "-c", "echo mine > /usr/share/nginx/html/index.html")

    assert lab.get().body == b"mine\n"


def test_a_mounted_page_hides_the_images_own() -> None:
    lab = Lab(image="nginx", mounts={"/usr/share/nginx/html": {"index.html": "from a ConfigMap"}}).for_(1)

    assert lab.get().body == b"from a ConfigMap"
    assert lab.get("/50x.html").status == 404


def test_an_empty_volume_over_the_pages_is_forbidden() -> None:
    lab = Lab(image="nginx", mounts={"/usr/share/nginx/html": {}}).for_(1)

    assert lab.get().status == 403


def test_a_read_only_mount_cannot_be_written() -> None:
    mount = {"name": "config", "mountPath": "/config", "readOnly": True}
    lab = sh("echo x > /config/a; cat /config/a", mounts={"/config": {"a": "old\n"}}, spec={"volumeMounts": [mount]})

    assert lab.err == "sh: can't create /config/a: Read-only file system\n"
    assert lab.out == "old\n"


def test_a_volume_can_be_carried_to_the_next_container() -> None:
    first = sh("mkdir /data/sub; echo 1 > /data/sub/one; rm /data/old", mounts={"/data": {"old": "x", "keep": "y"}})

    files = container.volume(first.run, "/data")
    second = sh("cat /data/sub/one; ls /data", mounts={"/data": files})

    assert files == {"keep": "y", "sub/one": "1\n"}
    assert second.out == "1\nkeep\nsub\n"


def test_a_config_map_that_changes_is_seen_by_the_running_container() -> None:
    lab = sh("while true; do cat /config/v; sleep 1; done", mounts={"/config": {"v": "1\n"}}, seconds=0.5)
    lab.run = container.put_volume(lab.run, "/config", {"v": "2\n"})
    lab.for_(1)

    assert lab.out == "1\n2\n"


def test_a_single_file_can_be_mounted() -> None:
    lab = sh("cat /etc/hosts; ls /etc; cat /etc/hostname", mounts={"/etc/hosts": {"": "127.0.0.1 localhost\n"}})

    assert lab.out == "127.0.0.1 localhost\ngroup\nhostname\nhosts\npasswd\nweb-0\n"


def test_environment_and_working_directory_come_from_the_manifest() -> None:
    lab = Lab(
        "sh",
        "-c",
        "pwd; echo $GREETING; env | grep -c HOSTNAME=web-0",
        env={"GREETING": "hi"},
        spec={"workingDir": "/w"},
    )

    assert lab.for_(1).out == "/w\nhi\n1\n"


def test_an_unknown_image_serves_on_the_ports_of_the_manifest() -> None:
    spec = {"ports": [{"containerPort": 9000}, {"containerPort": 9001}]}
    lab = Lab(image="acme/shop:1", spec=spec).for_(1)
    own = Lab("python", "app.py", image="acme/shop:1", spec=spec).for_(1)

    assert container.listening(lab.run) == container.listening(own.run) == [9000, 9001]
    assert lab.get(port=9000).body == b"docker.io/acme/shop:1 on web-0\n"


def test_a_server_that_is_there_cannot_be_started_twice() -> None:
    lab = Lab(image="redis").for_(1)
    pid = lab.exec("redis-server")
    finished = lab.for_(1).finished(pid)

    assert finished is not None
    assert finished.code == 1
    assert "Address already in use" in finished.output


def test_a_steady_answer_is_known_to_be_steady() -> None:
    nginx = Lab(image="nginx").for_(1)
    liveness = Lab(image="registry.k8s.io/e2e-test-images/agnhost:2.40", args=["liveness"]).for_(1)
    request = Request("http", 8080, path="/healthz")

    assert container.steady_until(nginx.run, Request("http", 80), nginx.now) is None
    turn = container.steady_until(liveness.run, request, liveness.now)

    assert turn is not None
    assert container.answer(liveness.run, request, turn - MILLISECOND).status == 200
    assert container.answer(liveness.run, request, turn).status == 500


def test_usage_counts_what_a_loop_burns() -> None:
    idle, busy = sh("sleep 100", seconds=10), sh("while true; do :; done", seconds=10)

    assert container.usage(idle.run)["cpu"] < 10 * MILLISECOND
    assert container.usage(busy.run)["cpu"] == pytest.approx(10 * SECOND, rel=0.05)


def test_a_run_stays_small() -> None:
    lab = Lab(image="nginx", mounts={"/var/run/secrets/kubernetes.io/serviceaccount": {"token": "x" * 100}}).for_(1)

    assert len(json.dumps(lab.run)) < 1500
