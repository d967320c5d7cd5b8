"""`manage.py play`, for `manage.py help`: manage.py itself runs it, before Django is imported."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from playground.supervise.play import main


class Command(BaseCommand):
    help = "Run a whole Podium on this machine: Postgres, Valkey, workers, timekeeper and web."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--class", dest="room", action="store_true", help="serve a room full of laptops")

    def handle(self, *, room: bool, **_: Any) -> None:
        sys.exit(main(["--class"] if room else []))
