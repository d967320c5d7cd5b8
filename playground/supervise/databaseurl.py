"""A DATABASE_URL as Django's settings want it."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from playground.supervise.environment import Trouble


def connection(url: str) -> dict[str, Any]:
    """Django's settings of the database at `postgresql://user:password@host:port/name?option=value`.

    psycopg's pool keeps connections warm between requests and slices.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise Trouble("DATABASE_URL must begin with postgresql://, Podium keeps everything in PostgreSQL.")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "podium",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "") or options.pop("host", ""),
        "PORT": str(parts.port or options.pop("port", "")),
        "OPTIONS": options | {"pool": {"min_size": 0, "max_size": 8, "timeout": 10}},
        "CONN_HEALTH_CHECKS": False,
    }
