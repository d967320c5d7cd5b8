"""A Job: how far it is, and what became of its pods."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clusters.kinds.age import human, since
from clusters.kinds.body import Body, dig, labels_of
from clusters.reconcile.clock import parse
from playground.inspector.around import Around
from playground.inspector.summaries.anything import about
from playground.inspector.summaries.replicaset import alive, pods_of
from playground.inspector.telling import Fact, Ink, Summary, Table, cell, counted, fact, linked
from playground.inspector.words import condition_of, tone
from workloads.kinds import job as kind
from workloads.kinds import podstate
from workloads.kinds.jobspec.indexes import LABEL


def job(body: Body, around: Around) -> Summary:
    pods = pods_of(body, around)
    active = dig(body, "status.active", 0)
    return Summary(
        (says(body, around),),
        inks=(Ink("Running pods", wanted(body), str(active), str(len(alive(pods, around)))),),
        facts=(*own_facts(body, around), *about(body, around)),
        tables=(pods_table(pods),),
    )


def says(body: Body, around: Around) -> str:
    name, word = body["metadata"]["name"], kind.word(body)
    done, of = dig(body, "status.succeeded", 0), body["spec"].get("completions")
    far = f"{done} of {counted(of, 'completion')}" if of is not None else counted(done, "worker") + " done"
    if word == "Complete":
        return f"{name} has done its work: {far} in {kind.duration(body, around.now)}."
    if word == "Failed":
        return f"{name} has failed, with {far}: {condition_of(body, 'Failed').get('message', '')}."
    if word == "Suspended":
        return f"{name} is suspended, with {far}. It makes no pods until it is resumed."
    if word in ("FailureTarget", "SuccessCriteriaMet"):
        return f"{name} is decided: {condition_of(body, word).get('message', '')}. Its last pods come to their end."
    failed = dig(body, "status.failed", 0)
    tries = f" {counted(failed, 'pod')} failed so far." if failed else ""
    return f"{name} is at work: {far}, {counted(dig(body, 'status.active', 0), 'pod')} at it now.{tries}"


def wanted(body: Body) -> str:
    """How many pods it wants at once, as far as its spec alone says it."""
    if kind.word(body) != "Running":
        return "0"
    parallel, of = body["spec"].get("parallelism", 1), body["spec"].get("completions")
    return str(parallel if of is None else max(min(parallel, of - dig(body, "status.succeeded", 0)), 0))


def own_facts(body: Body, around: Around) -> Iterator[Fact]:
    spec = body["spec"]
    yield fact("Image", ", ".join(one.get("image", "") for one in dig(spec, "template.spec.containers", ())), mono=True)
    yield fact("At once", counted(spec.get("parallelism", 1), "pod"))
    if spec.get("completionMode") == "Indexed":
        yield fact("Indexes done", dig(body, "status.completedIndexes", "none yet"), mono=True)
        if dig(body, "status.failedIndexes"):
            yield fact("Indexes failed", dig(body, "status.failedIndexes"), mono=True)
    limit = spec.get("backoffLimitPerIndex")
    yield fact("May fail", f"{limit} times an index" if limit is not None else f"{spec.get('backoffLimit', 6)} times")
    if spec.get("activeDeadlineSeconds") is not None:
        yield fact("Has at most", f"{spec['activeDeadlineSeconds']} s")
    yield from _going(body, around)


def _going(body: Body, around: Around) -> Iterator[Fact]:
    seconds, end = body["spec"].get("ttlSecondsAfterFinished"), None
    for type_ in ("Complete", "Failed"):
        end = condition_of(body, type_).get("lastTransitionTime") or end
    if seconds is not None and end:
        left = parse(end) + seconds * 1_000_000 - around.now
        yield fact("Goes in", human(max(left, 0)))
    if dig(body, "status.startTime"):
        yield fact("Started", f"{since(dig(body, 'status.startTime'), around.now)} ago")


def pods_table(pods: Sequence[Body]) -> Table:
    rows = []
    for pod in pods:
        key, word, node = pod["metadata"], podstate.word(pod), dig(pod, "spec.nodeName", "")
        where = linked("nodes", "", node) if node else cell("no node yet")
        index = labels_of(pod).get(LABEL, "")
        rows.append((linked("pods", key["namespace"], key["name"]), cell(index), where, cell(word, tone(word))))
    return Table("Pods", ("Name", "Index", "Node", "State"), tuple(rows), empty="It has no pods.")
