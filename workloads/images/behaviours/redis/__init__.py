"""Redis, Valkey and their like: keeps keys in memory, on disk as its configuration says, and copies a leader."""

import json
from collections.abc import Mapping
from typing import Any

from clusters.kernel import Outcome, Request
from workloads.images.behaviours.behaviour import ANSWERS_IN, Behaviour, Served, Server, number
from workloads.images.behaviours.http import CONNECTED
from workloads.images.behaviours.redis import resp
from workloads.images.behaviours.redis.commands import COMMANDS, WRITING, Keys

MOST = 256 * 1024  # what it keeps, as JSON
DEFAULTS = {
    "port": "6379", "bind": "* -::*", "dir": "/data", "dbfilename": "dump.rdb", "appendonly": "no", "maxmemory": "0",
    "maxmemory-policy": "noeviction", "save": "3600 1 300 100 60 10000", "timeout": "0", "databases": "16",
    "maxclients": "10000", "loglevel": "notice", "requirepass": "", "replicaof": "", "hz": "10",
    "protected-mode": "no", "tcp-keepalive": "300",
}  # fmt: skip
UNITS = {"kb": 1024, "mb": 1024**2, "gb": 1024**3, "k": 1000, "m": 1000**2, "g": 1000**3}


def configuration(server: Server) -> dict[str, str]:
    """The defaults, over them the file, over that the arguments."""
    found = dict(DEFAULTS)
    words = list(server.argv[1:])
    lines: list[list[str]] = []
    if words and not words[0].startswith("-"):
        lines = [resp.words(line) for line in (server.read(words.pop(0)) or "").splitlines() if line[:1] != "#"]
    option: list[str] = []
    for word in [*words, "--"]:
        if word.startswith("--"):
            lines.append(option)
            option = [word[2:]]
        else:
            option.append(word)
    for name, *values in [line for line in lines if line and line[0]]:
        name = {"slaveof": "replicaof"}.get(name.lower(), name.lower())
        found[name] = size(" ".join(values)) if name == "maxmemory" else " ".join(values)
    if leader := server.env.get("REDIS_REPLICAOF", ""):
        found["replicaof"] = leader
    return found


def size(text: str) -> str:
    unit = next((unit for unit in UNITS if text.lower().endswith(unit)), "")
    digits = text[: len(text) - len(unit)]
    return str(int(digits) * UNITS.get(unit, 1)) if digits.isdigit() else text


def begins(server: Server) -> Mapping[str, Any]:
    config = configuration(server)
    return {"data": _load(server.read(_file(config)) or ""), "config": config, "used": 0}


def _load(text: str) -> Any:
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _file(config: Mapping[str, str]) -> str:
    folder = config["dir"].rstrip("/")
    return (
        f"{folder}/appendonlydir/appendonly.aof"
        if config["appendonly"] == "yes"
        else f"{folder}/{config['dbfilename']}"
    )


def leaves(server: Server) -> Mapping[str, str]:
    """On SIGTERM it saves, unless it was told never to."""
    config = server.state.get("config", DEFAULTS)
    if config["appendonly"] != "yes" and config["save"].strip('" ') == "":
        return {}
    return {_file(config): json.dumps(server.state.get("data", {}))}


def answer(server: Server, request: Request) -> Outcome:
    return serve(server, request).outcome


def serve(server: Server, request: Request) -> Served:
    if request.protocol == "http":
        return Served(Outcome(ok=False, reason="EOF", takes=ANSWERS_IN))
    if request.protocol != "tcp":
        return Served(Outcome(ok=False, reason="connection error: server does not speak gRPC", takes=ANSWERS_IN))
    if not request.body:
        return Served(CONNECTED)
    keys = Keys(server.state or begins(server), server.now)
    out: list[bytes] = []
    knows = not keys.config["requirepass"]
    for words in resp.commands(request.body[: resp.LONGEST]):
        name = words[0].upper()
        if name == "AUTH":
            knows = words[-1] == keys.config["requirepass"]
            out.append(resp.reply(_auth(keys, knows)))
        elif not knows and name not in ("HELLO", "QUIT"):
            out.append(resp.reply(resp.Failed("NOAUTH Authentication required.")))
        else:
            out.append(_run(server, keys, words))
        if name in ("QUIT", "SHUTDOWN"):
            break
    files = dict(keys.files)
    if keys.changed and keys.config["appendonly"] == "yes":
        files[_file(keys.config)] = json.dumps(keys.data)
    state = {**server.state, "data": keys.data, "config": keys.config} if keys.changed else None
    return Served(Outcome(ok=True, body=b"".join(out), takes=ANSWERS_IN), state, files)


def _auth(keys: Keys, knows: bool) -> Any:
    if not keys.config["requirepass"]:
        return resp.Failed("ERR AUTH <password> called without any password configured for the default user. "
                           "Are you sure your configuration is correct?")  # fmt: skip
    return resp.Simple("OK") if knows else resp.Failed("WRONGPASS invalid username-password pair or user is disabled.")


def _run(server: Server, keys: Keys, words: list[str]) -> bytes:
    name = words[0].upper()
    leader = keys.config["replicaof"].split()
    is_copy = len(leader) == 2 and leader[0].lower() != "no"
    if is_copy and name in WRITING:
        return resp.reply(resp.Failed("READONLY You can't write against a read only replica."))
    if is_copy and (copied := _from_leader(server, keys, leader, words)) is not None:
        return copied
    command = COMMANDS.get(name)
    if command is None:
        shown = " ".join(f"'{word[:128]}'" for word in words[1:])
        return resp.reply(resp.Failed(f"ERR unknown command '{words[0][:128]}', with args beginning with: {shown} "))
    if name in WRITING and len(json.dumps(keys.data)) > _room(keys):
        return resp.reply(resp.Failed("OOM command not allowed when used memory > 'maxmemory'."))
    try:
        return resp.reply(command(keys, words[1:]))
    except resp.Failed as problem:
        return resp.reply(problem)
    except (IndexError, ValueError) as problem:
        why = "value is not an integer or out of range" if isinstance(problem, ValueError) else (
            f"wrong number of arguments for '{words[0].lower()}' command"
        )  # fmt: skip
        return resp.reply(resp.Failed(f"ERR {why}"))


def _room(keys: Keys) -> int:
    wanted = number(keys.config["maxmemory"], 0)
    return min(wanted, MOST) if wanted else MOST


def _from_leader(server: Server, keys: Keys, leader: list[str], words: list[str]) -> bytes | None:
    """A copy reads what its leader holds now; None when it has to answer itself."""
    local = ("PING", "INFO", "CONFIG", "ROLE", "CLIENT", "COMMAND", "REPLICAOF", "SLAVEOF", "SELECT", "TIME", "ECHO")
    if words[0].upper() in local or server.wire is None:
        return None
    asked = resp.request(words)
    if keys.config.get("masterauth"):
        asked = resp.request(["AUTH", keys.config["masterauth"]]) + asked
    outcome = server.wire.send(leader[0], Request("tcp", number(leader[1], 6379), body=asked))
    body = outcome.body.partition(b"\r\n")[2] if keys.config.get("masterauth") else outcome.body
    return body if outcome.ok and body else None


def ports(server: Server) -> tuple[int, ...]:
    return (number(configuration(server)["port"], 6379),)


def quits(server: Server) -> tuple[int, str] | None:
    """A configuration that is not there, or only a question."""
    if "--version" in server.argv or "-v" in server.argv:
        return 0, f"Redis server v={server.image.version} sha=00000000:0 malloc=jemalloc-5.3.0 bits=64"
    name = server.argv[1] if len(server.argv) > 1 and not server.argv[1].startswith("-") else ""
    if name and server.read(name) is None:
        return 1, f"Fatal error, can't open config file '{name}': No such file or directory"
    return None


REDIS = Behaviour("redis", answer, ports, quits, serve=serve, begins=begins, leaves=leaves, is_raw=True)
