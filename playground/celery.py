"""The Celery application: one task a slice, sent to the queue of the cluster's shard."""

import os

from celery import Celery
from kombu import Exchange, Queue

from playground.supervise.environment import SHARDS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playground.settings")

app = Celery("podium")
app.config_from_object("django.conf:settings", namespace="CELERY")
# a slice is 50 ms of work: Celery would open a new connection to Postgres for each; the engine closes what breaks
app.conf["CELERY_DB_REUSE_MAX"] = 10**9
# what is lost is sent again within a second (DESIGN: Timers): Redis need not remember each task until it is done
_shards = [f"drive.{number}" for number in range(SHARDS)]
app.conf.task_queues = [Queue(name, Exchange(name), name, no_ack=True) for name in _shards]
app.autodiscover_tasks(["clusters.engine"], related_name="drive")
