"""Why does a Service with endpoints not answer? Nobody listens where its targetPort points (Kubernetes: Service)."""

from __future__ import annotations

from collections.abc import Sequence

from clusters.kinds.body import Body, dig, key_of
from playground.reasons.answer import Answer, Code, Link, Words, answer, figures
from playground.reasons.evidence import Evidence
from playground.reasons.telling import maker, name_of
from workloads.runtime import serving


def wrong_port(body: Body, endpoints: Sequence[Body], evidence: Evidence) -> Answer | None:
    """Endpoints are there, but nobody listens where they point: the first of them stands for all."""
    pod = evidence.get("pods", key_of(body).namespace, dig(endpoints[0], "targetRef.name", ""))
    open_ = listening(pod, evidence) if pod else []
    if pod is None or not open_:
        return None
    for port in dig(body, "spec.ports", ()):
        target = port.get("targetPort", port.get("port"))
        if _number(target, pod) not in open_ and port.get("protocol", "TCP") == "TCP":
            words: Words = (
                "Its port ",
                Code(str(port["port"])),
                " goes to ",
                Code(f"targetPort: {target}"),
                " of each pod.",
            )
            there = ", ".join(str(one) for one in sorted(open_))
            links = [
                Link(words, lookup="targetPort", tone="crash", field="spec.ports[].targetPort"),
                Link(
                    (
                        "In ",
                        name_of("pods", pod),
                        f" a process listens on {there}, and on nothing else: “connection refused”.",
                    ),
                    lookup="targetPort",
                ),
                maker(evidence, "services", body),
            ]
            shown = figures(
                "Ports in a row", ("port", port["port"]), ("targetPort", target), ("what listens", there, "crash")
            )
            return answer(f"Why does {key_of(body).name} not answer?", links, shown)
    return None


def listening(pod: Body, evidence: Evidence) -> list[int]:
    """The ports on which a process of it really listens."""
    node = dig(pod, "spec.nodeName", "")
    sandbox = evidence.get("sandboxes", node, pod["metadata"]["uid"]) if node else None
    if not sandbox or not sandbox.get("running"):
        return []
    runs = (one.get("run") for one in dig(sandbox, "containers", {}).values() if one.get("state") == "running")
    return sorted({port for run in runs if run for port in serving.ports(run)})


def _number(target: object, pod: Body) -> int | None:
    if isinstance(target, int):
        return target
    for container in dig(pod, "spec.containers", ()):
        for port in container.get("ports") or ():
            if port.get("name") == target:
                return int(port["containerPort"])
    return None
