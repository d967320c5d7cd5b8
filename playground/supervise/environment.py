"""Every setting that comes from outside, read in one place by the supervisor and by Django's settings."""

from __future__ import annotations

import hashlib
import os
import secrets
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote, urlsplit

ROOT = Path(__file__).resolve().parents[2]
SHARDS = 64
CLUSTERS_PER_ADDRESS = 40  # visitors' clusters; a school may stand behind one address
LONGEST_TEMPORARY = 50  # bytes; macOS allows a socket's path 104 in all, and its own temporary folder takes 49


class Trouble(Exception):
    """What keeps Podium from running, in one sentence for a person."""


@dataclass(frozen=True)
class Environment:
    """The settings of one Podium. Empty `database_url` and `redis_url` mean the embedded servers."""

    home: Path
    port: int
    api_port: int
    bind: str
    public_url: str
    workers: int
    allowed_hosts: tuple[str, ...]
    secret_key: str
    database_url: str
    redis_url: str
    clusters_per_address: int = CLUSTERS_PER_ADDRESS

    def variables(self) -> dict[str, str]:
        """The same settings as environment variables, for child processes and for the state file."""
        named = {
            "PODIUM_HOME": str(self.home),
            "PODIUM_PORT": str(self.port),
            "PODIUM_API_PORT": str(self.api_port),
            "PODIUM_BIND": self.bind,
            "PODIUM_PUBLIC_URL": self.public_url,
            "PODIUM_WORKERS": str(self.workers),
            "PODIUM_ALLOWED_HOSTS": ",".join(self.allowed_hosts),
            "PODIUM_SECRET_KEY": self.secret_key,
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "PODIUM_CLUSTERS_PER_ADDRESS": str(self.clusters_per_address),
        }
        return {name: value for name, value in named.items() if value}

    @property
    def sockets(self) -> Path:
        """Where the embedded servers listen: a Unix socket's path may not be longer than about 100 bytes."""
        return sockets_folder(self.home)

    @property
    def page_url(self) -> str:
        return self.public_url or f"http://{url_host(self.bind)}:{self.port}/"

    @property
    def public_host(self) -> str:
        return urlsplit(self.page_url).hostname or "127.0.0.1"

    @property
    def api_url(self) -> str:
        return f"https://{url_host(self.public_host)}:{self.api_port}/"


def read(variables: Mapping[str, str] | None = None) -> Environment:
    """The environment's settings; raises Trouble with one sentence where a value makes no sense."""
    env = os.environ if variables is None else variables
    found = Environment(
        home=Path(env.get("PODIUM_HOME") or default_home()).expanduser().absolute(),
        port=number(env, "PODIUM_PORT", 8000, 65535),
        api_port=number(env, "PODIUM_API_PORT", 8443, 65535),
        bind=env.get("PODIUM_BIND") or "127.0.0.1",
        public_url=public_url(env.get("PODIUM_PUBLIC_URL", "")),
        workers=number(env, "PODIUM_WORKERS", default_workers(), SHARDS),
        allowed_hosts=tuple(host.strip() for host in env.get("PODIUM_ALLOWED_HOSTS", "").split(",") if host.strip()),
        secret_key=env.get("PODIUM_SECRET_KEY", ""),
        database_url=env.get("DATABASE_URL", ""),
        redis_url=env.get("REDIS_URL", ""),
        clusters_per_address=number(env, "PODIUM_CLUSTERS_PER_ADDRESS", CLUSTERS_PER_ADDRESS, 100_000),
    )
    if found.port == found.api_port:
        raise Trouble(f"PODIUM_PORT and PODIUM_API_PORT must differ, and both are {found.port}.")
    return found


def number(env: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = env.get(name, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= most:
        raise Trouble(f"{name} must be a number from 1 to {most}, not {text!r}.")
    return int(text)


def public_url(text: str) -> str:
    if not text:
        return ""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Trouble(f"PODIUM_PUBLIC_URL must look like http://podium.example:8000/, not {text!r}.")
    return text if text.endswith("/") else text + "/"


def default_workers() -> int:
    return max(1, min(4, (os.cpu_count() or 1) // 2))


def default_home() -> Path:
    """A folder in the user's data directory: XDG's on Linux, Application Support on macOS."""
    if sys.platform == "darwin":
        return Path("~/Library/Application Support/Podium")
    return Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share") / "podium"


def sockets_folder(home: Path) -> Path:
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    temporary = tempfile.gettempdir()
    return Path(temporary if len(temporary) <= LONGEST_TEMPORARY else "/tmp") / f"podium-{os.getuid()}-{digest}"


def embedded_database_url(sockets: Path) -> str:
    return f"postgresql://podium@/podium?host={quote(str(sockets / 'postgres'), safe='')}"


def embedded_redis_url(sockets: Path) -> str:
    return f"unix://{sockets / 'valkey' / 'valkey.sock'}"


def with_embedded_servers(environment: Environment) -> Environment:
    """Where no server is given, the addresses of the embedded ones."""
    sockets = environment.sockets
    return replace(
        environment,
        database_url=environment.database_url or embedded_database_url(sockets),
        redis_url=environment.redis_url or embedded_redis_url(sockets),
    )


def secret_key(environment: Environment) -> str:
    """The key that signs sessions. Only `play` keeps one: where none was kept, it lasts as long as the process."""
    if environment.secret_key:
        return environment.secret_key
    try:
        return (environment.home / "secret-key").read_text()
    except OSError:
        return secrets.token_urlsafe(48)


def url_host(host: str) -> str:
    """A host as it stands in an address that a browser on this machine can open."""
    if host in ("0.0.0.0", "::", ""):
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
