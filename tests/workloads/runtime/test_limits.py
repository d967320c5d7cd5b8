"""What a student's container may not do to the others: time, memory, disk, processes."""

import json
import time

import pytest

from clusters.kinds.octets import bytes_of
from clusters.reconcile.clock import SECOND
from tests.workloads.runtime.lab import START, Lab, sh
from workloads.runtime import container, files
from workloads.runtime.machine import ALLOWANCE, WINDOW


def test_an_endless_loop_costs_its_allowance_and_says_when_it_may_go_on() -> None:
    lab = Lab("sh", "-c", "while true; do :; done")

    step = container.advance(lab.run, START)

    due = container.due(step.run)
    assert due is not None
    assert 0 < due - START <= WINDOW
    assert ALLOWANCE <= step.run["cpu"] <= ALLOWANCE + 200


def test_one_advance_is_bounded_however_late_it_comes() -> None:
    lab = Lab("sh", "-c", "while true; do sleep 0.01; done")

    step = container.advance(lab.run, START + 3600 * SECOND)

    assert step.run["cpu"] <= container.MOST + 200
    assert (container.due(step.run) or 0) < START + 3600 * SECOND


def test_a_loop_that_prints_writes_a_bounded_amount_each_step() -> None:
    lab = Lab("sh", "-c", "while true; do echo 0123456789012345678901234567890123456789; done")

    step = container.advance(lab.run, START)

    assert sum(len(line.data) for line in step.output) < 64_000


def test_yes_writes_a_bounded_amount_each_step() -> None:
    step = container.advance(Lab("yes").run, START)

    assert sum(len(line.data) for line in step.output) < 200_000


def test_a_writer_waits_for_its_reader() -> None:
    lab = sh("yes | sleep 5", seconds=4)

    assert len(json.dumps(lab.run)) < 200_000
    assert lab.for_(2).code == 0


def test_a_disk_is_full_at_some_point(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "SPACE", 1 << 20)
    lab = sh("x=0123456789abcdef; for i in 1 2 3 4 5 6 7 8 9 10; do x=$x$x; done; "
             "while echo $x >> /tmp/big; do :; done; echo $?", seconds=60)  # fmt: skip

    assert "No space left on device" in lab.err
    assert lab.code == 0
    assert container.usage(lab.run)["memory"] < 2_000_000


def test_a_variable_cannot_grow_for_ever() -> None:
    lab = sh("x=a; while true; do x=$x$x; done")

    assert (lab.err, lab.code) == ("sh: out of memory\n", 2)


def test_a_substitution_cannot_grow_for_ever() -> None:
    lab = sh("x=$(yes); echo never")

    assert (lab.err, lab.code) == ("sh: out of memory\n", 2)


def test_a_byte_that_no_database_can_hold_is_never_written() -> None:
    lab = sh(r"printf 'a\0b\n'; echo -e 'c\x00d'; echo YQBi | base64 -d")

    assert "\0" not in lab.out
    assert bytes_of(lab.out) == b"a\0b\nc\0d\na\0b"


def test_a_fork_bomb_runs_out_of_processes() -> None:
    lab = sh("bomb() { bomb | bomb & }; bomb; sleep 1; echo alive", seconds=10)

    assert len(lab.run["processes"]) <= 64


def test_a_function_cannot_call_itself_for_ever() -> None:
    lab = sh("f() { f; }; f")

    assert (lab.err, lab.code) == ("sh: maximum nesting level exceeded\n", 2)


def test_a_regular_expression_that_would_take_for_ever_is_refused() -> None:
    lab = sh("echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa | grep -E '(a+)+$'; echo $?")

    assert lab.out == "2\n"


def test_a_pattern_of_many_stars_is_answered_soon() -> None:
    before = time.process_time()
    sh(f"x={'a' * 60}; case $x in *a*a*a*a*a*a*a*a*a*a*b) ;; esac; echo ${{x%%*a*a*a*a*a*a*b}}")

    assert time.process_time() - before < 2


@pytest.mark.parametrize(
    "script", ["sleep 99999999999999999999", "head -c abc", "seq 1 x", "usleep", "tail -n z", "timeout x true"]
)
def test_a_senseless_number_is_refused_by_the_tool(script: str) -> None:
    lab = sh(script + "; echo $?")

    assert lab.out.strip() in ("0", "1")


@pytest.mark.parametrize(
    ("image", "script", "seconds", "most"),
    [("nginx", None, 1, 0.0004), ("busybox", ["sleep", "3600"], 1, 0.0004)],
)
def test_an_ordinary_container_is_cheap(image: str, script: list[str] | None, seconds: int, most: float) -> None:
    Lab(*(script or ()), image=image).for_(seconds)
    lab = Lab(*(script or ()), image=image)
    fresh = lab.run
    rounds = 200
    before = time.process_time()
    for _ in range(rounds):
        run = container.advance(fresh, START).run
        container.advance(run, START + SECOND)

    assert (time.process_time() - before) / rounds < most


@pytest.mark.parametrize(
    ("script", "errors", "code"),
    [
        ("read x < /dev/zero", "sh: out of memory\n", 2),
        ("x=$(cat /dev/urandom)", "sh: out of memory\n", 2),
        ("sort /dev/zero", "", 137),
        ("awk 'BEGIN{while(1)x=x \"aaaa\"}'", "awk: program takes too long\n", 2),
        ("tr -dc a-z < /dev/urandom | head -c 12 | wc -c", "", 0),
    ],
)
def test_a_device_that_never_ends_costs_only_who_reads_it(script: str, errors: str, code: int) -> None:
    lab = sh(script)

    assert (lab.err, lab.code) == (errors, code)


def test_a_reader_of_an_endless_device_does_a_bounded_amount_each_step() -> None:
    step = container.advance(Lab("cat", "/dev/zero").run, START)

    assert step.run["cpu"] <= container.MOST + 200
    assert container.due(step.run) is not None


def test_a_write_to_a_large_file_costs_what_copying_it_costs() -> None:
    lab = sh("dd if=/dev/zero of=/tmp/f bs=1k count=1000; echo x >> /tmp/f")

    assert lab.run["cpu"] > 1000
