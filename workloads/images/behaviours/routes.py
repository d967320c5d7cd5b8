"""Servers with a few fixed answers: samples that say hello, and the front doors of larger programs."""

from collections.abc import Callable, Mapping

from clusters.kernel import Outcome, Request
from clusters.reconcile.clock import SECOND
from workloads.images.behaviours.behaviour import Behaviour, Server, flag, number
from workloads.images.behaviours.http import head, http, moved, other_protocol, path_of

Route = tuple[int, str, str]  # status, text, Content-Type; "*" is every other path
HTML, PLAIN, JSON = "text/html; charset=utf-8", "text/plain; charset=utf-8", "application/json"
NOT_FOUND: Route = (404, "404 page not found\n", PLAIN)
NO_MANAGER = (
    '<!doctype html><html lang="en"><head><title>HTTP Status 404 – Not Found</title></head><body>'
    '<h1>HTTP Status 404 – Not Found</h1><hr class="line" /><h3>Apache Tomcat/{version}</h3></body></html>'
)


def _page(title: str, text: str) -> Route:
    head = f"<!DOCTYPE html>\n<html>\n<head><title>{title}</title></head>\n"
    return 200, f"{head}<body>\n<h1>{title}</h1>\n<p>{text}</p>\n</body>\n</html>\n", HTML


def _metrics(name: str) -> Route:
    return 200, f"# TYPE {name}_build_info gauge\n{name}_build_info{{version=\"{{version}}\"}} 1\n" \
                f"# TYPE process_start_time_seconds gauge\nprocess_start_time_seconds {{began}}\n", PLAIN  # fmt: skip


def behaviour(
    name: str, routes: Mapping[str, Route], ports: Callable[[Server], tuple[int, ...]] | None = None
) -> Behaviour:
    def answer(server: Server, request: Request) -> Outcome:
        path = path_of(request)
        status, text, kind = routes.get(path) or routes.get("*") or NOT_FOUND
        if status in (301, 302):
            return other_protocol(request) or moved(text, status)
        facts = {
            "{hostname}": server.hostname,
            "{version}": server.image.version,
            "{began}": str(server.began // SECOND),
        }
        for key, value in facts.items():
            text = text.replace(key, value)
        return other_protocol(request) or head(request, http(status, text, kind))

    return Behaviour(name, answer, ports)


def listen(default: int, *flags: str) -> Callable[[Server], tuple[int, ...]]:
    """The port of the first of these flags that is given, as `:9090`, `0.0.0.0:9090` or `9090`."""

    def ports(server: Server) -> tuple[int, ...]:
        for name in flags:
            if value := flag(server.argv, name, ""):
                return (number(value.rpartition(":")[2], default),)
        return (default,)

    return ports


BOOTCAMP = behaviour(
    "kubernetes-bootcamp",
    {"*": (200, "Hello Kubernetes bootcamp! | Running on: {hostname} | v={version}\n", "text/plain")},
)
NODE_HELLO = behaviour("node-hello", {"*": (200, "Hello Kubernetes!", "text/plain")})
PROMETHEUS = behaviour(
    "prometheus",
    {"/": (302, "/graph", ""), "/-/healthy": (200, "Prometheus Server is Healthy.\n", PLAIN),
     "/-/ready": (200, "Prometheus Server is Ready.\n", PLAIN), "/metrics": _metrics("prometheus"),
     "/graph": _page("Prometheus", "The expression browser of a simulated Prometheus: it scrapes nothing."),
     "/api/v1/query": (200, '{"status":"success","data":{"resultType":"vector","result":[]}}', JSON)},
    listen(9090, "web.listen-address"),
)  # fmt: skip
GRAFANA = behaviour(
    "grafana",
    {"/": (302, "/login", ""), "/login": _page("Grafana", "Welcome to Grafana. Please log in."),
     "/api/health": (200, '{\n  "database": "ok",\n  "version": "{version}"\n}', JSON), "/metrics": _metrics("grafana"),
     "*": (404, '{"message":"Not found"}', JSON)},
)  # fmt: skip
JENKINS = behaviour(
    "jenkins",
    {"/login": _page("Sign in [Jenkins]",
                     "Welcome to Jenkins! Unlock it with /var/jenkins_home/secrets/initialAdminPassword."),
     "*": (403, "<html><head><title>Authentication required</title></head>"
                "<body>Authentication required</body></html>\n", HTML)},
)  # fmt: skip
TOMCAT = behaviour("tomcat", {"*": (404, NO_MANAGER, "text/html;charset=utf-8")})
NODE_EXPORTER = behaviour(
    "node-exporter",
    {"/": _page("Node Exporter", '<a href="/metrics">Metrics</a>'), "/metrics": _metrics("node_exporter")},
    listen(9100, "web.listen-address"),
)
METRICS_SERVER = behaviour(
    "metrics-server",
    {"/livez": (200, "ok", PLAIN), "/readyz": (200, "ok", PLAIN), "/healthz": (200, "ok", PLAIN),
     "*": (403, '{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Forbidden","code":403}', JSON)},
    listen(10250, "secure-port"),
)  # fmt: skip
DASHBOARD = behaviour("dashboard", {"*": _page("Kubernetes Dashboard", "Podium shows your cluster on its own page.")},
                      listen(8443, "port", "insecure-port"))  # fmt: skip
RABBIT_MANAGEMENT = behaviour("rabbitmq-management", {"/": _page("RabbitMQ Management", "Please log in."),
                                                      "*": (401, '{"error":"not_authorized"}', JSON)})  # fmt: skip
ELASTIC = behaviour(
    "elasticsearch",
    {"/": (200, '{\n  "name" : "{hostname}",\n  "cluster_name" : "docker-cluster",\n'
                '  "version" : { "number" : "{version}" },\n  "tagline" : "You Know, for Search"\n}\n', JSON),
     "/_cluster/health": (200, '{"cluster_name":"docker-cluster","status":"green","number_of_nodes":1}', JSON)},
)  # fmt: skip
ROUTES = (BOOTCAMP, NODE_HELLO, PROMETHEUS, GRAFANA, JENKINS, TOMCAT, NODE_EXPORTER, METRICS_SERVER, DASHBOARD,
          RABBIT_MANAGEMENT, ELASTIC)  # fmt: skip
