"""MySQL and MariaDB: refuse to begin without a root password, keep databases in /var/lib/mysql."""

import re
from collections.abc import Mapping
from typing import Any

from clusters.kernel import Outcome, Request
from workloads.images.behaviours.behaviour import Behaviour, Served, Server, flag, number
from workloads.images.behaviours.sql.engine import Failed, Result
from workloads.images.behaviours.sql.server import NAME, Dialect, Session, create_database, serve

PASSWORDS = ("ROOT_PASSWORD", "ALLOW_EMPTY_PASSWORD", "RANDOM_ROOT_PASSWORD", "ALLOW_EMPTY_ROOT_PASSWORD",
             "ROOT_PASSWORD_HASH")  # fmt: skip
SYSTEM = ("information_schema", "mysql", "performance_schema", "sys")


def _given(server: Server, name: str) -> str:
    """A variable under MySQL's or MariaDB's prefix, or from a file."""
    for prefix in ("MARIADB_", "MYSQL_"):
        if value := server.env.get(prefix + name) or server.read(server.env.get(f"{prefix}{name}_FILE", "")):
            return value.strip()
    return ""


def folder(server: Server) -> str:
    return flag(server.argv, "datadir", "/var/lib/mysql").rstrip("/")


def quits(server: Server) -> tuple[int, str] | None:
    if "--version" in server.argv or "-V" in server.argv:
        return 0, f"/usr/sbin/mysqld  Ver {server.image.version} for Linux on x86_64"
    if server.read(folder(server) + "/ibdata1") is not None or any(_given(server, name) for name in PASSWORDS):
        return None
    product = "MariaDB" if "mariadb" in server.image.repository else "MySQL"
    stamp = "[ERROR] [Entrypoint]: Database is uninitialized and password option is not specified\n"
    needed = (
        "    You need to specify one of the following as an environment variable:\n    - MYSQL_ROOT_PASSWORD\n"
        "    - MYSQL_ALLOW_EMPTY_PASSWORD\n    - MYSQL_RANDOM_ROOT_PASSWORD"
        if product == "MySQL" else
        "\tYou need to specify one of MARIADB_ROOT_PASSWORD, MARIADB_ROOT_PASSWORD_HASH, "
        "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD and MARIADB_RANDOM_ROOT_PASSWORD"
    )  # fmt: skip
    started = f"[Note] [Entrypoint]: Entrypoint script for {product} Server {server.image.version} started.\n"
    return 1, started + stamp + needed


def makes(server: Server) -> Mapping[str, str]:
    """Only in an empty data folder, and with the environment of that moment."""
    data = folder(server)
    if server.read(f"{data}/ibdata1") is not None:
        return {}
    users = f"root:{_given(server, 'ROOT_PASSWORD')}\n"
    if name := _given(server, "USER"):
        users += f"{name}:{_given(server, 'PASSWORD')}\n"
    found = {f"{data}/ibdata1": users}
    if name := _given(server, "DATABASE"):
        found[f"{data}/{name}.sql"] = "-- empty\n"
    return found


def refuses(server: Server, asked: Mapping[str, str]) -> str:
    known = dict(line.partition(":")[::2] for line in (server.read(folder(server) + "/ibdata1") or "").splitlines())
    name, password = asked.get("user", ""), asked.get("password", "")
    if name in known and known[name] == password:
        return ""
    host = "localhost" if server.client.startswith("127.") else server.client or "%"
    return (
        f"ERROR 1045 (28000): Access denied for user '{name}'@'{host}' (using password: {'YES' if password else 'NO'})"
    )


def translate(statement: str) -> str:
    text = re.sub(r"(?i)\b(big|tiny|small|medium)?int(eger)?(\(\d+\))?(\s+unsigned)?(\s+not\s+null)?\s+auto_increment"
                  r"(\s+primary\s+key)?", "INTEGER PRIMARY KEY AUTOINCREMENT", statement)  # fmt: skip
    if "AUTOINCREMENT" in text:
        text = re.sub(r"(?i),\s*primary\s+key\s*\([^)]*\)", "", text)
    text = re.sub(r"(?i)\bnow\(\)", "CURRENT_TIMESTAMP", text)
    text = re.sub(r"(?i)\)\s*(engine|default\s+charset|charset|collate)\s*=?.*$", ")", text, flags=re.DOTALL)
    return re.sub(r"(?i)^insert\s+ignore\b", "INSERT OR IGNORE", text)


def failed(why: str, statement: str) -> str:
    if why.startswith("ERROR "):
        return why
    if why.startswith("no such table: "):
        table = why.removeprefix("no such table: ").removeprefix("main.")
        return f"ERROR 1146 (42S02) at line 1: Table '{table}' doesn't exist"
    if why.startswith("no such column: "):
        return f"ERROR 1054 (42S22) at line 1: Unknown column '{why.removeprefix('no such column: ')}' in 'field list'"
    if found := re.match(r"table [\"`]?(\w+)[\"`]? already exists", why):
        return f"ERROR 1050 (42S01) at line 1: Table '{found[1]}' already exists"
    if found := re.match(r'near "(.*)": syntax error', why):
        return ("ERROR 1064 (42000) at line 1: You have an error in your SQL syntax; check the manual that corresponds "
                f"to your server version for the right syntax to use near '{found[1]}' at line 1")  # fmt: skip
    if why.startswith("UNIQUE constraint failed"):
        return "ERROR 1062 (23000) at line 1: Duplicate entry"
    return f"ERROR 1105 (HY000) at line 1: {why}"


def answers(session: Session, statement: str) -> Any:
    """What is MySQL's own."""
    low = " ".join(statement.lower().split())
    made = create_database(statement)
    if made:
        if made[0] in session.names():
            return (
                {"tag": ""}
                if made[1]
                else {"error": f"ERROR 1007 (HY000) at line 1: Can't create database '{made[0]}'; database exists"}
            )
        session.create(made[0])
        return {"tag": ""}
    if found := re.match(rf"(?is)use\s+{NAME}", statement):
        known = session.use(found[1])
        return {"tag": ""} if known else {"error": f"ERROR 1049 (42000) at line 1: Unknown database '{found[1]}'"}
    if low in ("show databases", "show schemas"):
        return {"columns": ["Database"], "rows": [[name] for name in session.names()], "tag": ""}
    if low in ("select version()", "select @@version"):
        return {"columns": [statement.split(None, 1)[1]], "rows": [[session.server.image.version]], "tag": ""}
    if low.startswith(("grant ", "revoke ", "flush ", "create user", "alter user", "set ")):
        return {"tag": ""}
    if low in ("show tables",) or re.match(r"(desc|describe|show columns from) ", low):
        return _shown(session, low, statement)
    if low.startswith("show "):
        return {"columns": ["Variable_name", "Value"], "rows": [], "tag": ""}
    return None


def _shown(session: Session, low: str, statement: str) -> Any:
    if not session.database:
        return {"error": "ERROR 1046 (3D000) at line 1: No database selected"}
    try:
        live = session.live()
    except Failed as problem:
        return {"error": str(problem)}
    if low == "show tables":
        return {"columns": [f"Tables_in_{session.database}"], "rows": [[name] for name in live.tables()], "tag": ""}
    table = statement.rsplit(maxsplit=1)[-1].strip("`")
    found = live.columns(table)
    if not found:
        return {"error": f"ERROR 1146 (42S02) at line 1: Table '{session.database}.{table}' doesn't exist"}
    rows = [[name, type_.lower(), "NO" if filled or key else "YES", "PRI" if key else "", default, ""]
            for name, type_, filled, default, key in found]  # fmt: skip
    return {"columns": ["Field", "Type", "Null", "Key", "Default", "Extra"], "rows": rows, "tag": ""}


def _missing(name: str) -> str:
    return (f"ERROR 1049 (42000): Unknown database '{name}'" if name
            else "ERROR 1046 (3D000) at line 1: No database selected")  # fmt: skip


def _tag(statement: str, found: Result) -> str:
    return ""


DIALECT = Dialect(folder, refuses, SYSTEM, _missing, translate, failed, _tag, answers)


def ports(server: Server) -> tuple[int, ...]:
    return (number(flag(server.argv, "port", ""), 3306),)


def ask(server: Server, request: Request) -> Served:
    return serve(server, request, DIALECT)


def answer(server: Server, request: Request) -> Outcome:
    return ask(server, request).outcome


MYSQL = Behaviour("mysql", answer, ports, quits, serve=ask, makes=makes, is_raw=True)
