"""psql, pg_isready, mysql and mysqladmin: the clients of the SQL servers; mongosh and mongo, which only ping."""

import json
from collections.abc import Mapping
from typing import Any

from clusters.kernel import Request
from clusters.reconcile.clock import SECOND
from workloads.images.behaviours.sql.server import MARK
from workloads.runtime import dialling
from workloads.runtime.dialling import Dialled
from workloads.runtime.tool import Call
from workloads.runtime.tools.options import Options, read

PSQL = {"command": "c", "dbname": "d", "host": "h", "port": "p", "username": "U", "tuples-only": "t", "no-align": "A",
        "file": "f", "list": "l", "quiet": "q", "no-psqlrc": "X", "password": "W", "no-password": "w",
        "version": "V", "set": "v", "variable": "v"}  # fmt: skip
MYSQL = {"execute": "e", "host": "h", "port": "P", "user": "u", "password": "p", "database": "D",
         "skip-column-names": "N", "batch": "B", "silent": "s", "protocol": "x", "table": "t", "version": "V",
         "connect-timeout": "c", "ssl-mode": "y", "default-character-set": "z"}  # fmt: skip
HERE = "127.0.0.1"


def _ask(call: Call, host: str, port: int, asked: Mapping[str, str], key: str = "asked") -> Dialled | None:
    body = MARK + json.dumps(asked).encode()
    return dialling.dial(call, host, Request("tcp", port, body=body, host=host), key=key)


def _script(call: Call, given: list[str], file: str) -> str | None:
    """The statements: of the command line, a file or stdin. None while stdin has not come to its end."""
    if given:
        return ";\n".join(given)
    if file:
        return call.text(file) or ""
    held = call.memory.setdefault("script", [])
    if not call.memory.get("read"):
        held.extend(text for _, text in call.chunks([]))
        if call.is_blocked:
            return None
        call.memory["read"] = True
    return "".join(held)


def psql(call: Call) -> int | None:
    options, words = read(call, PSQL, "cdhpUfvFPRT")
    if "V" in options:
        call.out(f"psql (PostgreSQL) {call.machine.image.version}\n")
        return 0
    host, port, user, name = _postgres(call, options, words)
    if call.is_terminal(0) and not (options.all("c") or options.last("f") or "l" in options):
        return _prompting(call, host, port, user, name)
    script = "\\l" if "l" in options else _script(call, options.all("c"), options.last("f"))
    if script is None:
        return None
    asked = {"user": user, "password": call.env.get("PGPASSWORD", ""), "database": name, "sql": _separate(script)}
    found = _ask(call, host, port, asked)
    return None if found is None else _psql_told(call, options, host, port, found)


def _postgres(call: Call, options: Options, words: list[str]) -> tuple[str, int, str, str]:
    env = call.env
    first = words[0] if words else options.last("d")
    if first.startswith(("postgres://", "postgresql://")):
        rest = first.partition("://")[2]
        login, _, place = rest.rpartition("@")
        user, _, password = login.partition(":")
        address, _, name = place.partition("/")
        host, _, digits = address.partition(":")
        call.memory.setdefault("password", password)
        return host, call.number(digits or "5432"), user or "postgres", name.partition("?")[0] or user
    user = options.last("U") or (words[1] if len(words) > 1 else "") or env.get("PGUSER", "") or "root"
    host = options.last("h") or env.get("PGHOST", "") or HERE
    return (
        host,
        call.number(options.last("p") or env.get("PGPORT", "5432")),
        user,
        first or env.get("PGDATABASE", "") or user,
    )


def _separate(script: str) -> str:
    """A backslash command ends with its line."""
    lines = [line + ";" if line.strip().startswith("\\") else line for line in script.splitlines()]
    return "\n".join(line for line in lines if line.strip() not in ("\\q;", "\\q"))


def _psql_told(call: Call, options: Options, host: str, port: int, found: Dialled) -> int:
    if not found.ok:
        return _no_postgres(call, host, port, found)
    for result in json.loads(found.body):
        if "fatal" in result:
            call.machine.write(call.process, 2, f'psql: error: connection to server at "{host}", port {port} failed: '
                               f"FATAL:  {result['fatal']}\n")  # fmt: skip
            return 2
        if "error" in result:
            call.machine.write(call.process, 2, f"ERROR:  {result['error']}\n")
            return 1
        if result.get("columns"):
            call.out(_aligned(result, "t" in options, "A" in options))
        elif result.get("tag") and "q" not in options:
            call.out(result["tag"] + "\n")
    return 0


def _no_postgres(call: Call, host: str, port: int, found: Dialled) -> int:
    if found.reason == "bad address":
        why = f'could not translate host name "{host}" to address: Name or service not known'
    else:
        why = (f'connection to server at "{host}" ({found.address}), port {port} failed: {found.words}\n'
               "\tIs the server running on that host and accepting TCP/IP connections?")  # fmt: skip
    call.machine.write(call.process, 2, f"psql: error: {why}\n")
    return 2


def _aligned(result: Mapping[str, Any], only_rows: bool, plain: bool) -> str:
    rows = [["" if cell is None else str(cell) for cell in row] for row in result["rows"]]
    count = f"({len(rows)} row{'' if len(rows) == 1 else 's'})\n"
    if plain:
        lines = ["|".join(row) for row in rows]
        return "".join(line + "\n" for line in ([] if only_rows else ["|".join(result["columns"])]) + lines) + (
            "" if only_rows else count)  # fmt: skip
    widths = [max([len(title), *(len(row[at]) for row in rows)]) for at, title in enumerate(result["columns"])]
    numbers = [
        all(isinstance(row[at], int | float) for row in result["rows"]) and bool(rows) for at in range(len(widths))
    ]
    head = "|".join(f" {title:^{width}} " for title, width in zip(result["columns"], widths, strict=True))
    rule = "+".join("-" * (width + 2) for width in widths)
    body = ["|".join(f" {cell:>{width}} " if right else f" {cell:{width}} "
                     for cell, width, right in zip(row, widths, numbers, strict=True)).rstrip()
            for row in rows]  # fmt: skip
    title = f"{result['title']:^{len(rule)}}".rstrip() + "\n" if result.get("title") else ""
    if only_rows:
        return "".join(line + "\n" for line in body) + "\n"
    return title + head.rstrip() + "\n" + rule + "\n" + "".join(line + "\n" for line in body) + count + "\n"


def _prompting(call: Call, host: str, port: int, user: str, name: str) -> int | None:
    """A statement after the other, as somebody types them."""
    name = call.memory.get("database", name)
    if "typed" in call.memory:
        asked = {
            "user": user,
            "password": call.env.get("PGPASSWORD", ""),
            "database": name,
            "sql": _separate(call.memory["typed"]),
        }
        found = _ask(call, host, port, asked, "line")
        if found is None:
            return None
        code = _psql_told(call, Options(), host, port, found)
        if code == 2:
            return 2
        typed = call.memory.pop("typed")
        call.memory.pop("line")
        call.memory["text"] = ""
        if typed.startswith("\\c ") and not code:
            call.memory["database"] = name = typed.split()[1].rstrip(";")
    while True:
        if not call.memory.get("prompted"):
            call.memory["prompted"] = True
            call.out(f"{name}{'-' if call.memory.get('text') else '='}# ")
        line = call.machine.read(call.process, 0)
        if line is None:
            call.wait_for_input()
            return None
        call.memory["prompted"] = False
        text = call.memory.get("text", "") + line
        if line == "" or text.strip() in ("\\q", "exit", "quit"):
            return 0
        call.memory["text"] = text
        if text.strip().startswith("\\") or text.rstrip().endswith(";"):
            call.memory["typed"] = text.strip()
            call.process["wait"] = None
            return _prompting(call, host, port, user, name)


def pg_isready(call: Call) -> int | None:
    options, _ = read(call, {**PSQL, "timeout": "t"}, "dhpUt")
    host, port = options.last("h") or HERE, call.number(options.last("p") or "5432")
    found = dialling.dial(call, host, Request("tcp", port, host=host), patience=3 * SECOND)
    if found is None:
        return None
    place = f"{host if 'h' in options else '/var/run/postgresql'}:{port}"
    if "q" not in options:
        call.out(f"{place} - {'accepting connections' if found.ok else 'no response'}\n")
    return 0 if found.ok else 2


def mysql(call: Call) -> int | None:
    call.args = [f"--password={word[2:]}" if word.startswith("-p") and len(word) > 2 else word for word in call.args]
    options, words = read(call, MYSQL, "ehPuDxcyz")
    if "V" in options:
        call.out(f"{call.name}  Ver {call.machine.image.version} for Linux on x86_64\n")
        return 0
    script = _script(call, options.all("e"), "")
    if script is None:
        return None
    host, port = options.last("h") or HERE, call.number(options.last("P") or "3306")
    user = options.last("u") or "root"
    password = options.last("p") or call.env.get("MYSQL_PWD", "")
    asked = {
        "user": user,
        "password": password,
        "database": options.last("D") or (words[0] if words else ""),
        "sql": script,
    }
    found = _ask(call, host, port, asked)
    if found is None:
        return None
    if options.last("p") and not call.name.startswith("mariadb"):
        call.machine.write(
            call.process, 2, f"{call.name}: [Warning] Using a password on the command line interface can be insecure.\n"
        )
    if not found.ok:
        return _no_mysql(call, host, port, found)
    for result in json.loads(found.body):
        problem = result.get("fatal") or result.get("error")
        if problem:
            call.machine.write(call.process, 2, problem + "\n")
            return 1
        if result.get("columns"):
            call.out(_table(result, "N" in options, call.is_terminal(1) or "t" in options))
    return 0


def _no_mysql(call: Call, host: str, port: int, found: Dialled) -> int:
    if host == HERE:
        text = (
            "ERROR 2002 (HY000): Can't connect to local MySQL server through socket '/var/run/mysqld/mysqld.sock' (2)"
        )
    elif found.reason == "bad address":
        text = f"ERROR 2005 (HY000): Unknown MySQL server host '{host}' (-2)"
    else:
        number = {"connection refused": 111, "timeout": 110, "no route to host": 113}.get(found.reason, 111)
        text = f"ERROR 2003 (HY000): Can't connect to MySQL server on '{host}:{port}' ({number})"
    call.machine.write(call.process, 2, text + "\n")
    return 1


def _table(result: Mapping[str, Any], only_rows: bool, framed: bool) -> str:
    rows = [["NULL" if cell is None else str(cell) for cell in row] for row in result["rows"]]
    if not framed:
        lines = ([] if only_rows or not rows else ["\t".join(result["columns"])]) + ["\t".join(row) for row in rows]
        return "".join(line + "\n" for line in lines)
    widths = [max([len(title), *(len(row[at]) for row in rows)]) for at, title in enumerate(result["columns"])]
    rule = "+" + "+".join("-" * (width + 2) for width in widths) + "+\n"
    lines = ["|" + "|".join(f" {cell:{width}} " for cell, width in zip(row, widths, strict=True)) + "|\n"
             for row in (list(result["columns"]), *rows)]  # fmt: skip
    return rule + lines[0] + rule + "".join(lines[1:]) + rule


def mysqladmin(call: Call) -> int | None:
    call.args = [f"--password={word[2:]}" if word.startswith("-p") and len(word) > 2 else word for word in call.args]
    options, words = read(call, MYSQL, "ehPuDxcyz")
    host, port = options.last("h") or HERE, call.number(options.last("P") or "3306")
    asked = {"user": options.last("u") or "root", "password": options.last("p"), "sql": ""}
    found = _ask(call, host, port, asked)
    if found is None:
        return None
    if not found.ok:
        call.machine.write(call.process, 2, f"{call.name}: connect to server at '{host}' failed\n"
                           f"error: 'Can't connect to MySQL server on '{host}:{port}' (111)'\n")  # fmt: skip
        return 1
    if words[:1] == ["ping"]:
        call.out("mysqld is alive\n")
        return 0
    problem = next((result["fatal"] for result in json.loads(found.body) if "fatal" in result), "")
    if problem:
        call.machine.write(call.process, 2, f"{call.name}: connect to server at '{host}' failed\nerror: '{problem}'\n")
        return 1
    if words[:1] in (["status"], ["version"]):
        call.out(f"Server version\t\t{call.machine.image.version}\n")
        return 0
    return call.usage(f"Unknown command: '{' '.join(words)}'")


def mongo(call: Call) -> int | None:
    """Pings; what it cannot do it says."""
    options, words = read(call, {"eval": "e", "host": "h", "port": "p", "quiet": "q", "norc": "n", "username": "u",
                                 "password": "P", "authenticationDatabase": "a"}, "ehpuPa")  # fmt: skip
    place = next((word for word in words if "=" not in word), "").removeprefix("mongodb://")
    host = options.last("h") or (place.partition("/")[0].rpartition("@")[2].partition(":")[0] if place else "") or HERE
    port = call.number(options.last("p") or "27017")
    found = dialling.dial(call, host, Request("tcp", port, host=host), patience=30 * SECOND)
    if found is None:
        return None
    if not found.ok:
        why = (
            f"getaddrinfo ENOTFOUND {host}"
            if found.reason == "bad address"
            else f"connect ECONNREFUSED {found.address}:{port}"
        )
        call.machine.write(call.process, 2, f"MongoNetworkError: {why}\n")
        return 1
    script = options.last("e").replace(" ", "").replace("'", '"').rstrip(";")
    answers = {'db.adminCommand("ping")': "{ ok: 1 }", "db.adminCommand({ping:1})": "{ ok: 1 }",
               "db.version()": call.machine.image.version,
               'db.runCommand("ping")': "{ ok: 1 }", "db.runCommand({ping:1})": "{ ok: 1 }",
               'db.adminCommand("ping").ok': "1", 'db.runCommand("ping").ok': "1",
               "db.runCommand({ping:1}).ok": "1"}  # fmt: skip
    if script in answers:
        call.out(answers[script] + "\n")
        return 0
    call.complain("this simulated shell only answers a ping and db.version()")
    return 1
