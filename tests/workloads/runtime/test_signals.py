"""A container's first process and its signals."""

import pytest

from tests.workloads.runtime.lab import Lab, sh
from workloads.runtime import container
from workloads.runtime.signals import parse


def end(lab: Lab) -> tuple[object, ...]:
    found = container.exit_of(lab.run)
    return (found["code"], found["signal"], found["reason"]) if found else ()


def test_a_shell_without_a_trap_ignores_term_as_first_process() -> None:
    lab = sh("while true; do sleep 1; done", seconds=5).signal("TERM").for_(30)

    assert lab.is_running


def test_sleep_ignores_term_as_first_process() -> None:
    lab = Lab("sleep", "3600").for_(5).signal("TERM").for_(30)

    assert lab.is_running


def test_kill_is_never_ignored() -> None:
    lab = sh("trap '' TERM; sleep 1000; true", seconds=5).signal("TERM").signal("KILL")

    assert end(lab) == (137, 9, "Error")


def test_a_trap_runs_when_the_command_in_the_foreground_has_ended() -> None:
    lab = sh("trap 'echo bye; exit 0' TERM; while true; do sleep 10; done", seconds=5).signal("TERM")

    before = lab.is_running
    lab.for_(5)

    assert before
    assert (lab.out, end(lab)) == ("bye\n", (0, None, "Completed"))


def test_wait_is_interrupted_by_a_trapped_signal_at_once() -> None:
    lab = sh("trap 'echo bye; exit 3' TERM; sleep 1000 & wait", seconds=5).signal("TERM")

    assert (lab.out, end(lab)) == ("bye\n", (3, None, "Error"))


def test_a_trap_that_does_not_exit_lets_the_script_go_on() -> None:
    lab = sh("trap 'echo hup' HUP; sleep 2; echo $?; sleep 2; echo end", seconds=1).signal("HUP").for_(10)

    assert lab.out == "hup\n0\nend\n"


@pytest.mark.parametrize(
    "image", ["nginx", "httpd", "redis", "registry.k8s.io/etcd:3.6.4-0", "registry.k8s.io/pause:3.10"]
)
def test_a_server_ends_gracefully_on_term(image: str) -> None:
    lab = Lab(image=image).for_(2).signal("TERM")

    assert end(lab) == (0, None, "Completed")
    assert lab.get().reason == "connection refused"


def test_a_server_can_be_stopped_while_it_starts() -> None:
    lab = Lab(image="nginx").for_(0.05).signal("TERM")

    assert end(lab) == (0, None, "Completed")


def test_a_server_under_a_shell_does_not_get_the_signal() -> None:
    lab = sh("nginx -g 'daemon off;'; true", image="nginx", seconds=5).signal("TERM").for_(5)

    assert lab.is_running
    assert lab.get().ok


def test_a_server_that_a_shell_becomes_gets_the_signal() -> None:
    lab = sh("echo ready; exec nginx -g 'daemon off;'", image="nginx", seconds=5).signal("QUIT")

    assert end(lab) == (0, None, "Completed")


@pytest.mark.parametrize(
    "image", ["registry.k8s.io/e2e-test-images/agnhost:2.40", "gcr.io/google-samples/hello-app:2.0"]
)
def test_a_go_program_without_a_handler_ends_itself_although_it_is_the_first_process(image: str) -> None:
    lab = Lab(image=image).for_(5).signal("TERM")

    assert end(lab) == (2, None, "Error")


def test_nobody_inside_can_kill_the_first_process() -> None:
    lab = sh("sleep 1000; true", seconds=1)
    lab.exec("kill", "-9", "1")

    assert lab.is_running


def test_somebody_inside_can_stop_a_server() -> None:
    lab = Lab(image="nginx").for_(1)
    lab.exec("sh", "-c", "kill 1")

    assert end(lab.for_(1)) == (0, None, "Completed")


def test_other_processes_die_of_term() -> None:
    lab = sh("sleep 100 & sleep 1; kill $!; wait $!; echo $?", seconds=5)

    assert lab.out == "143\n"


def test_a_signal_to_what_has_ended_changes_nothing() -> None:
    lab = sh("exit 4")

    assert container.signal(lab.run, "TERM", lab.now) == lab.run
    assert container.crash(lab.run, 1, lab.now) == lab.run


@pytest.mark.parametrize(
    ("word", "name"), [("TERM", "TERM"), ("SIGTERM", "TERM"), ("15", "TERM"), ("-9", "KILL"), ("x", None)]
)
def test_a_signal_has_a_name_and_a_number(word: str, name: str | None) -> None:
    assert parse(word) == name
