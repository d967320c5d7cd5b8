"""What the images' servers answer: pairs of request and answer."""

import pytest

from clusters.kernel import Request
from tests.workloads.runtime.lab import Lab
from workloads.runtime import container

AGNHOST = "registry.k8s.io/e2e-test-images/agnhost:2.40"


@pytest.mark.parametrize(
    ("image", "args", "port", "path", "status", "says"),
    [
        ("nginx:1.27", [], 80, "/", 200, "<h1>Welcome to nginx!</h1>"),
        ("nginx:1.14.2", [], 80, "/nope", 404, "<center>nginx/1.14.2</center>"),
        ("nginxinc/nginx-unprivileged", [], 8080, "/", 200, "port 8080"),
        ("httpd:2.4", [], 80, "/", 200, "It works!"),
        ("httpd:alpine", [], 80, "/nope", 404, "Not Found"),
        ("gcr.io/google-samples/hello-app:1.0", [], 8080, "/", 200, "Version: 1.0.0\nHostname: web-0"),
        ("gcr.io/google-samples/hello-app:2.0", [], 8080, "/", 200, "Version: 2.0.0"),
        ("hashicorp/http-echo", ["-text=hi there"], 5678, "/", 200, "hi there\n"),
        ("hashicorp/http-echo", ["-listen=:8080", "-text", "x"], 8080, "/any", 200, "x\n"),
        ("registry.k8s.io/echoserver:1.4", [], 8080, "/path", 200, "real path=/path"),
        ("registry.k8s.io/echoserver:1.10", [], 8080, "/path", 200, "client_address="),
        ("registry.k8s.io/kube-apiserver:v1.34.0", [], 6443, "/livez", 200, "ok"),
        ("registry.k8s.io/etcd:3.6.4-0", [], 2379, "/health", 200, '"health":"true"'),
        (AGNHOST, ["netexec", "--http-port=8081"], 8081, "/hostname", 200, "web-0"),
        (AGNHOST, ["netexec"], 8080, "/echo?msg=hi&code=503", 503, "hi"),
        (AGNHOST, ["netexec"], 8080, "/nope", 404, "not found"),
        (AGNHOST, ["serve-hostname"], 9376, "/", 200, "web-0"),
        ("registry.k8s.io/serve_hostname", [], 9376, "/", 200, "web-0"),
        (AGNHOST, ["test-webserver"], 80, "/", 200, ""),
        (AGNHOST, ["liveness"], 8080, "/healthz", 200, "ok"),
        ("podium.dev/instant", [], 80, "/", 200, "podium.dev/instant"),
    ],
)  # fmt: skip
def test_a_server_answers_as_its_image_does(
    image: str, args: list[str], port: int, path: str, status: int, says: str
) -> None:
    lab = Lab(image=image, args=args).for_(2)

    answer = lab.get(path, port)

    assert (answer.ok, answer.status) == (True, status)
    assert says in answer.body.decode()
    assert dict(answer.headers)["Content-Length"] == str(len(answer.body))


def test_head_gets_no_body() -> None:
    answer = Lab(image="nginx").for_(1).get(method="HEAD")

    assert (answer.status, answer.body) == (200, b"")


def test_liveness_fails_after_ten_seconds_as_in_the_documentation() -> None:
    lab = Lab(image=AGNHOST, args=["liveness"])

    seen = [lab.for_(1).get("/healthz", 8080).status for _ in range(12)]

    assert seen == [200] * 10 + [500] * 2


@pytest.mark.parametrize(
    ("image", "args", "port", "service", "ok", "status", "body"),
    [
        ("registry.k8s.io/etcd:3.5.1-0", [], 2379, "", True, 0, b"SERVING"),
        ("registry.k8s.io/etcd:3.5.1-0", [], 2379, "nope", True, 5, b"SERVICE_UNKNOWN"),
        (AGNHOST, ["grpc-health-checking"], 5000, "", True, 0, b"SERVING"),
        ("nginx", [], 80, "", False, 0, b""),
        ("redis", [], 6379, "", False, 0, b""),
        (AGNHOST, ["netexec"], 8080, "", False, 0, b""),
    ],
)
def test_a_grpc_health_check_is_answered_by_those_who_speak_it(
    image: str, args: list[str], port: int, service: str, ok: bool, status: int, body: bytes
) -> None:
    lab = Lab(image=image, args=args).for_(2)

    answer = container.answer(lab.run, Request("grpc", port, service=service), lab.now)

    assert (answer.ok, answer.status, answer.body) == (ok, status, body)


def test_redis_accepts_connections_but_speaks_no_http() -> None:
    lab = Lab(image="redis").for_(1)

    assert container.answer(lab.run, Request("tcp", 6379), lab.now).ok
    assert not lab.get(port=6379).ok


def test_redis_listens_where_it_is_told_to() -> None:
    assert container.listening(Lab(image="redis", args=["redis-server", "--port", "7000"]).for_(1).run) == [7000]


def test_etcd_listens_on_the_ports_of_its_urls() -> None:
    urls = [
        "etcd",
        "--listen-client-urls=https://127.0.0.1:2379,https://10.0.0.1:2379",
        "--listen-metrics-urls=http://127.0.0.1:2381",
    ]

    assert container.listening(Lab(*urls, image="registry.k8s.io/etcd:3.6.4-0").for_(1).run) == [2379, 2380, 2381]


def test_a_porter_serves_what_its_environment_says() -> None:
    lab = Lab(image=AGNHOST, args=["porter"], env={"SERVE_PORT_80": "eighty", "SERVE_PORT_1080": "more"}).for_(1)

    assert container.listening(lab.run) == [80, 1080]
    assert lab.get(port=1080).body == b"more"


def test_pause_listens_to_nothing_and_stays() -> None:
    lab = Lab(image="registry.k8s.io/pause:3.10").for_(3600)

    assert lab.is_running
    assert container.listening(lab.run) == []
    assert container.due(lab.run) is None


def test_a_program_that_does_not_like_its_arguments_ends_at_once() -> None:
    echo = Lab(image="hashicorp/http-echo:0.2.3").for_(1)
    agnhost = Lab(image=AGNHOST, args=["nope"]).for_(1)

    assert (echo.code, echo.err) == (127, "Missing -text option!\n")
    assert (agnhost.code, agnhost.err.splitlines()[0]) == (1, 'Error: unknown command "nope" for "app"')


def test_servers_log_what_they_do() -> None:
    lab = Lab(image="nginx:1.27.5").for_(1).signal("QUIT")

    assert "2026/09/21 14:13:20 [notice] 1#1: nginx/1.27.5\n" in lab.out
    assert lab.out.endswith(
        "[notice] 1#1: signal 3 (SIGQUIT) received, exiting\n2026/09/21 14:13:21 [notice] 1#1: exit\n"
    )
