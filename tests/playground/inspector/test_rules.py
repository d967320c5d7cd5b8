"""What a node's page says of its own rules."""

from __future__ import annotations

from typing import cast

import pytest
from django.template.loader import render_to_string

from clusters.engine.assembly import kinds
from clusters.kinds.body import Body
from clusters.models import Cluster
from clusters.reconcile.clock import SECOND
from clusters.reconcile.timings import KUBERNETES
from networking.proxy.node import fresh
from playground.home.reading import Reading
from playground.inspector.rules import COMING, GONE, Lead, rules_of
from playground.inspector.subject import Subject
from playground.inspector.telling import Ref
from playground.timeline.moment import Moment
from tests.playground.things import NOW, Around, node, thing

ONE, TWO, OLD = ["10.244.1.2", "worker-1", "ready"], ["10.244.2.2", "worker-2", "ready"], ["10.244.3.9", "n", "ready"]


def service(*endpoints: list[str], **more: object) -> Body:
    ports = [{"name": "http", "protocol": "TCP", "port": 80, "node": 30080}]
    slices = [{"ports": {"http": 8080}, "endpoints": list(endpoints)}] if endpoints else []
    return {"ips": ["10.96.0.7"], "outside": [], "ports": ports, "slices": slices, **more}


def told(*versions: tuple[int, Body | None]) -> Body:
    """`versions`: how many seconds ago, and the rules."""
    each = [{"at": NOW - ago * SECOND, "rules": rules} for ago, rules in versions]
    return thing("machine.podium.dev/v1", "ProxyRules", "web", "default", versions=each)


def proxy(**fields: object) -> Body:
    return {**fresh("worker-1"), "live": True, "boot": "b", "base": NOW - 60 * SECOND, **fields}


def around(rules: Body, its: Body) -> Around:
    target = {"kind": "Pod", "namespace": "default", "name": "web-1"}
    slice_ = thing("v1", "EndpointSlice", "web-x", "default", endpoints=[{"addresses": [ONE[0]], "targetRef": target}])
    return Around(proxies=[its], proxyrules=[rules], nodes=[node()], endpointslices=[slice_])


def only(found: tuple[Lead, ...]) -> Lead:
    assert len(found) == 1
    return found[0]


def test_each_port_leads_to_its_endpoints_by_their_chances() -> None:
    found = rules_of("worker-1", around(told((60, service(ONE, TWO))), proxy()), KUBERNETES)

    lead = only(found.leads)
    assert lead.entrances == (("cluster IP", "10.96.0.7:80"), ("node port", ":30080"))
    assert [(goal.name, goal.says, goal.is_here) for goal in lead.goals] == [
        ("10.244.1.2:8080", "1 of 2", True),
        ("10.244.2.2:8080", "1 of 2", False),
    ]
    assert [goal.pod.name if goal.pod else "" for goal in lead.goals] == ["web-1", ""]
    assert not lead.behind
    assert found.says == "worker-1 knows 1 port of Services, which lead to 2 endpoints."
    assert "--to-destination 10.244.1.2:8080" in found.listing


def test_who_hears_nothing_shows_what_is_gone_and_what_it_does_not_know() -> None:
    rules = told((90, service(ONE, OLD)), (42, service(ONE, TWO)))

    found = rules_of("worker-1", around(rules, proxy(live=False)), KUBERNETES)

    lead = only(found.leads)
    assert [goal.differs for goal in lead.goals] == ["", GONE, COMING]
    assert [goal.chance for goal in lead.goals] == ["1 of 2", "1 of 2", ""]
    assert lead.is_stale
    assert lead.behind == "42s"
    assert "goes on by its rules of 60s ago. 1 port of Services leads elsewhere than the API says." in found.says
    assert "10.244.3.9" in found.listing
    assert "10.244.2.2" not in found.listing


def test_a_change_on_its_way_is_not_called_stale() -> None:
    rules = told((90, service(ONE)), (0, service(ONE, TWO)))

    lead = only(rules_of("worker-1", around(rules, proxy(since=0)), KUBERNETES).leads)

    assert lead.behind == "0s"
    assert not lead.is_stale


def test_a_service_without_endpoints_says_that_it_refuses() -> None:
    lead = only(rules_of("worker-1", around(told((60, service())), proxy()), KUBERNETES).leads)

    assert lead.notes == ("Whoever asks is refused at once: it has no endpoints.",)


def test_one_that_ends_gets_nothing_while_another_is_ready() -> None:
    ends = ["10.244.2.2", "worker-2", "draining"]

    lead = only(rules_of("worker-1", around(told((60, service(ONE, ends))), proxy()), KUBERNETES).leads)

    assert [goal.says for goal in lead.goals] == ["all of it", "ends, gets nothing new"]


def test_from_outside_only_this_machines_endpoints_under_the_policy_local() -> None:
    lead = only(rules_of("worker-1", around(told((60, service(TWO, outer="Local"))), proxy()), KUBERNETES).leads)

    assert lead.notes[0].endswith("only endpoints of this machine, none here, so dropped.")


def test_remembered_clients_are_counted() -> None:
    held = {"default/web:http": {"10.1.1.1": {"to": "x", "at": NOW}, "10.1.1.2": {"to": "x", "at": NOW - 99 * SECOND}}}

    lead = only(rules_of("worker-1", around(told((60, service(ONE, sticky=60))), proxy(sticky=held)), KUBERNETES).leads)

    assert lead.notes[0].endswith("keeps its endpoint for 60s. 1 client remembered here.")


def test_a_machine_without_power_has_no_rules() -> None:
    found = rules_of("worker-1", around(told((60, service(ONE))), proxy(live=False, base=0, boot="")), KUBERNETES)

    assert "no power" in found.says
    assert found.listing == ""
    assert [goal.differs for goal in only(found.leads).goals] == [COMING]


def test_the_page_draws_what_differs() -> None:
    rules = told((90, service(ONE, OLD)), (42, service(ONE, TWO)))
    found = rules_of("worker-1", around(rules, proxy(live=False)), KUBERNETES)

    html = render_to_string("inspector/_rules.html", {"rules": found, "subject": subject(), "base": "/c/x/"})

    assert "goal-gone" in html
    assert "goal-coming" in html
    assert "not what the API says, for 42s" in html


@pytest.mark.parametrize(("past", "shown"), [(None, True), (Moment(5, 0), False)])
def test_rules_are_of_now(past: Moment | None, shown: bool) -> None:
    assert ("rules" in dict(subject(past).tabs)) == shown


def subject(past: Moment | None = None) -> Subject:
    return Subject(Cluster(), kinds()["nodes"], Ref("nodes", "", "worker-1"), node(), cast("Reading", Around()), past)
