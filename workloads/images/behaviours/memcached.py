"""memcached: its text protocol, over what it keeps in memory."""

from collections.abc import Mapping
from typing import Any

from clusters.kernel import Outcome, Request
from clusters.reconcile.clock import SECOND
from workloads.images.behaviours.behaviour import ANSWERS_IN, Behaviour, Served, Server, flag, number

MOST = 256 * 1024


def serve(server: Server, request: Request) -> Served:
    if request.protocol == "http":
        return Served(Outcome(ok=True, status=0, body=b"ERROR\r\n", takes=ANSWERS_IN))
    data: dict[str, Any] = dict(server.state)
    out: list[str] = []
    lines = request.body.decode(errors="replace").replace("\r\n", "\n").split("\n")
    while lines:
        words = lines.pop(0).split()
        if words:
            out.append(_run(data, words, lines, server))
        if words[:1] == ["quit"]:
            break
    return Served(
        Outcome(ok=True, body="".join(out).encode(), takes=ANSWERS_IN), data if data != server.state else None
    )


def _run(data: dict[str, Any], words: list[str], lines: list[str], server: Server) -> str:
    verb = words[0]
    if verb in ("set", "add", "replace") and len(words) >= 5:
        return _store(data, words, lines.pop(0) if lines else "", server)
    if verb in ("get", "gets"):
        found = [(key, data[key]) for key in words[1:] if key in data and not _is_over(data[key], server)]
        return (
            "".join(f"VALUE {key} {held[1]} {len(held[0].encode())}\r\n{held[0]}\r\n" for key, held in found)
            + "END\r\n"
        )
    if verb == "delete" and len(words) > 1:
        return "DELETED\r\n" if data.pop(words[1], None) else "NOT_FOUND\r\n"
    if verb in ("incr", "decr") and len(words) > 2:
        return _add(data, words)
    if verb == "flush_all":
        data.clear()
        return "OK\r\n"
    if verb == "version":
        return f"VERSION {server.image.version}\r\n"
    if verb == "stats":
        uptime = (server.now - server.began) // SECOND
        told = f"STAT pid 1\r\nSTAT uptime {uptime}\r\nSTAT version {server.image.version}\r\n"
        return told + f"STAT curr_items {len(data)}\r\nEND\r\n"
    return "" if verb == "quit" else "ERROR\r\n"


def _is_over(held: list[Any], server: Server) -> bool:
    return bool(held[2]) and held[2] <= server.now


def _store(data: dict[str, Any], words: list[str], value: str, server: Server) -> str:
    key, size = words[1], number(words[4], -1)
    if size != len(value.encode()):
        return "CLIENT_ERROR bad data chunk\r\n"
    if (words[0] == "add" and key in data) or (words[0] == "replace" and key not in data):
        return "NOT_STORED\r\n"
    if sum(len(held[0]) for held in data.values()) + size > MOST:
        return "SERVER_ERROR out of memory storing object\r\n"
    until = number(words[3], 0)
    data[key] = [value, number(words[2], 0), server.now + until * SECOND if until else 0]
    return "STORED\r\n"


def _add(data: dict[str, Any], words: list[str]) -> str:
    held = data.get(words[1])
    if held is None:
        return "NOT_FOUND\r\n"
    if not held[0].isdigit() or len(held[0]) > 18:
        return "CLIENT_ERROR cannot increment or decrement non-numeric value\r\n"
    value = max(int(held[0]) + number(words[2], 0) * (1 if words[0] == "incr" else -1), 0)
    data[words[1]] = [str(value), *held[1:]]
    return f"{value}\r\n"


def begins(server: Server) -> Mapping[str, Any]:
    return {}


def answer(server: Server, request: Request) -> Outcome:
    return serve(server, request).outcome


def ports(server: Server) -> tuple[int, ...]:
    return (number(flag(server.argv, "p", flag(server.argv, "port", "")), 11211),)


MEMCACHED = Behaviour("memcached", answer, ports, serve=serve, begins=begins, is_raw=True)
