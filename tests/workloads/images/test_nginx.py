"""nginx does what its configuration says, or says why it cannot."""

import pytest

from tests.workloads.runtime.lab import Lab
from workloads.runtime import container

SITE = """
server {
    listen 8080 default_server;
    listen [::]:8080;
    root /data;
    location = /healthz { return 200 "ok from $hostname\\n"; }
    location /old { return 301 /new; }
    location /gone { return 410; }
    location /api/ { proxy_pass http://backend:80/; }
    location ~ \\.txt$ { root /texts; }
    location /app { try_files $uri $uri/ /app/index.html; }
    location /deny { try_files $uri =403; }
}
server { listen 8081; server_name other; return 200 other; }
server { listen 8081; server_name third.example.com; return 200 third; }
"""
MOUNTS = {
    "/etc/nginx/conf.d": {"site.conf": SITE},
    "/data": {"index.html": "home", "page.html": "page", "app/index.html": "app"},
    "/texts": {"a.txt": "text"},
}


@pytest.fixture
def site() -> Lab:
    return Lab(image="nginx", mounts=MOUNTS).for_(1)


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        ("/", 200, "home"),
        ("/page.html", 200, "page"),
        ("/healthz", 200, "ok from web-0\n"),
        ("/old/x", 301, ""),
        ("/gone", 410, None),
        ("/api/x", 502, None),
        ("/a.txt", 200, "text"),
        ("/b.txt", 404, None),
        ("/app/route", 200, "app"),
        ("/deny/x", 403, None),
        ("/nope", 404, None),
    ],
)
def test_a_path_is_answered_by_its_location(site: Lab, path: str, status: int, body: str | None) -> None:
    answer = site.get(path, 8080)

    assert answer.status == status
    assert body is None or answer.body.decode() == body


def test_the_host_chooses_the_server(site: Lab) -> None:
    assert site.get("/", 8081, host="third.example.com:8081").body == b"third"
    assert site.get("/", 8081, host="nobody").body == b"other"


def test_the_ports_are_those_of_the_configuration(site: Lab) -> None:
    assert container.listening(site.run) == [8080, 8081]
    assert site.get("/", 80).reason == "connection refused"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("server { listen 80", 'unexpected end of file, expecting ";" or "}" in /etc/nginx/conf.d/site.conf:1'),
        ("server {\n listen 80;\n", 'unexpected end of file, expecting "}" in /etc/nginx/conf.d/site.conf:3'),
        ("}\n", 'unexpected "}" in /etc/nginx/conf.d/site.conf:1'),
        (
            "server { location ~ ( { return 1; } }",
            'pcre2_compile() failed: missing ), unterminated subpattern in "("',
        ),
        ("include conf.d/*.conf;", "too many levels of include"),
        ("server { return; }", 'invalid number of arguments in "return" directive'),
        ("server { listen eighty; }", 'host not found in "eighty" of the "listen" directive'),
    ],
)
def test_a_broken_configuration_ends_it(text: str, message: str) -> None:
    lab = Lab(image="nginx", mounts={"/etc/nginx/conf.d": {"site.conf": text}}).for_(1)

    assert lab.code == 1
    assert lab.err == f"nginx: [emerg] {message}\n"


def test_without_daemon_off_the_container_is_over_at_once() -> None:
    assert Lab("nginx", image="nginx").for_(1).code == 0
    assert Lab("nginx", "-g", "daemon off;", image="nginx").for_(1).is_running


def test_it_can_check_its_configuration() -> None:
    lab = Lab(image="nginx:1.27.5").for_(1)

    version, check = lab.finished(lab.exec("nginx", "-v")), lab.finished(lab.exec("nginx", "-t"))

    assert version is not None
    assert check is not None
    assert version.output == "nginx version: nginx/1.27.5\n"
    assert check.output.endswith("nginx: configuration file /etc/nginx/nginx.conf test is successful\n")


def test_it_can_be_told_to_quit_as_in_the_documentations_pre_stop_hook() -> None:
    lab = Lab(image="nginx").for_(1)
    pid = lab.exec("/bin/sh", "-c", "nginx -s reload; sleep 1; nginx -s quit; sleep 1")
    during = lab.for_(0.5).is_running
    lab.for_(1)

    assert during
    assert lab.finished(pid) is not None
    assert lab.code == 0


def test_another_file_can_be_named() -> None:
    own = "events {} http { server { listen 9000; return 200 mine; } }"
    lab = Lab("nginx", "-c", "/own.conf", "-g", "daemon off;", image="nginx", mounts={"/own.conf": {"": own}}).for_(1)

    assert lab.get("/", 9000).body == b"mine"
