"""Limits of CPU and memory, and the tools that try them out."""

import pytest

from clusters.reconcile.clock import SECOND
from tests.workloads.runtime.lab import Lab, sh
from workloads.runtime import container

MEBI = 1024 * 1024


def stress(*args: str, limits: dict[str, str] | None = None) -> Lab:
    return Lab("stress", *args, image="polinux/stress", spec={"resources": {"limits": limits or {}}})


def test_memory_within_the_limit_is_taken() -> None:
    lab = stress("--vm", "1", "--vm-bytes", "150M", "--vm-hang", "1", limits={"memory": "200Mi"}).for_(60)

    assert lab.is_running
    assert lab.out == "stress: info: [1] dispatching hogs: 0 cpu, 0 io, 1 vm, 0 hdd\n"
    assert 150 * MEBI <= container.usage(lab.run)["memory"] < 160 * MEBI


def test_memory_beyond_the_limit_ends_the_container() -> None:
    lab = stress("--vm", "1", "--vm-bytes", "250M", "--vm-hang", "1", limits={"memory": "100Mi"}).for_(1)

    found = container.exit_of(lab.run)
    assert found is not None
    assert (found["code"], found["signal"], found["reason"]) == (137, 9, "OOMKilled")


def test_stress_ends_when_its_time_is_over() -> None:
    lab = stress("--cpu", "1", "--timeout", "3s").for_(10)

    assert lab.code == 0
    assert lab.out.endswith("successful run completed\n")
    assert container.usage(lab.run)["cpu"] == pytest.approx(3 * SECOND, rel=0.1)


@pytest.mark.parametrize(("limit", "share"), [("1", 1.0), ("500m", 0.5), ("0.2", 0.2), ("2", 1.0)])
def test_a_cpu_limit_is_a_share_of_one_cpu(limit: str, share: float) -> None:
    lab = sh("while true; do :; done", seconds=10, spec={"resources": {"limits": {"cpu": limit}}})

    assert container.usage(lab.run)["cpu"] == pytest.approx(10 * SECOND * share, rel=0.1)


def test_redis_answers_its_own_client() -> None:
    lab = Lab(image="redis").for_(0)
    early = lab.finished(lab.exec("redis-cli", "ping"))
    lab.for_(1)
    later = lab.finished(lab.exec("redis-cli", "ping", seconds=1))

    assert early is not None
    assert later is not None
    assert (early.code, early.output) == (1, "Could not connect to Redis at 127.0.0.1:6379: Connection refused\n")
    assert (later.code, later.output) == (0, "PONG\n")
