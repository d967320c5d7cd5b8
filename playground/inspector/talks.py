"""Who may talk to whom, as a grid: workloads of a namespace, the other namespaces, the world (NetworkPolicy)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clusters.kinds.body import Body, Key, controller_of, key_of, uid_of
from networking.policy import EGRESS, INGRESS, Party, party, policies_for
from networking.talks import Judge, Leave, members
from playground.inspector.around import Around
from playground.inspector.summaries.anything import OWNERS
from playground.inspector.telling import Cell, Fact, Ref, Table, Words, cell, fact

TITLE = "Who may talk to whom"
MOST = 12  # workloads; a grid is their square
STAR = " *"
OUTSIDE = "outside"
HOW = "From a row to a column, by all policies together. Both sides must allow it."


class Seen:
    """What stands around an object, as the policies' judge asks for it."""

    def __init__(self, around: Around) -> None:
        self._around = around
        self.list = around.list

    def get(self, resource: str, key: Key) -> Body | None:
        return self._around.get(resource, key.namespace, key.name)


@dataclass(frozen=True, slots=True)
class Group:
    """Pods of one workload, or of one other namespace; or whoever is outside."""

    name: str
    words: Words
    parties: Sequence[Party]
    is_picked: bool = False


def talks(namespace: str, picked: Sequence[Body], around: Around) -> Table:
    """`picked`: pods that one policy is about; their workloads come first, and only their lines are drawn of many."""
    judge = Judge(Seen(around))
    own = workloads(namespace, picked, around)
    found = [*own[:MOST], *neighbours(namespace, around), outside(judge)]
    rows = [
        (Cell((*row.words, STAR) if row.is_picked else row.words),
         *(among(judge, row, column) for column in found))
        for row in found
    ]  # fmt: skip
    head = ("from / to", *(one.name + STAR * one.is_picked for one in found))
    below = [HOW]
    if picked:
        below.append(f"This policy picks those with{STAR}.")
    if len(own) > MOST:
        below.append(f"{len(own) - MOST} more workloads are not drawn.")
    return Table(TITLE, head, tuple(rows) if own else (), "No pod runs here.", " ".join(below), grid=True)


def among(judge: Judge, row: Group, column: Group) -> Cell:
    if row.name == column.name == OUTSIDE:
        return cell("")
    return field(judge.leave(row.parties, column.parties))


def field(leave: Leave | None) -> Cell:
    if leave is None:
        return cell("")
    if leave.ports is None:
        return cell("no", "no")
    ports = "\n".join(leave.ports) or "all"
    return cell(f"some: {ports}" if leave.some else ports, "some" if leave.some or leave.ports else "yes")


def workloads(namespace: str, picked: Sequence[Body], around: Around) -> list[Group]:
    """By owner, those that are picked first."""
    mine = {uid_of(pod) for pod in picked}
    above = {uid_of(one): one for one in around.list("replicasets", namespace)}
    held: dict[Ref, list[Body]] = {}
    for pod in around.list("pods", namespace):
        if members([pod]):
            held.setdefault(workload(pod, above), []).append(pod)
    groups = []
    for ref, pods in held.items():
        words: Words = (ref, f" × {len(pods)}") if len(pods) > 1 else (ref,)
        groups.append(Group(ref.name, words, members(pods), any(uid_of(pod) in mine for pod in pods)))
    return sorted(groups, key=lambda one: (not one.is_picked, one.name))


def workload(pod: Body, replicasets: Mapping[str, Body]) -> Ref:
    """What it belongs to: a Deployment rather than its ReplicaSet."""
    key, owner = key_of(pod), controller_of(pod)
    if owner is not None and owner["uid"] in replicasets:
        owner = controller_of(replicasets[owner["uid"]]) or owner
    if owner is None or owner["kind"] not in OWNERS or owner["kind"] == "Node":
        return Ref("pods", key.namespace, key.name)
    return Ref(OWNERS[owner["kind"]], key.namespace, owner["name"])


def neighbours(namespace: str, around: Around) -> Iterator[Group]:
    """The other namespaces in which pods run."""
    for one in around.list("namespaces"):
        name = one["metadata"]["name"]
        parties = members(around.list("pods", name)) if name != namespace else []
        if parties:
            yield Group(name, ("namespace ", Ref("namespaces", "", name)), parties)


def outside(judge: Judge) -> Group:
    return Group(OUTSIDE, ("outside the cluster",), judge.world())


def of_pod(pod: Body, around: Around) -> tuple[Sequence[Fact], Sequence[Table]]:
    """On a pod's own page: the policies that pick it, and then who may come to it and where it may go."""
    seen = Seen(around)
    picking = [one for side in (INGRESS, EGRESS) for one in policies_for(seen, party(pod), side)]
    own = members([pod])
    if not own or not picking:
        return (), ()
    judge, namespace = Judge(seen), key_of(pod).namespace
    groups = [*workloads(namespace, (), around)[:MOST], *neighbours(namespace, around), outside(judge)]
    rows = [
        (Cell(one.words), field(judge.leave(one.parties, own)), field(judge.leave(own, one.parties))) for one in groups
    ]
    words: list[str | Ref] = []
    for key in dict.fromkeys(key_of(policy) for policy in picking):
        words += [", ", Ref("networkpolicies", key.namespace, key.name)]
    table = Table(
        TITLE, ("", "may come in", "may be reached"), tuple(rows), below="By all policies together.", grid=True
    )
    return (fact("Policies", *words[1:]),), (table,)
