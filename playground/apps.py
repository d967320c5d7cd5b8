"""The Django app."""

import importlib

from django.apps import AppConfig


class PlaygroundConfig(AppConfig):
    name = "playground"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # tasks are sent from every process that writes: they must find Podium's Celery, not an unconfigured one
        importlib.import_module("playground.celery")
