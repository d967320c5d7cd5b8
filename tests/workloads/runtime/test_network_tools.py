"""The tools that reach others, against a network on the bench: word for word what they say."""

from typing import Any

import pytest

from clusters.kernel import Outcome, Request
from tests.workloads.runtime.lab import START, Lab
from tests.workloads.runtime.wire import RESOLV, Bench, Peer

PAGE = b"<h1>hi</h1>\n"
MOUNTS = {"/etc/resolv.conf": {"": RESOLV}}


def web(host: str, request: Request) -> Outcome:
    """A web server: /, /echo, /to (leads to /), and nothing else."""
    if request.path == "/to":
        return Outcome(ok=True, status=302, headers=(("Location", "/"),), takes=1000)
    body = request.body if request.path == "/echo" else PAGE
    headers = (("Content-Type", "text/html"), ("Content-Length", str(len(body))))
    return Outcome(
        ok=True, status=200 if request.path in ("/", "/echo") else 404, headers=headers, body=body, takes=1500
    )


NAMES = {"web": "10.96.0.5", "slow": "10.96.0.6", "redis": "10.96.0.7", "db": "10.96.0.8"}


NETSHOOT = "nicolaka/netshoot"


def at_work(script: str, image: str = "busybox", seconds: float = 300, **more: Any) -> Lab:
    answers: dict[tuple[str, int], Any] = {
        ("10.96.0.5", 80): web,
        ("10.96.0.6", 80): Outcome(ok=False, reason="timeout"),
        **more.pop("answers", {}),
    }
    lab = Lab("sh", "-c", script, image=image, wire=Bench(NAMES, answers), mounts=MOUNTS, **more)
    return lab.for_(seconds)


@pytest.mark.parametrize(
    ("script", "output", "errors", "code"),
    [
        ("wget -qO- http://web", PAGE.decode(), "", 0),
        ("wget -q -O- web/to", PAGE.decode(), "", 0),
        ("wget -q http://web/ -O /tmp/x; cat /tmp/x", PAGE.decode(), "", 0),
        ("wget http://nope", "", "wget: bad address 'nope'\n", 1),
        ("wget -T 2 -q slow", "", "wget: download timed out\n", 1),
        (
            "wget -O- web/x",
            "",
            "Connecting to web (10.96.0.5:80)\nwget: server returned error: HTTP/1.1 404 Not Found\n",
            1,
        ),
        ("wget -q web:81", "", "wget: can't connect to remote host (10.96.0.5): Connection refused\n", 1),
        ("wget --spider web", "", "Connecting to web (10.96.0.5:80)\nremote file exists\n", 0),
        ("wget -qO- --post-data=a=b web/echo", "a=b", "", 0),
        ("nc -zv web 80", "", "web (10.96.0.5:80) open\n", 0),
        ("nc -zv -w 2 web 81", "", "nc: web (10.96.0.5:81): Connection refused\n", 1),
        ("nc -w 1 -z slow 80", "", "nc: timed out\n", 1),
        ("nc -z nope 80", "", "nc: bad address 'nope'\n", 1),
        ("ping -c 1 nope", "", "ping: bad address 'nope'\n", 1),
        ("telnet nope 80", "", "telnet: bad address 'nope'\n", 1),
        (
            "netstat -tln | wc -l; ifconfig eth0 | sed -n 2p",
            "2\n          inet addr:10.244.1.5  Bcast:10.244.1.255  Mask:255.255.255.0\n",
            "",
            0,
        ),
        (
            "ip route; route | wc -l",
            "default via 10.244.1.1 dev eth0 \n10.244.1.0/24 dev eth0 scope link  src 10.244.1.5 \n4\n",
            "",
            0,
        ),
        ("hostname -i; traceroute nope", "10.244.1.5\n", "traceroute: bad address 'nope'\n", 1),
    ],
)  # fmt: skip
def test_busybox_says_it_in_its_own_words(script: str, output: str, errors: str, code: int) -> None:
    lab = at_work(script)

    assert (lab.out, lab.err, lab.code) == (output, errors, code)


@pytest.mark.parametrize(
    ("args", "output", "errors", "code"),
    [
        ("-s web", PAGE.decode(), "", 0),
        ("-s -o /dev/null -w '%{http_code} %{time_total}\\n' web", "200 0.001800\n", "", 0),
        ("-sI web", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 12\r\n\r\n", "", 0),
        ("-sf web/x", "", "", 22),
        ("-sSf web/x", "", "curl: (22) The requested URL returned error: 404\n", 22),
        ("nope", "", "curl: (6) Could not resolve host: nope\n", 6),
        ("web:81", "", "curl: (7) Failed to connect to web port 81 after 0 ms: Couldn't connect to server\n", 7),
        ("-m 2 slow", "", "curl: (28) Connection timed out after 2000 milliseconds\n", 28),
        ("-sL web/to", PAGE.decode(), "", 0),
        ("-s -X POST -d '{}' -H 'Content-Type: x' web/echo", "{}", "", 0),
        ("-s --resolve shop:80:10.96.0.5 http://shop/", PAGE.decode(), "", 0),
        ("ftp://web", "", 'curl: (1) Protocol "ftp" not supported\n', 1),
        ("", "", "curl: (2) no URL specified\n", 2),
    ],
)
def test_curl_says_it_in_its_own_words(args: str, output: str, errors: str, code: int) -> None:
    lab = at_work(f"curl {args}", image="curlimages/curl")

    assert (lab.out, lab.err, lab.code) == (output, errors, code)


def test_curl_shows_both_sides_when_it_is_asked_to() -> None:
    lab = at_work("curl -sv web", image="curlimages/curl")

    assert "* Connected to web (10.96.0.5) port 80\n> GET / HTTP/1.1\n> Host: web\n" in lab.err
    assert "< HTTP/1.1 200 OK\n< Content-Type: text/html\n" in lab.err


def test_curl_waits_longer_from_try_to_try() -> None:
    lab = at_work("curl -s --retry 2 -m 1 slow; date +%s", image="curlimages/curl")

    assert int(lab.out) - START // 1_000_000 == 1 + 1 + 1 + 2 + 1
    assert lab.err.count("Will retry") == 2


def test_a_connection_that_nobody_answers_takes_two_minutes() -> None:
    lab = at_work("wget -q slow; date +%s")

    assert int(lab.out) - START // 1_000_000 == 127
    assert lab.err == "wget: can't connect to remote host (10.96.0.6): Connection timed out\n"


def test_the_new_nslookup_tries_every_search_domain_and_shows_what_came() -> None:
    lab = at_work("nslookup web")

    assert lab.out.startswith("Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\n"
                              "Name:\tweb.default.svc.cluster.local\nAddress: 10.96.0.5\n")  # fmt: skip
    assert "** server can't find web.svc.cluster.local: NXDOMAIN\n" in lab.out


def test_a_name_with_a_dot_is_taken_as_it_is_by_the_new_nslookup() -> None:
    assert "can't find web.default: NXDOMAIN" in at_work("nslookup web.default").out
    assert at_work("nslookup web.default.svc.cluster.local").code == 0


def test_the_old_nslookup_asks_as_programs_do_and_tells_the_servers_name() -> None:
    lab = at_work("nslookup web; nslookup nope", image="busybox:1.28")

    assert lab.out.startswith("Server:    10.96.0.10\nAddress 1: 10.96.0.10 kube-dns.kube-system.svc.cluster.local\n\n"
                              "Name:      web\nAddress 1: 10.96.0.5 web.default.svc.cluster.local\n")  # fmt: skip
    assert lab.err == "nslookup: can't resolve 'nope'\n"


def test_dig_host_and_getent_ask_the_same_servers() -> None:
    lab = at_work("dig +short web.default.svc.cluster.local; host web; getent hosts web; dig nope | grep status",
                  image=NETSHOOT)  # fmt: skip

    assert lab.out.splitlines()[:3] == [
        "10.96.0.5",
        "web.default.svc.cluster.local has address 10.96.0.5",
        "10.96.0.5       web.default.svc.cluster.local",
    ]
    assert "status: NXDOMAIN" in lab.out


def test_another_name_server_can_be_asked() -> None:
    refused = ";; communications error to 10.0.0.9#53: connection refused\n"

    named = at_work("nslookup web 10.96.0.10; dig @10.96.0.10 +short web.default.svc.cluster.local", image=NETSHOOT)
    lost = at_work("dig @10.0.0.9 +short web; nslookup web 10.0.0.9", image=NETSHOOT)
    small = at_work("nslookup web 10.0.0.9")

    assert named.code == 0
    assert lost.out == refused * 3 + ";; no servers could be reached\n" + refused * 3 + (
        ";; no servers could be reached\n\n\n"
    )
    assert small.err == "nslookup: read: Connection refused\n"


def test_curl_trusts_no_certificate_that_nobody_has_vouched_for() -> None:
    served = {("10.96.0.5", 443): web}

    strict = at_work("curl -s https://web; echo $?; curl -sS https://web", image=NETSHOOT, answers=served)
    trusting = at_work("curl -sk https://web; curl -s --cacert /ca.crt https://web", image=NETSHOOT, answers=served)

    assert strict.out == "60\n"
    assert strict.err.startswith("curl: (60) SSL certificate problem: unable to get local issuer certificate\n")
    assert trusting.out == 2 * PAGE.decode()


def test_hostname_tells_its_name_in_full() -> None:
    hosts = "printf '10.244.1.2\\tweb-0.web.default.svc.cluster.local\\tweb-0\\n' > /etc/hosts"

    found = at_work(f"{hosts}; hostname; hostname -f; hostname -d; hostname -s")

    assert found.out.split() == [
        "web-0",
        "web-0.web.default.svc.cluster.local",
        "web.default.svc.cluster.local",
        "web-0",
    ]


def test_binds_nslookup_has_a_hash_before_the_port() -> None:
    assert "Address:\t10.96.0.10#53\n" in at_work("nslookup web", image=NETSHOOT).out


def test_without_a_network_nothing_is_reached() -> None:
    lab = Lab("sh", "-c", "wget -q 10.0.0.1; nslookup x").for_(20)

    assert lab.err == "wget: can't connect to remote host (10.0.0.1): Network is unreachable\n"
    assert lab.out == ";; connection timed out; no servers could be reached\n\n"


def test_what_listens_in_the_container_is_reached_at_localhost() -> None:
    lab = Lab(image="nginx").for_(1)
    pid = lab.exec("curl", "-s", "localhost", seconds=1)

    found = lab.finished(pid)
    assert found is not None
    assert "Welcome to nginx!" in found.stdout
    assert '127.0.0.1 - - [21/Sep/2026:14:13:21 +0000] "GET / HTTP/1.1" 200' in lab.out


def test_nc_listens_and_answers_with_its_stdin() -> None:
    lab = at_work(r"echo -e 'HTTP/1.1 200 OK\n\nhello' | nc -l -p 8080 > /tmp/got & sleep 1; wget -qO- localhost:8080; "
                  "wait; head -1 /tmp/got")  # fmt: skip

    assert lab.out == "hello\nGET / HTTP/1.1\r\n"


def test_redis_keeps_what_another_container_tells_it() -> None:
    redis = Lab(image="redis").for_(1)
    peers = {("10.96.0.7", 6379): Peer(redis)}
    script = (
        "redis-cli -h redis set a 1; redis-cli -h redis incr a; redis-cli -h redis lpush l x y; redis-cli -h nope ping"
    )

    lab = at_work(script, image="redis", answers=peers)

    assert lab.out == "OK\n2\n2\n"
    assert lab.err == "Could not connect to Redis at nope:6379: Name or service not known\n"
    assert lab.wire.send("10.96.0.7", Request("tcp", 6379, body=b"GET a\r\n")).body == b"$1\r\n2\r\n"  # type: ignore[union-attr]


def test_postgres_keeps_its_tables_and_asks_strangers_for_a_password() -> None:
    db = Lab(image="postgres:17", env={"POSTGRES_PASSWORD": "x"}).for_(5)
    peers = {("10.96.0.8", 5432): Peer(db)}
    script = ("export PGPASSWORD=x; psql -h db -U postgres -c 'create table t (id serial, name text)'; "
              "psql -h db -U postgres -tAc \"insert into t(name) values ('a'); select name from t\"; "
              "PGPASSWORD=y psql -h db -U postgres -c 'select 1'; pg_isready -h db")  # fmt: skip

    lab = at_work(script, image="postgres:17", answers=peers)

    assert lab.out == "CREATE TABLE\nINSERT 0 1\na\ndb:5432 - accepting connections\n"
    assert 'FATAL:  password authentication failed for user "postgres"' in lab.err


def test_mysql_lets_in_who_knows_the_password() -> None:
    db = Lab(image="mysql:8.4", env={"MYSQL_ROOT_PASSWORD": "x", "MYSQL_DATABASE": "shop"}).for_(10)
    peers = {("10.96.0.8", 3306): Peer(db)}
    script = (
        "mysql -h db -px shop -e 'create table t (a int); insert into t values (7); select * from t'; "
        "mysql -h db -py -e 'select 1'; mysqladmin -h db ping; mongosh --host db --eval 'db.version()'"
    )

    lab = at_work(script, image="mysql:8.4", answers=peers)

    assert lab.out == "a\n7\nmysqld is alive\n"
    assert "ERROR 1045 (28000): Access denied for user 'root'@'%' (using password: YES)\n" in lab.err


def test_mongo_answers_a_ping_and_says_what_it_cannot_do() -> None:
    lab = Lab(image="mongo").for_(2)
    ping = lab.finished(lab.exec("mongosh", "--eval", "db.adminCommand('ping')", seconds=1))
    more = lab.finished(lab.exec("mongosh", "--eval", "db.users.find()", seconds=1))

    assert ping is not None
    assert more is not None
    assert (ping.code, ping.output) == (0, "{ ok: 1 }\n")
    assert more.code == 1
