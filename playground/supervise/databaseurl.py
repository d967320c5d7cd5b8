"""A DATABASE_URL as Django's settings want it."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from playground.supervise.environment import Trouble


def connection(url: str, *, pooled: bool) -> dict[str, Any]:
    """Django's settings of the database at `postgresql://user:password@host:port/name?option=value`.

    With many threads (`pooled`) psycopg's pool keeps connections warm; a process with one thread keeps its own.
    """
    check(url)
    parts = urlsplit(url)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "podium",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "") or options.pop("host", ""),
        "PORT": str(parts.port or options.pop("port", "")),
        "CONN_MAX_AGE": 0 if pooled else None,
        "CONN_HEALTH_CHECKS": pooled,  # after a restart of Postgres the pool is full of dead connections
        "OPTIONS": options | ({"pool": {"min_size": 1, "max_size": 8, "timeout": 10}} if pooled else {}),
    }


def check(url: str) -> None:
    if urlsplit(url).scheme not in ("postgres", "postgresql"):
        raise Trouble("DATABASE_URL must begin with postgresql://: Podium keeps everything in PostgreSQL.")
