"""redis-cli: sends a command, or the lines of its input one after the other, and shows the replies."""

from typing import Any

from clusters.kernel import Request
from workloads.images.behaviours.redis import resp
from workloads.runtime import dialling
from workloads.runtime.tool import Call, flags


def redis_cli(call: Call) -> int | None:
    options, words = flags(call.args, takes="hpanuir")
    if words:
        return _once(call, options, words, "main")
    return _lines(call, options)


def _once(call: Call, options: dict[str, str], words: list[str], key: str) -> int | None:
    host, port = options.get("h") or "127.0.0.1", call.number(options.get("p") or "6379")
    password = options.get("a") or call.env.get("REDISCLI_AUTH", "")
    body = (resp.request(["AUTH", password]) if password else b"") + resp.request(words)
    found = dialling.dial(call, host, Request("tcp", port, body=body, host=host), key=key)
    if found is None:
        return None
    if not found.ok:
        why = "Name or service not known" if found.reason == "bad address" else found.words
        call.machine.write(call.process, 2, f"Could not connect to Redis at {host}:{port}: {why}\n")
        return 1
    try:
        value, at = resp.parse(found.body)
        if password and not isinstance(value, resp.Failed):
            value, at = resp.parse(found.body, at)
    except (ValueError, IndexError):
        call.machine.write(call.process, 2, "Error: Server closed the connection\n")
        return 1
    call.out((_human(value) if call.is_terminal(1) else _plain(value)) + "\n")
    return 0


def _lines(call: Call, options: dict[str, str]) -> int | None:
    """A command a line, as at its prompt."""
    held: list[str] = call.memory.setdefault("lines", [])
    if (line := call.memory.get("line")) is not None:
        if _once(call, options, resp.words(line), "typed") is None:
            return None
        call.memory.pop("line")
        call.memory.pop("typed")
        call.memory.pop("asked", None)
    while True:
        if not held:
            if call.memory.get("over"):
                return 0
            _prompt(call, options)
            held.extend(text for _, text in call.lines([]))
            call.memory["over"] = not call.is_blocked
            if not held:
                return None if call.is_blocked else 0
        line = held.pop(0).strip()
        call.memory.pop("asked", None)
        if line in ("exit", "quit"):
            return 0
        if line:
            call.memory["line"] = line
            call.process["wait"] = None
            return _lines(call, options)


def _prompt(call: Call, options: dict[str, str]) -> None:
    if call.is_terminal(1) and not call.memory.get("asked"):
        call.memory["asked"] = True
        call.out(f"{options.get('h') or '127.0.0.1'}:{options.get('p') or '6379'}> ")


def _plain(value: Any) -> str:
    """As it comes out when nobody looks."""
    if isinstance(value, list):
        return "\n".join(_plain(inner) for inner in value)
    return "" if value is None else str(value)


def _human(value: Any, indent: str = "") -> str:
    if isinstance(value, resp.Failed):
        return f"(error) {value}"
    if isinstance(value, resp.Simple):
        return str(value)
    if isinstance(value, int):
        return f"(integer) {value}"
    if value is None:
        return "(nil)"
    if isinstance(value, list):
        rows = [f"{at}) {_human(inner, indent + '   ')}" for at, inner in enumerate(value, 1)]
        return f"\n{indent}".join(rows) or "(empty array)"
    text = str(value)
    if text.startswith("# ") or "\r\n" in text:
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
