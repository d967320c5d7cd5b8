"""The parts of an object's page that change by themselves, each with a digest: what has not changed is not sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha1
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from clusters.kinds.body import uid_of
from clusters.reconcile.timings import PROFILES
from playground.home.rights import may_edit
from playground.inspector.actions import actions_of
from playground.inspector.events import events_of
from playground.inspector.logs import logs_of
from playground.inspector.rules import rules_of
from playground.inspector.subject import Subject
from playground.inspector.summaries import summary_of
from playground.inspector.terminal import terminal_of
from playground.inspector.yamltext import highlighted
from playground.reasons.panel import answers_about
from playground.timeline.changes import changes_of
from playground.traffic.telling import panel
from playground.visit.suggestions import first_of

Context = dict[str, Any]


def acts(request: HttpRequest, subject: Subject) -> Context:
    assert subject.body is not None
    visit = first_of(subject.kind.plural, subject.body, subject.around)
    if not may_edit(request.session, subject.cluster.slug):
        return {"look_only": True, "visit": visit}
    return {"actions": actions_of(subject.kind, subject.body, subject.around, {}), "visit": visit}


def summary(request: HttpRequest, subject: Subject) -> Context:
    assert subject.body is not None
    return {"summary": summary_of(subject.kind, subject.body, subject.around)}


def yaml(request: HttpRequest, subject: Subject) -> Context:
    assert subject.body is not None
    return {"yaml": highlighted(subject.body)}


def events(request: HttpRequest, subject: Subject) -> Context:
    assert subject.body is not None
    return {"events": events_of(subject.body, subject.around)}


def logs(request: HttpRequest, subject: Subject) -> Context:
    assert subject.body is not None
    return {"logs": logs_of(subject.cluster, subject.body, request.GET)}


def traffic(request: HttpRequest, subject: Subject) -> Context:
    assert subject.body is not None
    look_only = not may_edit(request.session, subject.cluster.slug)
    return {"panel": panel(subject.kind.plural, subject.body, subject.around), "look_only": look_only}


def terminal(request: HttpRequest, subject: Subject) -> Context:
    if not may_edit(request.session, subject.cluster.slug):
        return {"look_only": True}
    assert subject.body is not None
    return {"terminal": terminal_of(subject.cluster, subject.body)}


def why(request: HttpRequest, subject: Subject) -> Context:
    assert subject.body is not None
    return {"answers": answers_about(subject.cluster, subject.around, subject.kind.plural, subject.body)}


def rules(request: HttpRequest, subject: Subject) -> Context:
    timings = PROFILES[subject.cluster.timings]
    return {"rules": rules_of(subject.ref.name, subject.around, timings)}


def changes(request: HttpRequest, subject: Subject) -> Context:
    assert subject.body is not None
    return {"steps": changes_of(subject.cluster, uid_of(subject.body))}


TABS: Mapping[str, Callable[[HttpRequest, Subject], Context]] = {
    "summary": summary,
    "why": why,
    "yaml": yaml,
    "events": events,
    "changes": changes,
    "logs": logs,
    "traffic": traffic,
    "rules": rules,
    "terminal": terminal,
}


def region(request: HttpRequest, subject: Subject, name: str, context: Context, *, oob: bool = False) -> SafeString:
    """One region as HTML, with the digest by which the page asks for it again."""
    shared = {"subject": subject, "base": f"/c/{subject.cluster.slug}/", **context}
    inner = render_to_string(f"inspector/_{name}.html", shared, request)
    frame = {
        "inner": inner,
        "name": name,
        "slot": slot(name),
        "digest": digest(inner),
        "oob": oob,
        "path": subject.path,
    }
    return render_to_string("inspector/_region.html", frame)


def changed(request: HttpRequest, subject: Subject, tab: str) -> SafeString:
    """Those regions that differ from what the page shows; "" when none does."""
    contexts = {"head": {}, "acts": acts(request, subject), tab: TABS[tab](request, subject)}
    found = []
    for name, context in contexts.items():
        html = region(request, subject, name, context)
        known = request.GET.get(f"known-{slot(name)}", "-")
        if f'name="known-{slot(name)}" value="{known}"' not in html:
            found.append(html)
    return mark_safe("".join(found))


def digest(html: str) -> str:
    return sha1(html.encode(), usedforsecurity=False).hexdigest()[:12]


def slot(name: str) -> str:
    """Tabs share one place."""
    return "tab" if name in TABS else name
