"""`manage.py timekeeper`: wakes each cluster when its next timer is due. Any number may run."""

from typing import Any

from django.core.management.base import BaseCommand

from clusters.engine import timekeeper


class Command(BaseCommand):
    help = "Wake each cluster when its next timer is due; any number of timekeepers may run."
    requires_system_checks: list[str] = []

    def handle(self, **_: Any) -> None:
        timekeeper.run()
