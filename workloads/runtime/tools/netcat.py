"""nc and telnet: bare connections, and nc -l, which waits for one."""

from clusters.kernel import Request
from clusters.reconcile.clock import SECOND, Time
from workloads.runtime import dialling
from workloads.runtime.binary import to_bytes, to_text
from workloads.runtime.dialling import Dialled
from workloads.runtime.numbers import decimal, whole
from workloads.runtime.tool import GNU, Call
from workloads.runtime.tools.options import Options, read

SERVICES = {80: "http", 443: "https", 22: "ssh", 53: "domain", 25: "smtp", 3306: "mysql", 5432: "postgresql",
            6379: "redis", 8080: "http-alt", 5672: "amqp"}  # fmt: skip


def nc(call: Call) -> int | None:
    options, words = read(call, {"zero": "z", "verbose": "v", "wait": "w", "listen": "l", "keep-open": "k"}, "wpieqs")
    if "l" in options:
        return _listen(call, options, words)
    ports = _ports(words[1] if len(words) > 1 else options.last("p"))
    if not words or not ports:
        return call.usage("usage: nc [-zvn] [-w SECS] HOST PORT, or nc -l -p PORT")
    at = call.memory.setdefault("port", 0)
    body = b"" if "z" in options else _stdin(call)
    if body is None:
        return None
    request = Request("udp" if "u" in options else "tcp", ports[at], body=body, host=words[0])
    found = dialling.dial(call, words[0], request, _patience(options), key=f"dial{at}")
    if found is None:
        return None
    code = _told(call, options, words[0], ports[at], found)
    call.memory["code"] = min(call.memory.get("code", 1), code)
    call.memory["port"] = at + 1
    if at + 1 < len(ports):
        return nc(call)
    return int(call.memory["code"])


def _ports(text: str) -> list[int]:
    """A port or a range of at most a hundred."""
    first, _, last = text.partition("-")
    begin, end = whole(first or "x"), whole(last or first or "x")
    if begin is None or end is None or not 0 < begin <= end < 65536:
        return []
    return list(range(begin, min(end, begin + 99) + 1))


def _stdin(call: Call) -> bytes | None:
    """All that comes in; None while there is more to come."""
    held: list[str] = call.memory.setdefault("input", [])
    if not call.memory.get("read"):
        if call.process["fds"].get("0", "null") not in ("null", "never"):
            held.extend(text for _, text in call.chunks([]))
            if call.is_blocked:
                return None
        call.memory["read"] = True
    return to_bytes("".join(held))


def _patience(options: Options) -> Time | None:
    seconds = decimal(options.last("w"))
    return round(seconds * SECOND) if seconds else None


def _told(call: Call, options: Options, host: str, port: int, found: Dialled) -> int:
    is_gnu = call.machine.image.base in GNU
    say = call.complain
    if found.reason == "bad address":
        if is_gnu:
            say(f'getaddrinfo for host "{host}" port {port}: Name or service not known')
        else:
            say(f"bad address '{host}'")
        return 1
    address = found.address
    if found.ok:
        if "v" in options and is_gnu:
            service = f"tcp/{SERVICES.get(port, '*')}"
            call.machine.write(
                call.process, 2, f"Connection to {host} ({address}) {port} port [{service}] succeeded!\n"
            )
        elif "v" in options:
            call.machine.write(call.process, 2, f"{host} ({address}:{port}) open\n")
        call.out("" if "z" in options else to_text(found.body))
        return 0
    if is_gnu:
        if "v" in options or found.reason != "connection refused":
            words = "Operation timed out" if found.reason == "timeout" and "w" in options else found.words
            say(f"connect to {host} ({address}) port {port} (tcp) failed: {words}")
    elif found.reason == "timeout" and "w" in options:
        say("timed out")
    else:
        say(f"{host} ({address}:{port}): {found.words}")
    return 1


def _listen(call: Call, options: Options, words: list[str]) -> int | None:
    """Accepts one connection, or with -k one after the other; what it answers is what stdin gives it."""
    port = whole(options.last("p") or (words[-1] if words else "x"))
    if port is None or not 0 < port < 65536:
        return call.usage("usage: nc -l -p PORT")
    if call.process.get("state", {}).get("got") is not None:
        got = call.process.pop("state")["got"]
        call.out(got)
        if "k" not in options:
            call.process["ports"] = []
            return 0
    if not call.process.get("ports"):
        if port in [taken for other in call.machine.processes.values() for taken, _ in other.get("ports", ())]:
            return call.usage("bind: Address already in use")
        if "v" in options:
            call.machine.write(call.process, 2, f"listening on [::]:{port} ...\n")
    reply = call.memory.setdefault("input", [])
    if call.process["fds"].get("0", "null") not in ("null", "never"):
        reply.extend(text for _, text in call.chunks([]))
    call.process["ports"] = [[port, "netcat"]]
    call.process["reply"] = "".join(reply)[:65536]
    call.process["wait"] = ["connection"]
    return None


def telnet(call: Call) -> int | None:
    _, words = read(call, {}, "")
    port = whole(words[1]) if len(words) > 1 else 23
    if not words or port is None:
        return call.usage("usage: telnet HOST [PORT]")
    body = _stdin(call)
    if body is None:
        return None
    found = dialling.dial(call, words[0], Request("tcp", port, body=body, host=words[0]))
    if found is None:
        return None
    if found.reason == "bad address":
        return call.usage(f"bad address '{words[0]}'" if call.machine.image.base not in GNU
                          else f"could not resolve {words[0]}/{port}: Name or service not known")  # fmt: skip
    if not found.ok:
        if call.machine.image.base not in GNU:
            return call.usage(f"can't connect to remote host ({found.address}): {found.words}")
        call.out(f"Trying {found.address}...\n")
        return call.usage(f"Unable to connect to remote host: {found.words}")
    call.out(f"Trying {found.address}...\nConnected to {words[0]}.\nEscape character is '^]'.\n{to_text(found.body)}")
    call.machine.write(call.process, 2, "Connection closed by foreign host.\n")
    return 1
