"""What the probes of a container have said: read from its sandbox and from the events of the kubelet."""

from __future__ import annotations

from clusters.kinds.body import Body, dig
from clusters.reconcile.clock import SECOND, parse, rfc3339
from playground.reasons.answer import Code, Figures, Link, figures
from playground.reasons.evidence import Evidence
from playground.reasons.questions.containers import box_of, field_of, spec_of

KINDS = ("startup", "liveness", "readiness")


def history(pod: Body, container: str, evidence: Evidence) -> Figures | None:
    """Each probe: its question, its verdict, how many times in a row, when it looks again."""
    spec, runs = spec_of(pod, container), box_of(pod, container, evidence).get("probes") or {}
    rows: list[tuple[str, object, str]] = []
    for kind in KINDS:
        probe = spec.get(f"{kind}Probe")
        if not probe:
            continue
        run = runs.get(kind) or {}
        rows.append((f"{kind} probe", (Code(question(probe)), f" every {probe.get('periodSeconds', 10)} s"), ""))
        if run.get("last"):
            same, limit = run.get("same"), probe.get("successThreshold" if run.get("same") else "failureThreshold", 3)
            verdict = "succeeded" if same else "failed"
            rows.append(
                (
                    f"at {rfc3339(run['last'])[11:19]}",
                    f"{verdict} {run.get('count', 0)} of {limit} times in a row",
                    "ready" if same else "crash",
                )
            )
        rows += _said(pod, container, kind, evidence)
    return figures("Probes", *rows) if rows else None


def _said(pod: Body, container: str, kind: str, evidence: Evidence) -> list[tuple[str, object, str]]:
    found = failures(pod, container, kind, evidence)
    return [
        (f"last failure, {one.get('count', 1)} in all", one["message"].split(": ", 1)[-1][:160], "crash")
        for one in found[-1:]
    ]


def failures(pod: Body, container: str, kind: str, evidence: Evidence) -> list[Body]:
    """The kubelet's events about this probe, the oldest first."""
    uid, path = pod["metadata"]["uid"], f"{{{container}}}"
    return [
        event
        for event in evidence.events(uid)
        if event.get("reason") in ("Unhealthy", "ProbeWarning")
        and path in dig(event, "involvedObject.fieldPath", "")
        and event.get("message", "").lower().startswith(kind)
    ]


def killed_by(pod: Body, container: str, evidence: Evidence) -> Link | None:
    """The liveness or startup probe that had the container started again."""
    uid = pod["metadata"]["uid"]
    for event in reversed(evidence.events(uid)):
        told = event.get("message", "")
        if event.get("reason") != "Killing" or "failed" not in told:
            continue
        kind = "startup" if "startup" in told.lower() else "liveness"
        probe = spec_of(pod, container).get(f"{kind}Probe")
        if probe and container in told:
            words = (
                f"Its {kind} probe ",
                Code(question(probe)),
                f" failed {probe.get('failureThreshold', 3)} times in a row, so the kubelet killed it.",
            )
            at = parse(event.get("lastTimestamp") or event["metadata"]["creationTimestamp"])
            return Link(
                words,
                at=at,
                lookup=f"{kind.title()} probe",
                tone="crash",
                field=f"{field_of(pod, container)}.{kind}Probe",
            )
    return None


def question(probe: Body) -> str:
    """`GET /healthz on port 80`."""
    if web := probe.get("httpGet"):
        return f"GET {web.get('path', '/')} on port {web.get('port')}"
    if tcp := probe.get("tcpSocket"):
        return f"connect to port {tcp.get('port')}"
    if grpc := probe.get("grpc"):
        return f"gRPC health on port {grpc.get('port')}"
    return " ".join(dig(probe, "exec.command", ()))


def ticks(probe: Body) -> int:
    """How long until it gives up."""
    return int(probe.get("periodSeconds", 10)) * int(probe.get("failureThreshold", 3)) * SECOND
