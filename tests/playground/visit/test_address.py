"""Addresses, tickets, cookies and links of a visit: pure."""

from __future__ import annotations

import pytest

from clusters.apiserver.streams.rewriting import below, location, passing
from clusters.kernel import Outcome
from playground.visit import jar, ticket
from playground.visit.address import Target, shown, target, visit_path
from playground.visit.front import answer, is_part_of_podium, moved, sent
from playground.visit.suggestions import suggestions
from playground.visit.ticket import Guest
from tests.networking.ingress.test_nginx import ingress
from tests.playground.things import Around, thing

HERE = Target("abc", "T", "web.example.com", 80, "/x")


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/c/abc/visit/web.example.com/x", Target("abc", "", "web.example.com", 80, "/x")),
        ("/c/abc/visit/WEB.example.com", Target("abc", "", "web.example.com", 80, "")),
        ("/c/abc/visit/worker-1:30080/a/b", Target("abc", "", "worker-1", 30080, "/a/b")),
        ("/c/abc/visit/~gue-st:1_2:x/10.0.0.1/", Target("abc", "gue-st:1_2:x", "10.0.0.1", 80, "/")),
        ("/c/abc/visit/web.example.com:0/", None),
        ("/c/abc/visit/web.example.com:70000/", None),
        ("/c/abc/visit/a@b/", None),
        ("/c/abc/visit/", None),
    ],
)
def test_an_address_says_whom_to_ask(path: str, found: Target | None) -> None:
    assert target(path) == found


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("web.example.com", "/c/abc/visit/web.example.com/"),
        ("http://web.example.com/a?b=c", "/c/abc/visit/web.example.com/a?b=c"),
        ("https://web.example.com", "/c/abc/visit/web.example.com:443/"),
        ("worker-1:30080/x", "/c/abc/visit/worker-1:30080/x"),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("", None),
    ],
)
def test_what_is_typed_becomes_an_address_below_the_cluster(typed: str, path: str | None) -> None:
    assert visit_path("abc", typed) == path


def test_an_address_is_shown_as_a_browser_shows_it() -> None:
    assert [shown("a.com", port, "/x") for port in (80, 443, 8080)] == [
        "http://a.com/x",
        "https://a.com/x",
        "http://a.com:8080/x",
    ]


def test_a_ticket_is_good_for_its_host_and_cluster_alone() -> None:
    issued = ticket.issue("abc", "web.example.com", Guest("alice", True))

    assert ticket.read("abc", "web.example.com", issued) == Guest("alice", True)
    assert ticket.read("abc", "other.example.com", issued) is None
    assert ticket.read("abd", "web.example.com", issued) is None
    assert ticket.read("abc", "web.example.com", issued[:-1]) is None
    assert target(f"/c/abc/visit/~{issued}/web.example.com/") == Target("abc", issued, "web.example.com", 80, "/")


def test_links_from_the_root_lead_below_the_prefix() -> None:
    page = b"""<a href="/x">a</a><img src='/i.png'><form action="/"><a href="//cdn/x"><a href="y">"""

    found = below(page, "text/html; charset=utf-8", "/p")

    assert found == b"""<a href="/p/x">a</a><img src='/p/i.png'><form action="/p/"><a href="//cdn/x"><a href="y">"""
    assert below(b"body{background:url(/x.png)}", "text/css", "/p") == b"body{background:url(/p/x.png)}"
    assert below(page, "application/json", "/p") == page


def test_a_redirect_stays_below_the_prefix_as_long_as_it_stays_on_the_host() -> None:
    assert moved("/y", HERE) == "/c/abc/visit/~T/web.example.com/y"
    assert moved("http://web.example.com/y?z", HERE) == "/c/abc/visit/~T/web.example.com/y?z"
    assert moved("https://web.example.com/y", HERE) == "/c/abc/visit/~T/web.example.com:443/y"
    assert moved("https://elsewhere.com/", HERE) == "https://elsewhere.com/"
    assert location("//elsewhere.com/x", "/p") == "//elsewhere.com/x"


def test_only_the_short_list_of_headers_passes() -> None:
    given = (
        ("Set-Cookie", "a=b"), ("X-Powered-By", "me"), ("Content-Security-Policy", "default-src *"),
        ("Access-Control-Allow-Origin", "*"), ("X-Frame-Options", "ALLOWALL"), ("X-Podium-Way", "lies"),
        ("Retry-After", "3"), ("Clear-Site-Data", "*"), ("Refresh", "0"), ("X-Bad", "a\r\nSet-Cookie: b"),
    )  # fmt: skip

    assert passing(given) == (("X-Powered-By", "me"), ("Retry-After", "3"))


def test_the_sessions_cookie_and_podiums_headers_never_reach_a_pod() -> None:
    headers = {"cookie": "podium_session=1", "x-csrftoken": "t", "x-podium-token": "k", "x-mine": "1", "accept": "*/*",
               "referer": "http://podium/", "host": "podium"}  # fmt: skip

    found = sent(headers, HERE, "route=7", b"ab")

    assert found == (
        ("Host", "web.example.com"),
        ("X-Mine", "1"),
        ("Accept", "*/*"),
        ("Cookie", "route=7"),
        ("Content-Length", "2"),
    )


def test_no_answer_is_a_page_that_says_why() -> None:
    refused, late = (answer(Outcome(ok=False, reason=why), HERE, "/x") for why in ("connection refused", "timeout"))

    assert (refused[0], late[0]) == (502, 504)
    assert b"did not answer: connection refused" in refused[1]
    assert dict(late[2])["X-Podium-Reason"] == "timeout"


@pytest.mark.parametrize(
    ("site", "dest", "is_part"),
    [("same-origin", "script", True), ("same-origin", "iframe", False), ("cross-site", "image", False)],
)
def test_podiums_own_pages_load_no_part_from_a_pod(site: str, dest: str, is_part: bool) -> None:
    assert is_part_of_podium({"sec-fetch-site": site, "sec-fetch-dest": dest}) is is_part
    assert not is_part_of_podium({})


def test_a_jar_keeps_sends_and_forgets_cookies() -> None:
    first = jar.after(
        {},
        (("Set-Cookie", "a=1; Path=/x; HttpOnly"), ("Set-Cookie", "b=2; Secure"), ("Set-Cookie", "c=3; Max-Age=10")),
        100,
    )

    assert first is not None
    assert jar.sent(first, "/x/y", 105, is_tls=False) == "a=1; c=3"
    assert jar.sent(first, "/z", 105, is_tls=True) == "b=2; c=3"
    assert jar.sent(first, "/xy", 111, is_tls=False) == ""
    assert jar.after(first, (("Content-Type", "x"),), 100) is None
    gone = jar.after(first, (("Set-Cookie", "a=; Max-Age=0"),), 100)
    assert gone is not None
    assert sorted(gone) == ["b", "c"]


def test_suggestions_are_hosts_load_balancers_and_node_ports() -> None:
    web = ingress("web", "web", path="/api(/|$)(.*)")
    web["metadata"]["namespace"] = "default"
    ports = [{"port": 80, "nodePort": 30080}]
    balanced = {"loadBalancer": {"ingress": [{"ip": "192.168.64.2"}]}}
    service = thing("v1", "Service", "lb", "default", spec={"type": "LoadBalancer", "ports": ports}, status=balanced)
    nodes = [thing("v1", "Node", name) for name in ("control-plane", "worker-1")]

    found = suggestions(Around(ingresses=[web], services=[service], nodes=nodes))

    assert [one.address for one in found] == [
        "http://web.example.com/",
        "http://192.168.64.2/",
        "http://worker-1:30080/",
    ]
