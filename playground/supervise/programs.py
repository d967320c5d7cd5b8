"""The programs of a single-machine Podium, as the supervisor starts them."""

from __future__ import annotations

import os
import signal
import sys

from playground.supervise import postgres, valkey
from playground.supervise.addresses import listens
from playground.supervise.child import Program
from playground.supervise.environment import ROOT, SHARDS, Environment

# Celery warns of root; here root is a container's or a laptop's own user, and no student's code runs as a process
PYTHON = [sys.executable, "-W", "ignore:You're running the worker"]


def database(server: postgres.Postgres) -> Program:
    return Program(
        "postgres",
        server.command(),
        postgres.clean_environment(),
        ready=lambda: postgres.answers(server),
        stop_signal=signal.SIGINT,  # its "fast" stop: open transactions are rolled back
        popen=server.popen(),
    )


def queue(server: valkey.Valkey) -> Program:
    return Program("valkey", server.command(), postgres.clean_environment(), ready=lambda: valkey.answers(server))


def workers(environment: Environment) -> list[Program]:
    return [worker(environment, index) for index in range(environment.workers)]


def worker(environment: Environment, index: int) -> Program:
    """One process, one task at a time, reading its own share of the shards."""
    name = f"worker-{index + 1}"
    queues = ",".join(f"drive.{shard}" for shard in range(index, SHARDS, environment.workers))
    options = ["--pool=solo", "--without-gossip", "--without-mingle", "--without-heartbeat", "--prefetch-multiplier=1"]
    command = [*PYTHON, "-m", "celery", "--quiet", "-A", "playground", "worker", *options]
    own = [f"--hostname={name}@%h", f"--queues={queues}", "--loglevel=WARNING"]
    return Program(name, command + own, variables(environment, name), popen={"cwd": ROOT})


def timekeeper(environment: Environment) -> Program:
    return django_command(environment, "timekeeper")


def web(environment: Environment) -> Program:
    program = django_command(environment, "web")
    ports = (environment.port, environment.api_port)
    return Program(
        program.name,
        program.command,
        program.environment,
        ready=lambda: all(listens(environment.bind, port) for port in ports),
        popen=program.popen,
    )


def migrate(environment: Environment) -> Program:
    return django_command(environment, "migrate", "--no-input", "--verbosity=1")


def django_command(environment: Environment, name: str, *options: str) -> Program:
    command = [sys.executable, str(ROOT / "manage.py"), name, *options]
    return Program(name, command, variables(environment, name), popen={"cwd": ROOT})


def variables(environment: Environment, process: str) -> dict[str, str]:
    """What a child finds in its environment: everything is settled, so that it asks nothing else."""
    own = {
        "DJANGO_SETTINGS_MODULE": "playground.settings",
        "PODIUM_PROCESS": process,
        "PYTHONUNBUFFERED": "1",
        "MALLOC_ARENA_MAX": "2",  # glibc gives each thread 64 MB of address space to fragment otherwise
    }
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**inherited, **environment.variables(), **own}  # compiled modules halve the time of a start
