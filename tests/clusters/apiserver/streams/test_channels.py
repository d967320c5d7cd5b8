"""The Status at a session's end, and which protocol is spoken."""

from __future__ import annotations

from clusters.apiserver.streams.channels import protocol_of, status_of
from clusters.apiserver.streams.proxy import parts_of


def test_a_code_becomes_a_status() -> None:
    assert status_of({"code": 0}) == {"metadata": {}, "status": "Success"}
    status = status_of({"code": 3})
    assert status["reason"] == "NonZeroExitCode"
    assert status["details"]["causes"] == [{"reason": "ExitCode", "message": "3"}]


def test_what_could_not_be_started_is_an_internal_error() -> None:
    status = status_of({"error": "no such thing"})

    assert (status["reason"], status["message"]) == ("InternalError", "Internal error occurred: no such thing")


def test_the_newest_protocol_is_spoken() -> None:
    assert protocol_of(["v4.channel.k8s.io", "v5.channel.k8s.io"]) == "v5.channel.k8s.io"
    assert protocol_of(["v4.channel.k8s.io"]) == "v4.channel.k8s.io"
    assert protocol_of(["channel.k8s.io"]) is None


def test_a_proxied_name_says_scheme_and_port() -> None:
    assert parts_of("web") == ("http", "web", "")
    assert parts_of("web:80") == ("http", "web", "80")
    assert parts_of("https:web:443") == ("https", "web", "443")
