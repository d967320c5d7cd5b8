"""PostgreSQL: refuses to begin without a password, keeps databases in PGDATA."""

import re
from collections.abc import Mapping
from typing import Any

from clusters.kernel import Outcome, Request
from workloads.images.behaviours.behaviour import Behaviour, Served, Server, flag, number
from workloads.images.behaviours.sql.engine import Failed, Result
from workloads.images.behaviours.sql.server import Dialect, Session, create_database, serve

NO_PASSWORD = (
    "Error: Database is uninitialized and superuser password is not specified.\n"
    "       You must specify POSTGRES_PASSWORD to a non-empty value for the\n"
    '       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".\n\n'
    '       You may also use "POSTGRES_HOST_AUTH_METHOD=trust" to allow all\n'
    "       connections without a password. This is *not* recommended.\n\n"
    '       See PostgreSQL documentation about "trust":\n'
    "       https://www.postgresql.org/docs/current/auth-trust.html"
)


def folder(server: Server) -> str:
    return server.env.get("PGDATA", "/var/lib/postgresql/data").rstrip("/") + "/base"


def user(server: Server) -> str:
    return server.env.get("POSTGRES_USER") or "postgres"


def quits(server: Server) -> tuple[int, str] | None:
    if "--version" in server.argv or "-V" in server.argv:
        return 0, f"postgres (PostgreSQL) {server.image.version}"
    is_there = server.read(folder(server).removesuffix("/base") + "/PG_VERSION") is not None
    trusts = server.env.get("POSTGRES_HOST_AUTH_METHOD") == "trust"
    return None if is_there or trusts or server.env.get("POSTGRES_PASSWORD") else (1, NO_PASSWORD)


def makes(server: Server) -> Mapping[str, str]:
    """initdb: only in an empty data folder, and with the environment of that moment."""
    data = folder(server).removesuffix("/base")
    if server.read(f"{data}/PG_VERSION") is not None:
        return {}
    major = server.image.version.partition(".")[0]
    first = server.env.get("POSTGRES_DB") or user(server)
    roles = f"{user(server)}:{server.env.get('POSTGRES_PASSWORD', '')}\n"
    return {f"{data}/PG_VERSION": major + "\n", f"{data}/base/{first}.sql": "-- empty\n",
            f"{data}/base/postgres.sql": "-- empty\n", f"{data}/global/pg_authid": roles}  # fmt: skip


def refuses(server: Server, asked: Mapping[str, str]) -> str:
    """From the container itself everybody is trusted, as its pg_hba.conf says."""
    roles = server.read(folder(server).removesuffix("/base") + "/global/pg_authid") or f"{user(server)}:\n"
    known = dict(line.partition(":")[::2] for line in roles.splitlines())
    name = asked.get("user", "")
    is_local = server.client.startswith("127.") or server.env.get("POSTGRES_HOST_AUTH_METHOD") == "trust"
    if name not in known:
        return f'role "{name}" does not exist' if is_local else f'password authentication failed for user "{name}"'
    if is_local or asked.get("password") == known[name]:
        return ""
    return f'password authentication failed for user "{name}"'


def translate(statement: str) -> str:
    text = re.sub(r"(?i)\b(big|small)?serial\b(\s+primary\s+key)?", "INTEGER PRIMARY KEY AUTOINCREMENT", statement)
    text = re.sub(r"(?i)\bnow\(\)", "CURRENT_TIMESTAMP", text)
    text = re.sub(r"(?i)\bcurrent_user\b|\bsession_user\b", "'postgres'", text)
    text = re.sub(r"::\w+(\(\d+\))?", "", text)
    return re.sub(r"(?i)\b(character varying|varchar)\b", "TEXT", text)


def failed(why: str, statement: str) -> str:
    if why.startswith("no such table: "):
        return f'relation "{why.removeprefix("no such table: ").removeprefix("main.")}" does not exist'
    if why.startswith("no such column: "):
        return f'column "{why.removeprefix("no such column: ")}" does not exist'
    if found := re.match(r"table [\"`]?(\w+)[\"`]? already exists", why):
        return f'relation "{found[1]}" already exists'
    if found := re.match(r'near "(.*)": syntax error', why):
        return f'syntax error at or near "{found[1]}"'
    if why.startswith("UNIQUE constraint failed"):
        return "duplicate key value violates unique constraint"
    return why


def tag(statement: str, found: Result) -> str:
    words = statement.split()
    verb = words[0].upper()
    if verb == "INSERT":
        return f"INSERT 0 {max(found.changed, 0)}"
    if verb in ("UPDATE", "DELETE"):
        return f"{verb} {max(found.changed, 0)}"
    if verb in ("CREATE", "DROP", "ALTER"):
        return f"{verb} {words[1].upper() if len(words) > 1 else ''}"
    return {"BEGIN": "BEGIN", "COMMIT": "COMMIT", "ROLLBACK": "ROLLBACK", "SELECT": ""}.get(verb, verb)


def answers(session: Session, statement: str) -> Any:
    """What is PostgreSQL's own: databases, roles, version, and psql's backslash commands."""
    made = create_database(statement)
    if made:
        if made[0] in session.names():
            return {"error": f'database "{made[0]}" already exists'}
        session.create(made[0])
        return {"tag": "CREATE DATABASE"}
    low = statement.lower()
    if re.match(r"create\s+(user|role)|alter\s+(user|role)", low):
        return {"tag": statement.split(maxsplit=1)[0].upper() + " ROLE"}
    if low.startswith(("grant ", "revoke ", "set ", "comment ")):
        return {"tag": statement.split(maxsplit=1)[0].upper()}
    if re.match(r"select\s+version\(\)", low):
        version = f"PostgreSQL {session.server.image.version} on x86_64-pc-linux-gnu, 64-bit"
        return {"columns": ["version"], "rows": [[version]], "tag": ""}
    if re.match(r"select\s+pg_is_in_recovery\(\)", low):
        return {"columns": ["pg_is_in_recovery"], "rows": [["f"]], "tag": ""}
    if re.match(r"select\s+datname\s+from\s+pg_database", low):
        return {"columns": ["datname"], "rows": [[name] for name in session.names()], "tag": ""}
    return _backslash(session, statement) if statement.startswith("\\") else None


def _backslash(session: Session, statement: str) -> Any:
    words = statement.split()
    if words[0] in ("\\l", "\\list", "\\l+"):
        rows = [[name, user(session.server), "UTF8"] for name in session.names()]
        return {"title": "List of databases", "columns": ["Name", "Owner", "Encoding"], "rows": rows, "tag": ""}
    try:
        live = session.live()
        if words[0] in ("\\dt", "\\d") and len(words) == 1:
            rows = [["public", name, "table", user(session.server)] for name in live.tables()]
            if not rows:
                return {"error": "Did not find any relations."}
            return {
                "title": "List of relations",
                "columns": ["Schema", "Name", "Type", "Owner"],
                "rows": rows,
                "tag": "",
            }
        if words[0] in ("\\d", "\\d+") and len(words) > 1:
            found = live.columns(words[1])
            if not found:
                return {"error": f'Did not find any relation named "{words[1]}".'}
            rows = [
                [name, type_.lower(), "not null" if filled else "", default or ""]
                for name, type_, filled, default, _ in found
            ]
            return {
                "title": f'Table "public.{words[1]}"',
                "columns": ["Column", "Type", "Nullable", "Default"],
                "rows": rows,
                "tag": "",
            }
        if words[0] in ("\\c", "\\connect") and len(words) > 1:
            if not session.use(words[1]):
                return {"error": f'database "{words[1]}" does not exist'}
            return {"tag": f'You are now connected to database "{words[1]}" as user "{session.user}".'}
        if words[0] in ("\\du", "\\conninfo"):
            return {
                "title": "List of roles",
                "columns": ["Role name", "Attributes"],
                "rows": [[user(session.server), "Superuser"]],
                "tag": "",
            }
    except Failed as problem:
        return {"error": str(problem)}
    return {"error": f"invalid command {words[0]}"}


DIALECT = Dialect(folder, refuses, ("postgres", "template0", "template1"),
                  lambda name: f'database "{name}" does not exist', translate, failed, tag, answers)  # fmt: skip


def ports(server: Server) -> tuple[int, ...]:
    return (number(flag(server.argv, "p", server.env.get("PGPORT", "")), 5432),)


def ask(server: Server, request: Request) -> Served:
    return serve(server, request, DIALECT)


def answer(server: Server, request: Request) -> Outcome:
    return ask(server, request).outcome


POSTGRES = Behaviour("postgres", answer, ports, quits, serve=ask, makes=makes, is_raw=True)
