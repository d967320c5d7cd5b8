"""Every tool, as a table of scripts in a busybox container."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.workloads.runtime.lab import Lab, sh
from workloads.runtime.container import put_volume
from workloads.runtime.tools.inline import INLINE
from workloads.runtime.tools.table import TOOLS

NETWORK = ("curl", "dig", "getent", "host", "ifconfig", "ip", "mariadb", "mariadb-admin", "mongo", "mongosh", "mysql",
           "mysqladmin", "nc", "netstat", "nslookup", "pg_isready", "ping", "psql", "route", "ss", "telnet",
           "traceroute", "wget")  # fmt: skip  # these stand in test_network_tools.py
CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "tools.yaml").read_text())


@pytest.mark.parametrize("case", CASES, ids=[case["script"].split()[0] + str(at) for at, case in enumerate(CASES)])
def test_a_tool_does_what_the_table_says(case: dict[str, Any]) -> None:
    lab = sh(case["script"].removesuffix("\n"), seconds=400, image=case.get("image", "busybox"))

    assert (lab.out, lab.err, lab.code) == (case["output"], case["errors"], case["code"])


def test_every_tool_stands_in_the_table() -> None:
    words = " ".join(case["script"] for case in CASES).replace(";", " ").split()

    elsewhere = ("[[", "iptables-save", "redis-cli", "stress", "vish-stress", "hello-world", *NETWORK)
    assert [name for name in (*TOOLS, *INLINE) if name not in words and name not in elsewhere] == []


def test_a_tool_can_be_the_first_process() -> None:
    assert Lab("cat", "/etc/group").for_(1).out.startswith("root:x:0:")
    assert Lab("cat", "/tmp/healthy").for_(1).code == 1
    assert Lab("sleep", "3600").for_(3599).is_running
    assert Lab("sleep", "3600").for_(3600).code == 0
    assert Lab("/bin/echo", "$HOME", "*").for_(1).out == "$HOME *\n"


def test_tail_follows_a_file() -> None:
    lab = sh("touch /tmp/log; { sleep 2; echo one; sleep 2; echo two; } > /tmp/log & tail -f /tmp/log", seconds=10)

    assert [(line.at // 1_000_000 % 100, line.data) for line in lab.lines] == [(2, "one\n"), (4, "two\n")]


def test_tail_of_nothing_waits_for_ever_and_costs_nothing() -> None:
    lab = Lab("tail", "-f", "/dev/null").for_(3600)

    assert lab.is_running
    assert lab.steps == 1


def test_tail_waits_for_a_file_that_another_container_will_write() -> None:
    lab = Lab("/bin/sh", "-c", "tail -n+1 -F /var/log/1.log", mounts={"/var/log": {}}).for_(1)
    lab.run = put_volume(lab.run, "/var/log", {"1.log": "first\n"})
    lab.for_(0)
    lab.run = put_volume(lab.run, "/var/log", {"1.log": "first\nsecond\n"})
    lab.for_(0)

    assert lab.out == "first\nsecond\n"
    assert lab.is_running


def test_a_reader_waits_for_its_writer() -> None:
    lab = sh("{ echo a; sleep 5; echo b; } | while read x; do echo got $x; done", seconds=10)

    assert [line.data for line in lab.lines] == ["got a\n", "got b\n"]
    assert lab.lines[1].at - lab.lines[0].at == 5_000_000


def test_gnu_has_its_own_words_for_a_file_that_is_not_there() -> None:
    assert Lab("cat", "/nope", image="nginx").for_(1).err == "cat: /nope: No such file or directory\n"
    assert Lab("tail", "/nope", image="nginx").for_(1).err == (
        "tail: cannot open '/nope' for reading: No such file or directory\n"
    )
    assert Lab("cat", "/tmp").for_(1).err == "cat: read error: Is a directory\n"
