"""exec and attach from outside, message by message, as a web process sends them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clusters.kinds.body import Body
from tests.sim import Sim, pod
from workloads.kubelet import holding


class Client:
    """One session, as its client has it: pieces in order, none twice."""

    def __init__(self, sim: Sim, name: str = "s1", target: str = "box", **ask: Any) -> None:
        self.sim, self.name, self.pod, self.q = sim, name, target, 0
        self.got, self.seen, self.out, self.err, self.read = 0, len(sim.replies), "", "", 0
        self.end: Body | None = None
        self.send("open", **{"kind": "exec", "container": target, "stdin": True, **ask})

    def send(self, do: str, **more: Any) -> Client:
        self.q += 1
        data = {"s": self.name, "do": do, "q": self.q, "got": self.got, **more}
        self.sim.hear("session", self.pod, json.loads(json.dumps(data)))
        return self.look()

    def type(self, text: str) -> Client:
        return self.send("input", text=text)

    def look(self) -> Client:
        for reply in self.sim.replies[self.seen :]:
            if reply["s"] == self.name:
                self._take(reply)
        self.seen = len(self.sim.replies)
        return self

    def _take(self, reply: Body) -> None:
        for at, (stream, text) in enumerate(reply.get("out", ()), reply.get("n", 0)):
            if at == self.got:
                self.got += 1
                self.out, self.err = self.out + (text if stream == 1 else ""), self.err + (text if stream == 2 else "")
        self.read = max(self.read, reply.get("in", 0))
        self.end = reply.get("end", self.end)


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=1).apply(pod("box", "busybox", command=["sleep", "3600"])).settle()


def test_a_command_runs_and_its_code_comes_back(sim: Sim) -> None:
    client = Client(sim, command=["sh", "-c", "echo out; echo err >&2; exit 3"])

    assert (client.out, client.err, client.end) == ("out\n", "err\n", {"code": 3})


def test_a_command_that_says_nothing_is_said_to_have_begun(sim: Sim) -> None:
    Client(sim, command=["sleep", "100"])

    assert [(reply["out"], reply.get("end")) for reply in sim.replies if reply["s"] == "s1"] == [([], None)]


def test_input_is_read_and_ended(sim: Sim) -> None:
    client = Client(sim, command=["cat"]).type("hello")
    assert (client.out, client.read, client.end) == ("hello", 5, None)

    client.send("eof")

    assert client.end == {"code": 0}


def test_what_is_typed_is_answered_at_once(sim: Sim) -> None:
    client = Client(sim, command=["sh"], tty=True)

    client.type("l").type("s\r")

    assert client.out.startswith("/ # ls\r\n")


def test_output_that_takes_time_comes_when_it_is_time(sim: Sim) -> None:
    client = Client(sim, command=["sh", "-c", "sleep 2; echo late"])
    assert client.out == ""

    sim.run(2.5)

    assert client.look().out == "late\n"


def test_a_session_goes_on_under_another_worker(sim: Sim) -> None:
    client = Client(sim, command=["sh"]).type("x=5\n")

    sim.restart()

    assert client.type("echo $x\n").out == "5\n"


def test_a_message_that_comes_twice_is_done_once(sim: Sim) -> None:
    client = Client(sim, command=["cat"]).type("a")
    client.q -= 1

    client.type("a")

    assert client.out == "a"


def test_what_was_lost_on_the_way_is_sent_again(sim: Sim) -> None:
    client = Client(sim, command=["sh", "-c", "echo one; exit 2"])
    client.got, client.out, client.end = 0, "", None

    client.send("ping")

    assert client.out == "one\n"
    assert client.look().end == {"code": 2}


def test_a_flood_waits_for_its_reader(sim: Sim) -> None:
    client = Client(sim, command=["yes"])
    for _ in range(30):
        sim.run(1)
    assert len(client.look().out) <= holding.WINDOW + 8192

    before = len(client.out)
    client.send("ack")
    sim.run(3)

    assert len(client.look().out) > before


def test_a_flood_that_nobody_reads_costs_nothing(sim: Sim) -> None:
    Client(sim, command=["yes"])
    sim.run(20)
    before = len(sim.log.all("sandboxes"))

    sim.run(60)

    assert len(sim.log.all("sandboxes")) - before < 3


def test_the_command_is_killed_when_its_client_goes(sim: Sim) -> None:
    client = Client(sim, command=["sleep", "1000"])

    client.send("end")

    box = sim.list("sandboxes", "worker-1")
    run = next(one for one in box if one["pod"]["name"] == "box")["containers"]["box"]["run"]
    assert [process["argv"] for process in run["processes"].values()] == [["sleep", "3600"]]
    assert run["execs"] == {}


def test_the_containers_end_is_the_sessions_end(sim: Sim) -> None:
    client = Client(sim, command=["sh", "-c", "echo begun; sleep 1000"])

    sim.delete("pods", "box", grace=0).run(2)

    assert client.send("ping").end == {"code": 137}


def test_a_session_that_is_not_there_is_said_to_be_gone(sim: Sim) -> None:
    replies = sim.hear("session", "box", {"s": "nobody", "do": "input", "q": 7, "text": "x"})

    assert replies == [{"s": "nobody", "end": {"code": 137}}]


def test_a_program_that_is_not_there(sim: Sim) -> None:
    client = Client(sim, command=["nonsense"])

    assert client.end is not None
    assert 'exec: "nonsense": executable file not found in $PATH: unknown' in client.end["error"]


def test_attach_shows_what_the_container_writes(sim: Sim) -> None:
    sim.apply(pod("talker", "busybox", command=["sh", "-c", "while true; do echo tick; sleep 1; done"])).settle(limit=5)
    client = Client(sim, target="talker", kind="attach")

    sim.run(2.5)

    assert set(client.look().out.split()) == {"tick"}


def test_an_interactive_pod_is_its_shell(sim: Sim) -> None:
    sim.apply(pod("sh", "busybox", {"restartPolicy": "Never"}, stdin=True, stdinOnce=True, tty=True)).settle()
    client = Client(sim, target="sh", kind="attach", tty=True)

    client.type("echo hi\r").type("exit 7\r")
    sim.settle()

    assert "hi\r\n" in client.look().out
    assert client.end == {"code": 0}
    terminated = sim.get("pods", "sh")["status"]["containerStatuses"][0]["state"]["terminated"]
    assert terminated["exitCode"] == 7


def test_stdin_once_ends_with_its_client(sim: Sim) -> None:
    sim.apply(pod("cat", "busybox", {"restartPolicy": "Never"}, command=["cat"], stdin=True, stdinOnce=True)).settle()
    client = Client(sim, target="cat", kind="attach").type("x\n")

    client.send("end")

    sim.settle()
    assert sim.get("pods", "cat")["status"]["phase"] == "Succeeded"
    assert sim.logs(sim.get("pods", "cat")) == "x\n"


def test_a_paused_clock_still_answers(sim: Sim) -> None:
    client = Client(sim, command=["sh"], tty=True)

    for number in range(40):
        client.send("input", text=f"for i in 1 2 3; do : ; done; echo {number}\r", timeless=True)

    assert client.out.endswith("\r\n39\r\n/ # ")
