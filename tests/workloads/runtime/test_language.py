"""The shell's language, as a table of scripts that were also given to dash."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from clusters.kinds.body import Body
from tests.workloads.runtime.lab import START, Lab, sh
from workloads.runtime import container
from workloads.runtime.machine import Machine

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "language.yaml").read_text())


@pytest.mark.parametrize("case", CASES, ids=[case["script"].strip()[:60] for case in CASES])
def test_a_script_does_what_it_does_in_dash(case: dict[str, Any]) -> None:
    lab = sh(case["script"].removesuffix("\n"), image="nginx")

    assert (lab.out, lab.code) == (case["output"], case["code"])


@pytest.mark.parametrize("case", CASES, ids=[case["script"].strip()[:60] for case in CASES])
def test_a_script_can_be_taken_up_by_another_process_after_every_turn(
    case: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Lab("sh", "-c", case["script"], image="nginx").for_(20)
    monkeypatch.setattr(container, "MOST", 1)
    monkeypatch.setattr("workloads.runtime.turn.TURN", 100)

    cut = Lab("sh", "-c", case["script"], image="nginx").for_(20)

    assert cut.steps >= whole.steps
    assert (cut.lines, cut.code) == (whole.lines, whole.code)


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ('echo "a', "sh: syntax error: unterminated quoted string\n"),
        ("if then", 'sh: syntax error: unexpected "then"\n'),
        ("echo a;;", 'sh: syntax error: unexpected ";;"\n'),
        ("echo; ;", 'sh: syntax error: unexpected ";"\n'),
        ("while true; do", "sh: syntax error: unexpected end of file\n"),
        ("foo &&", "sh: syntax error: unexpected end of file\n"),
        ("a=(1 2)", 'sh: syntax error: unexpected "("\n'),
        ("echo $(", "sh: syntax error: unexpected end of file\n"),
        ("echo ${x!y}", "sh: syntax error: bad substitution\n"),
        ("(" * 80 + ":" + ")" * 80, "sh: syntax error: nested too deeply\n"),
    ],
)
def test_a_script_that_cannot_be_read_says_so_and_ends_with_2(script: str, message: str) -> None:
    lab = sh(script)

    assert (lab.err, lab.code) == (message, 2)


@pytest.mark.parametrize(
    ("image", "message"),
    [("busybox", "sh: curl: not found\n"), ("alpine", "sh: curl: not found\n"), ("debian", "sh: 1: curl: not found\n")],
)
def test_a_command_that_is_not_there_is_told_as_the_images_own_shell_tells_it(image: str, message: str) -> None:
    lab = sh("curl localhost; exit $?", image=image)

    assert (lab.err, lab.code) == (message, 127)


def test_a_double_bracket_matches_patterns() -> None:
    lab = sh('x=abc; [[ $x == a* && -n $x ]] && echo yes; [[ $x == "a*" ]] || echo no; [[ a < b ]] && echo less')

    assert lab.out == "yes\nno\nless\n"


def test_pipefail_lets_the_first_failure_through() -> None:
    lab = sh("set -o pipefail; false | true; echo $?")

    assert lab.out == "1\n"


def test_xtrace_tells_every_command() -> None:
    lab = sh("set -x; echo a b")

    assert lab.err == "+ echo a b\n"


def test_random_is_drawn_from_the_containers_seed() -> None:
    first, again, other = sh("echo $RANDOM"), sh("echo $RANDOM"), sh("echo $RANDOM", seed=8)

    assert first.out == again.out != other.out


def test_a_script_comes_from_a_mounted_file() -> None:
    scripts = {"/scripts": {"run.sh": '#!/bin/sh\necho "$0 $1"\n'}}

    assert Lab("sh", "/scripts/run.sh", "x", mounts=scripts).for_(1).out == "/scripts/run.sh x\n"
    assert Lab("/scripts/run.sh", "y", mounts=scripts).for_(1).out == "/scripts/run.sh y\n"


def test_a_shell_without_a_script_reads_stdin_and_ends_at_once() -> None:
    lab = Lab().for_(1)

    assert lab.code == 0


def test_a_shell_with_stdin_open_waits_for_ever() -> None:
    lab = Lab(spec={"stdin": True}).for_(3600)

    assert lab.is_running
    assert container.due(lab.run) is None


def test_all_times_are_cluster_time() -> None:
    lab = sh("date; sleep 90; date -u +%T", seconds=100)

    assert lab.out == "Mon Sep 21 14:13:20 UTC 2026\n14:14:50\n"
    assert [line.at - START for line in lab.lines] == [0, 90_000_000]


def test_nothing_of_a_machine_outlives_a_step() -> None:
    lab = sh("while true; do sleep 1; done", seconds=2)
    run: Body = lab.run

    assert Machine(run).freeze() == {**run}


@pytest.mark.parametrize(
    ("script", "output"),
    [
        ('a=(1 "x y"); a+=(z); echo ${a[0]} ${#a[@]}; for i in "${a[@]}"; do echo "$i,"; done', "1 3\n1,\nx y,\nz,\n"),
        ("a=(1 2 3); a[1]=Q; unset a[0]; echo ${a[@]} ${a[-1]} ${!a[@]}; echo ${a[@]:1:1}", "Q 3 3 1 2\n3\n"),
        ('declare -A m; m[k]=v; m[j]=w; for k in "${!m[@]}"; do echo $k=${m[$k]}; done', "k=v\nj=w\n"),
        ("for ((i=0;i<3;i++)); do echo $i; done; ((i>2)) && echo big; ((0)) || echo zero", "0\n1\n2\nbig\nzero\n"),
        ("cat <<< hi; echo {1..3} a{b,c}d; x=hel; echo ${x:1:3} ${x^^} ${x: -2}", "hi\n1 2 3 abd acd\nel HEL el\n"),
        ("function f { echo in $1; }; f a; ls /nope |& wc -l; [[ abc =~ ^a.c$ ]] && echo m", "in a\n1\nm\n"),
        ("set -- -a -b5 r; while getopts ab: o; do echo $o $OPTARG; done; shift $((OPTIND-1)); echo $1", "a\nb 5\nr\n"),
        ("echo $SECONDS; sleep 2; echo $SECONDS; n=x; x=5; echo ${!n}; let x+=2; echo $x", "0\n2\n5\n7\n"),
    ],
)  # fmt: skip
def test_bash_knows_more_than_sh(script: str, output: str) -> None:
    lab = Lab("bash", "-c", script, image="nginx").for_(10)

    assert (lab.out, lab.err) == (output, "")


@pytest.mark.parametrize("image", ["busybox", "nginx"])
def test_sh_leaves_braces_and_double_parentheses_alone(image: str) -> None:
    assert sh("echo {1..3}", image=image).out == "{1..3}\n"
    assert sh("a=(1 2)", image=image).code == 2


def test_a_script_runs_in_the_interpreter_of_its_first_line() -> None:
    scripts = {"/s": {"a.sh": "#!/bin/bash\na=(1 2)\necho ${#a[@]}\n", "b.py": "#!/usr/bin/env python3\nprint(1+1)\n"}}

    assert Lab("/s/a.sh", image="nginx", mounts=scripts).for_(1).out == "2\n"
    assert Lab("/s/b.py", image="python:3.12", mounts=scripts).for_(1).out == "2\n"
