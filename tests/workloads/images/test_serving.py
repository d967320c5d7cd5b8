"""What a request leaves behind: memory, files, a line of the log, CPU; and servers that ask others."""

from clusters.kernel import Outcome, Request
from tests.workloads.runtime.lab import Lab
from tests.workloads.runtime.wire import Bench, Peer
from workloads.runtime import container


def tell(lab: Lab, line: str, port: int = 6379) -> bytes:
    served = container.serve(lab.run, Request("tcp", port, body=line.encode() + b"\r\n"), lab.now)
    lab.run = served.run
    return served.outcome.body


def test_redis_forgets_what_a_kill_takes_and_keeps_what_it_was_told_to_keep() -> None:
    lab = Lab(image="redis", args=["redis-server", "--appendonly", "yes"]).for_(1)
    tell(lab, "SET a 1")

    kept = container.volume(lab.run, "/data")
    again = Lab(image="redis", args=["redis-server", "--appendonly", "yes"], mounts={"/data": kept}).for_(1)

    assert tell(again, "GET a") == b"$1\r\n1\r\n"
    assert tell(Lab(image="redis").for_(1), "GET a") == b"$-1\r\n"


def test_redis_saves_when_it_is_told_to_stop() -> None:
    lab = Lab(image="redis").for_(1)
    tell(lab, "SET a 1")

    lab.signal("TERM")

    assert '"a"' in container.volume(lab.run, "/data")["dump.rdb"]


def test_redis_reads_its_configuration_as_the_tutorial_mounts_it() -> None:
    conf = {"/redis-master": {"redis.conf": "maxmemory 2mb\nmaxmemory-policy allkeys-lru\n"}}

    lab = Lab(image="redis", args=["redis-server", "/redis-master/redis.conf"], mounts=conf).for_(1)

    assert tell(lab, "CONFIG GET maxmemory") == b"*2\r\n$9\r\nmaxmemory\r\n$7\r\n2097152\r\n"


def test_a_key_is_gone_when_its_time_is_over() -> None:
    lab = Lab(image="redis").for_(1)
    tell(lab, "SET a 1 EX 5")

    assert tell(lab.for_(4), "TTL a") == b":1\r\n"
    assert tell(lab.for_(2), "GET a") == b"$-1\r\n"


def test_memcached_keeps_what_it_is_told() -> None:
    lab = Lab(image="memcached").for_(1)

    assert tell(lab, "set a 0 0 2\r\nhi", 11211) == b"STORED\r\n"
    assert tell(lab, "get a", 11211) == b"VALUE a 0 2\r\nhi\r\nEND\r\n"


def test_every_request_to_the_autoscalers_example_costs_cpu() -> None:
    lab = Lab(image="registry.k8s.io/hpa-example").for_(1)
    before = container.usage(lab.run)["cpu"]

    for _ in range(10):
        lab.run = container.serve(lab.run, Request("http", 80), lab.now).run

    assert container.usage(lab.run)["cpu"] - before >= 10 * 18_000


def test_an_access_is_a_line_of_the_log_and_a_probe_is_none() -> None:
    lab = Lab(image="nginx").for_(1)

    served = container.serve(lab.run, Request("http", 80, path="/x"), lab.now, client="10.1.2.3")

    assert served.output[-1].data == '10.1.2.3 - - [21/Sep/2026:14:13:21 +0000] "GET /x HTTP/1.1" 404 153 "-" "-" "-"\n'
    assert lab.get("/x").status == 404


def test_the_guestbook_keeps_its_entries_in_redis() -> None:
    leader = Lab(image="redis").for_(1)
    peer = Peer(leader)
    wire = Bench({}, {("redis-leader", 6379): peer, ("redis-follower", 6379): peer})
    page = Lab(image="gcr.io/google-samples/gb-frontend:v5").for_(1)

    put = Request("http", 80, "POST", "/", body=b"entry=Hello+you")
    added = container.serve(page.run, put, page.now, wire).outcome
    shown = container.serve(page.run, Request("http", 80), page.now, wire).outcome

    assert (added.status, dict(added.headers)["Location"]) == (303, "/")
    assert b"<p>Hello you</p>" in shown.body


def test_nginx_passes_requests_on() -> None:
    conf = {"/etc/nginx/conf.d": {"default.conf": "server { listen 80; location / { proxy_pass http://app:8080/; } }"}}
    lab = Lab(image="nginx", mounts=conf).for_(1)
    app = Outcome(ok=True, status=200, headers=(("Content-Length", "2"),), body=b"hi")

    there = container.serve(lab.run, Request("http", 80), lab.now, Bench({}, {("app", 8080): app})).outcome
    gone = container.serve(lab.run, Request("http", 80), lab.now, Bench({}, {})).outcome

    assert (there.status, there.body, gone.status) == (200, b"hi", 502)


def test_wordpress_says_that_its_database_does_not_let_it_in() -> None:
    mysql = Lab(image="mysql:8.0", env={"MYSQL_ROOT_PASSWORD": "x"}).for_(10)
    env = {"WORDPRESS_DB_HOST": "db", "WORDPRESS_DB_USER": "root", "WORDPRESS_DB_PASSWORD": "x"}
    lab = Lab(image="wordpress", env=env).for_(5)
    wire = Bench({}, {("db", 3306): Peer(mysql)})

    with_it = container.serve(lab.run, Request("http", 80, host="blog"), lab.now, wire).outcome
    without = container.serve(lab.run, Request("http", 80, host="blog"), lab.now, Bench({}, {})).outcome

    assert (with_it.status, without.status) == (302, 500)


def test_a_database_without_a_password_says_so_and_ends() -> None:
    postgres, mysql = Lab(image="postgres:17").for_(3), Lab(image="mysql:8.4").for_(8)

    assert (postgres.code, mysql.code) == (1, 1)
    assert "superuser password is not specified" in postgres.err
    assert "password option is not specified" in mysql.err


def test_a_database_outlives_its_container_on_a_volume() -> None:
    first = Lab(image="postgres:17", env={"POSTGRES_PASSWORD": "x"}, mounts={"/var/lib/postgresql/data": {}}).for_(5)
    first.exec("psql", "-U", "postgres", "-c", "create table kept (a int)", seconds=1)

    disk = container.volume(first.run, "/var/lib/postgresql/data")
    second = Lab(image="postgres:17", mounts={"/var/lib/postgresql/data": disk}).for_(5)
    found = second.finished(second.exec("psql", "-U", "postgres", "-tAc", "\\dt", seconds=1))

    assert second.is_running
    assert found is not None
    assert "public|kept|table|postgres" in found.output


def test_the_pi_job_prints_two_thousand_digits_and_takes_its_cpu() -> None:
    lab = Lab("perl", "-Mbignum=bpi", "-wle", "print bpi(2000)", image="perl:5.34.0").for_(30)

    assert lab.out.startswith("3.14159265358979323846264338327950288419716939937510")
    assert lab.out.endswith("4780275901\n")
    assert (len(lab.out), lab.code) == (2002, 0)
    assert container.usage(lab.run)["cpu"] > 2_000_000


def test_python_serves_a_folder_and_node_its_first_script() -> None:
    python = Lab("python", "-m", "http.server", "8000", image="python:3.12").for_(1)
    script = "const http = require('http'); http.createServer((q, r) => { r.end('Hi\\n'); }).listen(8080);"
    node = Lab("node", "/app/server.js", image="node:22", mounts={"/app": {"server.js": script}}).for_(1)

    assert "Directory listing for /" in python.get("/", 8000).body.decode()
    assert node.get("/", 8080).body == b"Hi\n"
