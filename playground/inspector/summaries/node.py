"""A node: what the control plane believes of it, and whether its machine truly runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clusters.kinds.age import since
from clusters.kinds.body import Body, dig
from playground.faults.actions import node_faults
from playground.inspector.around import Around
from playground.inspector.summaries.anything import about
from playground.inspector.telling import Cell, Fact, Ink, Summary, Table, Words, cell, counted, fact, linked
from playground.inspector.words import condition, condition_of, tone


def node(body: Body, around: Around) -> Summary:
    name = body["metadata"]["name"]
    pods = [pod for pod in around.list("pods") if dig(pod, "spec.nodeName") == name]
    machine = around.get("machines", "", name)
    return Summary(
        says(body, pods, machine, around),
        inks=(Ink("The machine", "", believed(body), power(machine)),),
        facts=(*own_facts(body), *about(body, around)),
        tables=(pods_table(pods, around), conditions(body, around)),
    )


def says(body: Body, pods: Sequence[Body], machine: Body | None, around: Around) -> Words:
    name = body["metadata"]["name"]
    dead = node_faults(name, around.list("faults"))
    ready = condition(body, "Ready")
    if dead and ready == "True":
        return (f"{name} has no power. The control plane does not know yet: it still waits for the next heartbeat.",)
    if dead:
        gone = since(condition_of(body, "Ready").get("lastTransitionTime"), around.now)
        return (f"{name} has no power. The control plane noticed {gone} ago, when no heartbeat had come for too long.",)
    if machine is not None and machine.get("power") == "booting":
        return (f"{name} boots. Its kubelet reports when it is up.",)
    if ready != "True":
        return (
            f"{name} is not ready: {condition_of(body, 'Ready').get('message') or 'its kubelet has not reported yet'}.",
        )
    most = dig(body, "status.allocatable.pods", "110")
    cordoned = " It is cordoned: no new pod comes here." if dig(body, "spec.unschedulable") else ""
    return (f"{name} is up and runs {counted(len(pods), 'pod')}; there is room for {most}.{cordoned}",)


def believed(body: Body) -> str:
    return {"True": "up", "False": "down", "Unknown": "unknown"}.get(condition(body, "Ready"), "not known yet")


def power(machine: Body | None) -> str:
    if machine is None:
        return "gone"
    return {"on": "up", "off": "down", "booting": "booting", "frozen": "frozen"}.get(
        machine.get("power", ""), "unknown"
    )


def own_facts(body: Body) -> Iterator[Fact]:
    address = next((one["address"] for one in dig(body, "status.addresses", ()) if one["type"] == "InternalIP"), "")
    if address:
        yield fact("Address", address, mono=True)
    capacity = dig(body, "status.capacity", {})
    if capacity:
        yield fact("Machine", f"{capacity.get('cpu', '?')} CPU, {capacity.get('memory', '?')} of memory")
    taints = dig(body, "spec.taints", ())
    if taints:
        yield fact("Taints", "\n".join(taint_text(taint) for taint in taints), mono=True)


def taint_text(taint: Body) -> str:
    value = f"={taint['value']}" if taint.get("value") else ""
    return f"{taint['key']}{value}:{taint['effect']}"


def pods_table(pods: Sequence[Body], around: Around) -> Table:
    rows = [
        (linked("pods", pod["metadata"]["namespace"], pod["metadata"]["name"]), cell(pod["metadata"]["namespace"]))
        for pod in pods
    ]
    return Table("Pods here", ("Name", "Namespace"), tuple(rows), empty="No pod runs here.")


def conditions(body: Body, around: Around) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for one in dig(body, "status.conditions", ()):
        good = one["status"] == ("True" if one["type"] == "Ready" else "False")
        mark = tone("Ready") if good else tone("NotReady")
        rows.append((cell(one["type"]), cell(one["status"], mark), cell(one.get("reason", ""))))
    return Table("Conditions", ("Condition", "Status", "Reason"), tuple(rows))
