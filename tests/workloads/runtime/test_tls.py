"""TLS in a container: who speaks it, what certificate is shown, and whether curl trusts it."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.kernel import Outcome, Request
from tests.workloads.runtime.lab import Lab
from tests.workloads.runtime.secured import certificate
from tests.workloads.runtime.wire import Bench

PEM, KEY = certificate("my-nginx")
SITE = """
server {
    listen 80 default_server;
    listen 443 ssl;
    root /usr/share/nginx/html;
    ssl_certificate /etc/nginx/ssl/tls.crt;
    ssl_certificate_key /etc/nginx/ssl/tls.key;
    location / { try_files $uri $uri/ =404; }
}
"""
MOUNTS = {"/etc/nginx/conf.d": {"default.conf": SITE}, "/etc/nginx/ssl": {"tls.crt": PEM, "tls.key": KEY}}


def nginx(**mounts: dict[str, str]) -> Lab:
    return Lab(image="nginx:1.27", mounts={**MOUNTS, **mounts}).for_(2)


def shown(pem: str = PEM) -> dict[tuple[str, int], Any]:
    return {("10.96.0.5", 443): Outcome(ok=True, status=200, body=b"hi\n", takes=900, certificate=pem)}


def asked(script: str, answers: dict[tuple[str, int], Any] | None = None, pem: str = PEM) -> Lab:
    wire = Bench({"my-nginx": "10.96.0.5", "other": "10.96.0.5"}, answers or shown())
    mounts = {"/certs": {"tls.crt": pem}}
    return Lab("sh", "-c", script, image="nicolaka/netshoot", wire=wire, mounts=mounts).for_(30)


def test_nginx_shows_the_certificate_of_its_configuration_and_none_elsewhere() -> None:
    lab = nginx()

    secure, plain = lab.get("/", 443, tls=True), lab.get("/", 80)

    assert (secure.status, secure.certificate) == (200, PEM)
    assert (plain.status, plain.certificate) == (200, "")
    assert lab.get("/", 80, tls=True).reason == "wrong version number"


def test_plain_http_on_a_port_for_tls_is_400() -> None:
    found = nginx().get("/", 443)

    assert found.status == 400
    assert b"<center>The plain HTTP request was sent to HTTPS port</center>" in found.body


def test_nginx_does_not_start_without_its_certificate() -> None:
    lab = Lab(image="nginx:1.27", mounts={"/etc/nginx/conf.d": {"default.conf": SITE}}).for_(2)

    assert lab.code == 1
    assert 'nginx: [emerg] cannot load certificate "/etc/nginx/ssl/tls.crt"' in lab.err


def test_a_server_of_an_image_that_nobody_knows_speaks_whatever_it_is_asked_in() -> None:
    lab = Lab(image="example.com/some/server:1", spec={"ports": [{"containerPort": 9000}]}).for_(2)

    assert lab.get("/", 9000, tls=True).ok
    assert lab.get("/", 9000).ok


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ("--cacert /certs/tls.crt https://my-nginx", 0, ""),
        ("-k https://my-nginx", 0, ""),
        ("https://my-nginx", 60, "curl: (60) SSL certificate problem: self-signed certificate\n"),
        ("--cacert /certs/tls.crt https://other", 60, "certificate subject name matches target host name 'other'\n"),
        ("--cacert /certs/none https://my-nginx", 60, "curl: (60) SSL certificate problem: self-signed certificate\n"),
    ],
)
def test_curl_trusts_whom_it_knows(words: str, code: int, says: str) -> None:
    lab = asked(f"curl -sS {words}")

    assert (lab.code, lab.out) == (code, "" if code else "hi\n")
    assert says in lab.err


def test_curl_shows_the_certificate_when_it_is_asked_to() -> None:
    lab = asked("curl -skv https://my-nginx")

    assert "*  subject: CN=my-nginx; O=shop\n*  start date: Jan  1 00:00:00 2026 GMT\n" in lab.err
    assert "verify result: self-signed certificate (18), continuing anyway." in lab.err
    assert "verify ok" in asked("curl -sv --cacert /certs/tls.crt https://my-nginx").err


def test_curl_says_that_the_other_side_speaks_no_tls() -> None:
    plain = {("10.96.0.5", 8080): Outcome(ok=False, reason="wrong version number", takes=500)}

    lab = asked("curl -sv https://my-nginx:8080", plain)

    assert lab.code == 35
    assert "* Connected to my-nginx (10.96.0.5) port 8080\n" in lab.err
    assert "* OpenSSL/3.0.13: error:0A00010B:SSL routines::wrong version number\n" in lab.err


def test_a_cookie_jar_keeps_what_came_and_sends_it_to_its_host_alone() -> None:
    sent: list[str] = []

    def web(_: str, request: Request) -> Outcome:
        sent.append(dict(request.headers).get("Cookie", ""))
        given = (("Set-Cookie", "route=abc; Path=/; HttpOnly"), ("Set-Cookie", "deep=1; Path=/deep"))
        return Outcome(ok=True, status=200, headers=given, takes=900)

    answers = {("10.96.0.5", 80): web}
    ask = "curl -s -c /tmp/jar -b /tmp/jar"

    lab = asked(f"{ask} my-nginx; {ask} my-nginx; {ask} other; {ask} my-nginx/deep; curl -b a=b my-nginx; cat /tmp/jar",
                answers)  # fmt: skip

    assert sent == ["", "route=abc", "", "route=abc; deep=1", "a=b"]
    assert "#HttpOnly_my-nginx\tFALSE\t/\tFALSE\t0\troute\tabc\n" in lab.out
