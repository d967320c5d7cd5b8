"""Somebody outside holds on to a process: by pipes, by a terminal, by the container's own output."""

from __future__ import annotations

from clusters.kinds.octets import bytes_of, text_of
from tests.workloads.runtime.lab import Lab
from workloads.runtime import console
from workloads.runtime import container as runtime


class Held:
    """An execution in a lab, from outside."""

    def __init__(self, *argv: str, tty: bool = False, stdin: bool = True, lab: Lab | None = None) -> None:
        self.lab = lab or Lab("sleep", "3600").for_(0)
        self.lab.run, self.pid = console.begin(self.lab.run, argv, self.lab.now, stdin=stdin, tty=tty)
        self.out = ""
        self.go()

    def give(self, text: str) -> Held:
        self.lab.run = console.give(self.lab.run, self.pid, text, self.lab.now)
        return self.go()

    def end(self) -> Held:
        self.lab.run = console.end_input(self.lab.run, self.pid, self.lab.now)
        return self.go()

    def go(self, seconds: float = 0.3) -> Held:
        self.lab.for_(seconds)
        if str(self.pid) in self.lab.run["execs"]:
            self.lab.run, records = console.taken(self.lab.run, self.pid, 10**9)
            self.out += "".join(text for _, text in records)
        return self

    @property
    def code(self) -> int | None:
        found = runtime.execution(self.lab.run, self.pid)
        return found.code if found else None


def test_what_is_given_is_read_and_its_end_too() -> None:
    held = Held("cat").give("one\n").give("two\n")

    assert (held.out, held.code) == ("one\ntwo\n", None)
    assert held.end().code == 0


def test_every_byte_passes() -> None:
    data = bytes(range(256)) * 300

    held = Held("cat").give(text_of(data)).end().go(5)

    assert bytes_of(held.out) == data


def test_a_shell_runs_each_line_as_it_comes() -> None:
    held = Held("sh").give("echo a\n")

    assert (held.out, held.code) == ("a\n", None)
    assert held.give("for i in 1 2\ndo echo $i\n").out == "a\n"
    assert held.give("done\ncat <<E\nx\n").out == "a\n1\n2\n"
    assert held.give("E\nread line\nfor the read\necho $line; exit 3\n").out == "a\n1\n2\nx\nfor the read\n"
    assert held.code == 3


def test_a_shell_on_a_terminal_prompts_and_echoes() -> None:
    held = Held("sh", tty=True)

    assert held.out == "/ # "
    assert held.give("cd /tmp\r").out == "/ # cd /tmp\r\n/tmp # "
    assert held.give("nonsense\r").out.endswith("nonsense\r\nsh: nonsense: not found\r\n/tmp # ")
    assert held.give("echo $?\r").out.endswith("127\r\n/tmp # ")
    assert held.give("exit 4\r").code == 4


def test_a_syntax_error_does_not_end_a_shell_on_a_terminal() -> None:
    held = Held("sh", tty=True).give("done\r").give("echo fine\r")

    assert held.out.endswith("fine\r\n/ # ")


def test_control_c_ends_what_runs_and_leaves_the_shell() -> None:
    held = Held("sh", tty=True).give("sleep 100; echo never\r").give("\x03").give("echo $?\r")

    assert "never\r\n" not in held.out.replace("echo never\r\n", "")
    assert held.out.endswith("echo $?\r\n130\r\n/ # ")


def test_control_c_ends_a_loop_of_the_shell_itself() -> None:
    held = Held("sh", tty=True).give("while true; do :; done\r").give("\x03").give("echo here\r")

    assert held.out.endswith("here\r\n/ # ")


def test_control_c_gives_a_new_prompt() -> None:
    held = Held("sh", tty=True).give("half").give("\x03")

    assert held.out == "/ # half^C\r\n/ # "


def test_control_d_ends_the_shell_with_its_last_code() -> None:
    held = Held("sh", tty=True).give("false\r").give("\x04")

    assert held.code == 1


def test_control_c_ends_a_command_that_has_the_terminal_to_itself() -> None:
    held = Held("sleep", "1000", tty=True).give("\x03")

    assert held.code == 130


def test_a_background_job_outlives_control_c() -> None:
    held = Held("sh", tty=True).give("sleep 50 &\r").give("\x03").give("ps\r")

    assert "sleep 50" in held.out.partition("# ps\r\n")[2]


def test_endless_output_stands_still_while_nobody_takes_it() -> None:
    lab = Lab("sleep", "3600").for_(0)
    lab.run, pid = console.begin(lab.run, ["yes"], lab.now, stdin=False, tty=False)

    lab.for_(60)

    waiting = sum(len(text) for _, text in lab.run["execs"][str(pid)]["output"])
    assert waiting < 3 * console.PIPE_HOLDS
    due = runtime.due(lab.run)
    assert due is None or due > lab.now + 10**9
    lab.run, some = console.taken(lab.run, pid, 10**9)
    assert some
    assert runtime.due(lab.run) is not None


def test_a_command_that_is_not_there_says_so_as_runc_does() -> None:
    held = Held("nonsense")

    found = runtime.execution(held.lab.run, held.pid)

    assert found is not None
    assert found.error.endswith('exec: "nonsense": executable file not found in $PATH: unknown')


def test_who_is_attached_sees_what_comes_from_then_on() -> None:
    lab = Lab("sh", "-c", "echo before; sleep 1; echo after; echo wrong >&2; sleep 9").for_(0.5)
    lab.run = console.tap(lab.run, "me")

    lab.for_(2)

    lab.run, records = console.tapped(lab.run, "me", 10**9)
    assert records == [(1, "after\n"), (2, "wrong\n")]
    assert lab.out == "before\nafter\n"


def test_an_attached_shell_has_the_containers_terminal() -> None:
    lab = Lab(spec={"stdin": True, "tty": True}).for_(0)
    lab.run = console.tap(lab.run, "me")
    lab.run = console.give(lab.run, 1, "echo hi\r", lab.now)

    lab.for_(0)

    lab.run, records = console.tapped(lab.run, "me", 10**9)
    assert "".join(text for _, text in records) == "echo hi\r\nhi\r\n/ # "


def test_a_containers_stdin_stays_open_until_it_is_closed() -> None:
    lab = Lab("cat", spec={"stdin": True}).for_(5)
    assert lab.is_running
    lab.run = console.give(lab.run, 1, "x\n", lab.now)

    lab.run = console.end_input(lab.run, 1, lab.now)

    lab.for_(0)
    assert (lab.out, lab.code) == ("x\n", 0)


def test_a_standing_clock_still_runs_what_needs_no_time() -> None:
    held = Held("sh", tty=True).give("while true; do :; done\r")
    held.lab.run = console.fresh_allowance(held.lab.run)

    held.give("\x03").give("echo alive\r")

    assert "alive" in held.out


def test_a_program_knows_whether_it_has_a_terminal() -> None:
    script = "tty; if [ -t 1 ]; then echo yes; else echo no; fi"

    assert Held("sh", "-c", script).out == "not a tty\nno\n"
    assert Held("sh", "-c", script, tty=True).out == "/dev/pts/0\r\nyes\r\n"


def test_the_windows_size_is_the_terminals() -> None:
    held = Held("sh", tty=True)

    held.lab.run = console.resize(held.lab.run, held.pid, 50, 132, held.lab.now)

    assert "\r\n50 132\r\n" in held.give("stty size\r").out


def test_what_is_secret_is_not_shown() -> None:
    held = Held("sh", tty=True).give("stty -echo\r").give("hidden\r")

    assert "hidden\r\n/ # " not in held.out
