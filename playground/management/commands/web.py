"""`manage.py web`: the pages over http, the Kubernetes API over TLS."""

import sys
from threading import Timer
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

AFTER = 0.5  # seconds


class Command(BaseCommand):
    help = "Serve the pages on PODIUM_PORT and the Kubernetes API, over TLS, on PODIUM_API_PORT."
    requires_system_checks: list[str] = []

    def handle(self, **_: Any) -> None:
        from playground.asgi import application
        from playground.supervise import server  # installs Twisted's reactor: only the process that serves wants one
        from playground.warm import warm
        from workloads.images.entries import catalogue

        catalogue()  # which the first picture wants: read now, nobody waits for it
        late = Timer(AFTER, warm)  # whoever waits for the ports has them first
        late.daemon = True
        late.start()
        sys.exit(server.serve(application, settings.PODIUM))
