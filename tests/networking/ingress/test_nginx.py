"""ingress-nginx in a cluster: requests from outside through its pod."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from typing import Any

import pytest

from clusters.kernel import Outcome
from clusters.kinds.body import Body, put
from networking.ingress.access import apr1
from tests.sim import Sim, deployment, pod
from tests.workloads.runtime.secured import certificate
from workloads.runtime.certificates import read

NGINX = "nginx.ingress.kubernetes.io/"


def echo(name: str, count: int = 1) -> Body:
    return deployment(name, count, image="hashicorp/http-echo:1.0", args=[f"-text={name}"])


def service(name: str, port: int = 80, target: int = 5678) -> Body:
    spec = {"selector": {"app": name}, "ports": [{"port": port, "targetPort": target}]}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec}


def ingress(name: str, to: str, host: str = "web.example.com", path: str = "/", **more: Any) -> Body:
    backend = {"service": {"name": to, "port": {"number": 80}}}
    lines = [{"path": path, "pathType": more.pop("type", "Prefix"), "backend": backend}]
    spec = {"rules": [{"host": host, "http": {"paths": lines}}], **more.pop("spec", {})}
    given = {NGINX + key.replace("_", "-"): value for key, value in more.items()}
    metadata = {"name": name, "annotations": given} if given else {"name": name}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": metadata, "spec": spec}


@pytest.fixture
def sim() -> Sim:
    return Sim(addons=True).apply(echo("web", 2), service("web"), echo("other"), service("other")).settle().run(10)


def ask(sim: Sim, path: str = "/", host: str = "web.example.com", port: int = 80, **request: Any) -> Outcome:
    return sim.send(None, host, port, path, **request)


def header(outcome: Outcome, name: str) -> str:
    return next((value for key, value in outcome.headers if key.lower() == name.lower()), "")


def test_a_new_cluster_has_a_default_class_and_a_controller_that_gives_addresses(sim: Sim) -> None:
    sim.apply(ingress("web", "web")).settle()

    found = sim.get("ingresses", "web")
    assert found["spec"]["ingressClassName"] == "nginx"
    assert found["status"]["loadBalancer"]["ingress"] == [{"ip": "192.168.64.1"}]
    synced = sim.events("Sync", "web")
    assert [(one["message"], one["source"]["component"]) for one in synced] == [
        ("Scheduled for sync", "nginx-ingress-controller")
    ]


def test_a_request_goes_through_the_controllers_pod_to_a_pod_of_the_service(sim: Sim) -> None:
    sim.apply(ingress("web", "web")).settle()

    found = ask(sim)

    assert (found.status, found.body) == (200, b"web\n")
    assert [hop.what for hop in found.hops] == ["client", "dns", "load balancer", "service", "pod", "ingress", "pod"]
    controller = sim.list("pods", "ingress-nginx")[0]
    assert '"GET / HTTP/1.1" 200 4' in sim.logs(controller)
    assert "[default-web-80]" in sim.logs(controller)


def test_without_a_running_controller_an_ingress_has_no_address(sim: Sim) -> None:
    sim.patch("deployments", "ingress-nginx-controller", "spec.replicas", 0, "ingress-nginx").settle()

    sim.apply(ingress("web", "web")).settle()

    assert sim.get("ingresses", "web")["status"] == {"loadBalancer": {}}
    found = ask(sim)
    assert found.reason == "bad address"
    assert "no running controller" in found.hops[-1].detail


def test_a_controller_that_ends_takes_its_address_away_and_one_that_crashes_does_not(sim: Sim) -> None:
    sim.apply(ingress("web", "web")).settle()
    crashed = Sim(addons=True).apply(ingress("web", "web")).settle().run(5)
    node = crashed.list("pods", "ingress-nginx")[0]["spec"]["nodeName"]

    sim.patch("deployments", "ingress-nginx-controller", "spec.replicas", 0, "ingress-nginx").settle().run(5)
    crashed.crash(node).run(5)

    assert sim.get("ingresses", "web")["status"]["loadBalancer"] == {}
    assert crashed.get("ingresses", "web")["status"]["loadBalancer"] != {}


def test_an_ingress_of_another_class_is_not_its_business(sim: Sim) -> None:
    other = ingress("web", "web", spec={"ingressClassName": "other"})

    sim.apply(other).settle()

    assert sim.get("ingresses", "web")["status"] == {"loadBalancer": {}}
    assert ask(sim, host="192.168.64.1", headers=(("Host", "web.example.com"),)).status == 404


def test_an_unknown_host_gets_the_default_backends_404(sim: Sim) -> None:
    sim.apply(ingress("web", "web")).settle()

    found = ask(sim, host="192.168.64.1")

    assert found.status == 404
    assert b"404 Not Found" in found.body


def test_a_default_backend_takes_what_no_rule_wants(sim: Sim) -> None:
    backend = {"service": {"name": "other", "port": {"number": 80}}}
    sim.apply(ingress("web", "web", path="/web", spec={"defaultBackend": backend})).settle()

    assert ask(sim, "/web").body == b"web\n"
    assert ask(sim, "/else").body == b"other\n"


@pytest.mark.parametrize("missing", ["nobody", "empty"])
def test_a_service_without_endpoints_or_none_at_all_is_503(sim: Sim, missing: str) -> None:
    sim.apply(service("empty"), ingress("web", missing)).settle()

    assert ask(sim).status == 503


def test_a_port_on_which_no_pod_listens_is_502(sim: Sim) -> None:
    sim.apply(service("wrong", target=81), ingress("web", "wrong")).apply(
        put(service("wrong", target=81), "spec.selector", {"app": "web"})
    ).settle()

    assert ask(sim).status == 502


def test_rewrite_target_has_what_the_groups_caught(sim: Sim) -> None:
    echoing = deployment("echo", 1, image="ealen/echo-server")
    rule = ingress(
        "web", "echo", path="/api(/|$)(.*)", type="ImplementationSpecific", rewrite_target="/$2", use_regex="true"
    )
    sim.apply(echoing, service("echo", target=80), rule).settle().run(3)

    assert b'"originalUrl": "/v1/users?x=1"' in ask(sim, "/api/v1/users?x=1").body
    assert b'"originalUrl": "/"' in ask(sim, "/API").body
    assert ask(sim, "/else").status == 404


@pytest.mark.parametrize(
    ("given", "path", "status", "to"),
    [
        ({"permanent_redirect": "https://new.example.com"}, "/x", 301, "https://new.example.com"),
        ({"permanent_redirect": "/new", "permanent_redirect_code": "308"}, "/x", 308, "/new"),
        ({"temporal_redirect": "https://new.example.com"}, "/x", 302, "https://new.example.com"),
        ({"app_root": "/app"}, "/", 302, "http://web.example.com/app"),
        ({"force_ssl_redirect": "true"}, "/x?y=1", 308, "https://web.example.com/x?y=1"),
    ],
)
def test_redirects(sim: Sim, given: dict[str, str], path: str, status: int, to: str) -> None:
    sim.apply(ingress("web", "web", **given)).settle()

    found = ask(sim, path)

    assert (found.status, header(found, "Location")) == (status, to)


def test_with_tls_http_is_sent_on_to_https_unless_it_is_switched_off(sim: Sim) -> None:
    tls = {"tls": [{"hosts": ["web.example.com"], "secretName": "missing"}]}
    sim.apply(ingress("web", "web", spec=tls)).settle()
    first, secure = ask(sim), ask(sim, port=443)

    sim.patch("ingresses", "web", "metadata.annotations", {f"{NGINX}ssl-redirect": "false"}).settle()

    assert (first.status, header(first, "Location")) == (308, "https://web.example.com/")
    assert secure.status == 200
    assert any(hop.what == "tls" and 'Secret "default/missing" does not exist' in hop.detail for hop in secure.hops)
    assert "max-age" in header(secure, "Strict-Transport-Security")
    assert ask(sim).status == 200


def test_the_certificate_is_the_secrets_for_its_names_and_the_controllers_own_for_others(sim: Sim) -> None:
    pem, key = certificate("web.example.com")
    data = {"tls.crt": b64encode(pem.encode()).decode(), "tls.key": b64encode(key.encode()).decode()}
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "web-tls"}, "type": "kubernetes.io/tls"}
    tls = {"tls": [{"hosts": ["web.example.com"], "secretName": "web-tls"}]}

    sim.apply({**secret, "data": data}, ingress("web", "web", spec=tls)).settle()

    assert ask(sim, port=443, tls=True).certificate == pem
    assert "Fake Certificate" in read(ask(sim, host="192.168.64.1", port=443, tls=True).certificate).subject  # type: ignore[union-attr]
    assert ask(sim, tls=True).reason == "wrong version number"


@pytest.mark.parametrize(("protocol", "port", "status"), [("HTTPS", 443, 200), ("HTTP", 443, 400), ("HTTPS", 80, 502)])
def test_the_backends_protocol_is_what_the_annotation_says(sim: Sim, protocol: str, port: int, status: int) -> None:
    pem, key = certificate("inner")
    site = ("server { listen 80; listen 443 ssl; root /usr/share/nginx/html; "
            "ssl_certificate /etc/nginx/conf.d/tls.crt; ssl_certificate_key /etc/nginx/conf.d/tls.key; }")  # fmt: skip
    data = {"default.conf": site, "tls.crt": pem, "tls.key": key}
    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "inner"}, "data": data}
    inner = pod("inner", "nginx:1.27", volumeMounts=[{"name": "conf", "mountPath": "/etc/nginx/conf.d"}])
    inner = put(inner, "spec.volumes", [{"name": "conf", "configMap": {"name": "inner"}}])
    inner = put(inner, "metadata.labels", {"app": "inner"})

    sim.apply(config, inner, service("inner", target=port), ingress("in", "inner", backend_protocol=protocol)).settle()

    assert ask(sim.run(5)).status == status


def test_a_canary_takes_its_share_and_whoever_names_it(sim: Sim) -> None:
    canary = ingress(
        "canary", "other", canary="true", canary_weight="30", canary_by_header="X-Canary", canary_by_cookie="canary"
    )
    sim.apply(ingress("web", "web"), canary).settle()

    shares = Counter(ask(sim).body for _ in range(200))

    assert 30 <= shares[b"other\n"] <= 95
    assert {ask(sim, headers=(("X-Canary", "always"),)).body for _ in range(10)} == {b"other\n"}
    assert {ask(sim, headers=(("X-Canary", "never"),)).body for _ in range(10)} == {b"web\n"}
    assert {ask(sim, headers=(("Cookie", "canary=always"),)).body for _ in range(10)} == {b"other\n"}


def test_a_canary_without_its_main_ingress_gets_nothing(sim: Sim) -> None:
    sim.apply(ingress("canary", "other", canary="true", canary_weight="100")).settle()

    assert ask(sim).status == 404


def test_a_cookie_leads_to_the_same_pod_again(sim: Sim) -> None:
    sim.apply(ingress("web", "web", affinity="cookie", session_cookie_name="route")).settle()
    first = ask(sim)
    cookie = header(first, "Set-Cookie").partition(";")[0]

    again = [ask(sim, headers=(("Cookie", cookie),)) for _ in range(10)]

    assert cookie.startswith("route=")
    assert {found.hops[-1].name for found in again} == {first.hops[-1].name}
    assert all(not header(found, "Set-Cookie") for found in again)
    assert len({ask(sim).hops[-1].name for _ in range(30)}) == 2


def test_a_large_body_is_413_above_one_mebibyte_or_what_the_annotation_says(sim: Sim) -> None:
    sim.apply(ingress("web", "web")).settle()
    large = ask(sim, method="POST", body=b"x" * (1 << 20 | 1)).status

    sim.patch("ingresses", "web", "metadata.annotations", {f"{NGINX}proxy-body-size": "8m"}).settle()

    assert large == 413
    assert ask(sim, method="POST", body=b"x" * (1 << 20 | 1)).status == 200


def test_only_addresses_in_the_list_may_ask(sim: Sim) -> None:
    sim.apply(ingress("web", "web", whitelist_source_range="10.0.0.0/8")).settle()

    assert ask(sim).status == 403


def test_cors_answers_the_preflight_itself(sim: Sim) -> None:
    sim.apply(ingress("web", "web", enable_cors="true", cors_allow_origin="https://a.example.com")).settle()

    asked, found = ask(sim, method="OPTIONS"), ask(sim, headers=(("Origin", "https://a.example.com"),))

    assert asked.status == 204
    assert header(found, "Access-Control-Allow-Origin") == "https://a.example.com"


def test_more_requests_a_second_than_allowed_are_503(sim: Sim) -> None:
    sim.apply(ingress("web", "web", limit_rps="1")).settle()

    told = [ask(sim).status for _ in range(60)]
    sim.run(20)

    assert told[0] == 200
    assert 503 in told
    assert ask(sim).status == 200


def test_basic_auth_lets_in_who_knows_the_password(sim: Sim) -> None:
    held = f"alice:{apr1('secret', 'abcdefgh')}\nbob:{{SHA}}W6ph5Mm5Pz8GgiULbPgzG37mj9g=\n"
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "users"},
        "data": {"auth": b64encode(held.encode()).decode()},
    }
    sim.apply(secret, ingress("web", "web", auth_type="basic", auth_secret="users", auth_realm="Staff only")).settle()

    def login(words: str) -> int:
        return ask(sim, headers=(("Authorization", "Basic " + b64encode(words.encode()).decode()),)).status

    refused = ask(sim)
    assert (refused.status, header(refused, "WWW-Authenticate")) == (401, 'Basic realm="Staff only"')
    assert [login(words) for words in ("alice:secret", "bob:password", "alice:wrong", "eve:secret")] == [
        200,
        200,
        401,
        401,
    ]


def test_the_pod_learns_who_asked_and_for_what(sim: Sim) -> None:
    sim.apply(
        deployment("echo", 1, image="ealen/echo-server"), service("echo", target=80), ingress("web", "echo")
    ).settle().run(3)

    found = ask(sim).body

    for name in (b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-request-id", b"x-real-ip"):
        assert name in found.lower()


def test_apr1_is_what_htpasswd_writes() -> None:
    assert apr1("myPassword", "r31.....") == "$apr1$r31.....$HqJZimcKQFAMYayBlzkrA/"
