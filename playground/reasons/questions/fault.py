"""What does this fault do, to whom, and who began it?"""

from __future__ import annotations

from clusters.faults import FAULTS
from clusters.kinds.body import Body, dig
from playground.reasons.answer import Answer, Link, answer
from playground.reasons.evidence import Evidence, born
from playground.reasons.questions.question import Question
from playground.reasons.telling import fault_link, forgotten
from playground.timeline.line import Name

SHOWN = 3


def ask(resource: str, body: Body, evidence: Evidence) -> Answer:
    known, name = FAULTS.get(dig(body, "spec.type", "")), body["metadata"]["name"]
    first = born(evidence, body)
    place = (first.revision, first.at) if first else (0, 0)
    links = [Link((known.look_for,), *place, "Fault", "crash")] if known else []
    hit = dig(body, "status.hit") or ()
    if hit:
        words: list[str | Name] = ["It has hit "]
        for one in hit[:SHOWN]:
            words += [", "] if len(words) > 1 else []
            words.append(
                Name("pods", one.get("namespace", ""), one["pod"])
                if one.get("pod")
                else Name("nodes", "", one.get("node", ""))
            )
        more = f" and {len(hit) - SHOWN} more." if len(hit) > SHOWN else "."
        links.append(Link((*words, more), *place, "Fault"))
    elif dig(body, "status.message"):
        links.append(Link((body["status"]["message"],), lookup="Fault", field="spec.target"))
    links.append(fault_link(evidence, first) if first else forgotten(evidence, "faults", body))
    return answer(f"What does {name} do?", links, urgent=dig(body, "status.phase", "Active") == "Active")


FAULT = Question("fault", ("faults",), ask)
