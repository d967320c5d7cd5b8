"""`manage.py cluster create|list|delete|url`: clusters of the running Podium, from the shell."""

from __future__ import annotations

import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clusters.engine.birth import MOST_NODES, create_cluster, delete_cluster, wait_until_ready
from clusters.engine.clock import FASTEST, SLOWEST
from clusters.models import Cluster
from clusters.reconcile.timings import PROFILES
from playground.home import limits, links
from playground.home.running import named, running

NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9 ._-]{0,61}[A-Za-z0-9])?")
PATIENCE = 60  # seconds until the nodes must be Ready


class Command(BaseCommand):
    help = "Create, list or delete clusters, or print a cluster's address."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        create = verbs.add_parser("create", help="Make a cluster; returns when its nodes are Ready.")
        create.add_argument("name")
        create.add_argument("--nodes", type=int, default=3, help="workers beside the control plane (default 3)")
        create.add_argument("--timings", choices=sorted(PROFILES), default="classroom")
        create.add_argument("--speed", type=float, default=1.0, help=f"of its clock, {SLOWEST:g} to {FASTEST:g}")
        create.add_argument("--quota", action="store_true", help="the limits of a visitor's cluster")
        verbs.add_parser("list", help="All clusters, oldest first.")
        verbs.add_parser("delete", help="Delete a cluster with all that is in it.").add_argument("name")
        url = verbs.add_parser("url", help="Print the address of a cluster's page.")
        url.add_argument("name")
        url.add_argument("--edit", action="store_true", help="the address that also gives the right to act")

    def handle(self, *, verb: str, **options: Any) -> None:
        address = running().page_url.rstrip("/")
        if verb == "create":
            self.stdout.write(address + links.page_path(create(**options).slug))
        elif verb == "list":
            for line in listed(address):
                self.stdout.write(line)
        elif verb == "delete":
            delete_cluster(named(options["name"]))
            self.stderr.write(f"Deleted {options['name']}.")
        else:
            self.stdout.write(address + path_of(named(options["name"]), edit=options["edit"]))


def create(name: str, nodes: int, timings: str, speed: float, quota: bool, **_: Any) -> Cluster:
    """The cluster, with its nodes Ready. Raises CommandError with one sentence."""
    if not NAME.fullmatch(name):
        raise CommandError(f"“{name}” cannot be a cluster's name: use letters, digits and single marks between them.")
    if Cluster.objects.filter(name=name).exists():
        raise CommandError(f"There is a cluster “{name}” already.")
    if not 0 <= nodes <= MOST_NODES:
        raise CommandError(f"--nodes must be from 0 to {MOST_NODES}.")
    if not SLOWEST <= speed <= FASTEST:
        raise CommandError(f"--speed must be from {SLOWEST:g} to {FASTEST:g}.")
    cluster = create_cluster(name, nodes, timings, speed, dict(limits.quota()) if quota else {})
    if not wait_until_ready(cluster, PATIENCE / min(speed, 1.0)):
        raise CommandError(f"“{name}” was made, but its nodes are not Ready yet. Do Podium's workers run?")
    return cluster


def listed(address: str) -> list[str]:
    """A line a cluster, in columns. Nothing at all where there is none."""
    rows = [
        (
            one.name,
            one.timings,
            f"{one.speed:g}x",
            "visitor" if one.owner else "shell",
            address + links.page_path(one.slug),
        )
        for one in Cluster.objects.order_by("created_at", "pk")
    ]
    if not rows:
        return []
    table = [("NAME", "TIMINGS", "SPEED", "MADE BY", "ADDRESS"), *rows]
    widths = [max(len(row[column]) for row in table) for column in range(4)]
    return ["   ".join([*(row[c].ljust(widths[c]) for c in range(4)), row[4]]) for row in table]


def path_of(cluster: Cluster, *, edit: bool) -> str:
    return links.edit_path(cluster.slug, cluster.secret) if edit else links.page_path(cluster.slug)
