"""The feed tells of many alike at once."""

from __future__ import annotations

from clusters.reconcile.clock import MINUTE, SECOND
from playground.timeline.line import Line, Name
from playground.timeline.runs import APART, KEPT, Runs
from playground.timeline.sentences.container import ordinal
from playground.timeline.teller import Entry, Teller
from tests.playground.things import pod, replicaset


def name(number: int, plural: str = "pods") -> Name:
    return Name(plural, "default", f"{plural[:-1]}-{number}")


def made(number: int, at: int = 0, of: str = "web") -> Line:
    return Line(number, at, "replicaset-controller", ("made pod ", name(number), f": {number} was missing"), "", of)


def told(*lines: Line) -> list[str]:
    runs = Runs()
    for line in lines:
        runs.add(line)
    return [str(line) for line in reversed(runs.lines(KEPT))]


def test_three_hundred_pods_are_one_line() -> None:
    (line,) = told(*(made(number) for number in range(1, 301)))

    assert line == "replicaset-controller made 300 pods of web: 300 was missing"


def test_a_few_stand_one_by_one() -> None:
    assert len(told(*(made(number) for number in range(1, 4)))) == 3


def test_what_comes_between_does_not_break_a_run() -> None:
    lines = [
        line
        for number in range(1, 41, 2)
        for line in (made(number), Line(number + 1, 0, "kubelet/worker-1", (name(number), " is ready"), "ready", "web"))
    ]

    assert told(*lines) == [
        "replicaset-controller made 20 pods of web: 39 was missing",
        "20 pods of web are ready",
    ]


def test_a_run_ends_where_nothing_came_for_a_while() -> None:
    first = [made(number) for number in range(1, 11)]
    later = [made(number, APART + SECOND) for number in range(11, 21)]

    assert len(told(*first, *later)) == 2


def test_pods_of_two_owners_are_two_runs() -> None:
    lines = [made(number, of="web" if number % 2 else "shop") for number in range(1, 21)]

    assert sorted(told(*lines)) == [
        "replicaset-controller made 10 pods of shop: 20 was missing",
        "replicaset-controller made 10 pods of web: 19 was missing",
    ]


def test_who_went_to_whom_is_counted_on_both_sides() -> None:
    lines = [
        Line(number, 0, "default-scheduler", ("put ", name(number), " on ", name(number % 3, "nodes")))
        for number in range(1, 31)
    ]

    assert told(*lines) == ["default-scheduler put 30 pods on 3 nodes"]
    assert told(*lines[::3]) == ["default-scheduler put 10 pods on node-1"]


def test_the_same_about_one_object_says_how_often() -> None:
    lines = [Line(number, 0, "kubelet/worker-1", ("started web of ", name(1)), "running") for number in range(1, 8)]

    assert told(*lines) == ["kubelet/worker-1 started web of pod-1, 7 times"]


def test_what_befalls_one_pod_again_and_again_is_one_line() -> None:
    lines = [
        Line(n, n * 5 * MINUTE, "kubelet/worker-1", ("started web of ", name(1), f" again, for the {ordinal(n)} time"))
        for n in range(1, 24)
    ]

    assert told(*lines) == ["kubelet/worker-1 started web of pod-1 again, for the 23rd time, 23 times"]


def test_what_befalls_the_same_pods_again_and_again_is_one_line() -> None:
    lines = [
        Line(n, n // 5 * 5 * MINUTE, f"kubelet/worker-{n % 5}", ("cannot pull a:1 for ", name(n % 5)))
        for n in range(50)
    ]

    assert told(*lines) == ["kubelets cannot pull a:1 for 5 pods"]


def test_several_kubelets_do_what_one_does_in_the_plural() -> None:
    lines = [
        Line(n, 0, f"kubelet/worker-{n}", ("waits before it tries again to pull a:1 for ", name(n)))
        for n in range(1, 6)
    ]

    assert told(*lines) == ["kubelets wait before they try again to pull a:1 for 5 pods"]


def test_kubelets_of_many_nodes_are_told_together() -> None:
    lines = [Line(number, 0, f"kubelet/worker-{number}", ("started web of ", name(number))) for number in range(1, 9)]

    assert told(*lines) == ["kubelets started web of 8 pods"]


def test_a_run_names_its_newest_and_counts_the_rest() -> None:
    runs = Runs()
    for number in range(1, 11):
        runs.add(made(number, number * SECOND))

    (line,) = runs.lines(KEPT)

    assert [str(one) for one in line.among] == ["pod-8", "pod-9", "pod-10"]
    assert (line.more, line.several, line.run, line.began, line.clock) == (7, 10, 1, "00:00:01", "00:00:10")


def test_a_teller_says_whose_pods_they_are() -> None:
    owner, teller = replicaset("web-5d9c"), Teller()
    for number in range(1, 6):
        body = pod(f"web-{number}", owner=owner)
        teller.hear([Entry(number, "ADDED", "pods", "default", f"web-{number}", "replicaset-controller", "", 0, body)])

    assert [str(line) for line in teller.lines(KEPT)] == ["replicaset-controller made 5 pods of web-5d9c"]
