"""A browser that asked in the wrong tongue asks again: an address here does not say http or https."""

from __future__ import annotations

from dataclasses import replace

from clusters.kernel import Outcome, Request
from playground.visit.front import in_the_other_tongue

PLAIN = Request("http", 32188, host="192.168.49.3")
SECURE = replace(PLAIN, tls=True)
TOLD = b"<center>The plain HTTP request was sent to HTTPS port</center>"


def test_http_at_a_port_for_tls_is_asked_again_by_https() -> None:
    assert in_the_other_tongue(PLAIN, Outcome(ok=True, status=400, body=TOLD)) == SECURE


def test_https_where_nobody_speaks_it_is_asked_again_by_http() -> None:
    assert in_the_other_tongue(SECURE, Outcome(ok=False, reason="wrong version number")) == PLAIN


def test_any_other_answer_stands() -> None:
    assert in_the_other_tongue(PLAIN, Outcome(ok=True, status=400, body=b"bad")) is None
    assert in_the_other_tongue(PLAIN, Outcome(ok=False, reason="timeout")) is None
    assert in_the_other_tongue(SECURE, Outcome(ok=True, status=400, body=TOLD)) is None
