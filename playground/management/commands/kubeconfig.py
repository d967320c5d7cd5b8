"""`manage.py kubeconfig [NAME]`: what kubectl needs to talk to a cluster of the running Podium."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clusters.models import Cluster
from playground.home.kubeconfig import kubeconfig
from playground.home.running import named, running

USER = "admin"


class Command(BaseCommand):
    help = "Print a kubeconfig that works as it is."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", default="", help="default: the newest cluster")

    def handle(self, *, name: str, **_: Any) -> None:
        address = running().api_url
        host = urlsplit(address).hostname or "127.0.0.1"
        cluster = named(name) if name else self.newest()
        self.stdout.write(kubeconfig(cluster, USER, f"[{host}]" if ":" in host else host), ending="")

    def newest(self) -> Cluster:
        found = list(Cluster.objects.order_by("-created_at", "-pk")[:2])
        if not found:
            raise CommandError("There is no cluster yet. Make one with: manage.py cluster create NAME")
        if len(found) > 1:
            self.stderr.write(f"There are several clusters; this is the newest, {found[0].name}.")
        return found[0]
