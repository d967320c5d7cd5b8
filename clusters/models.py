"""The real tables: clusters, their objects, the log of every change, and what containers wrote."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from clusters.store.fields import JsonText

SHARDS = 64


class Cluster(models.Model):
    """One cluster. Its row is the lock under which revisions are given out, and carries clock and lease."""

    slug = models.CharField(max_length=63, unique=True)
    name = models.CharField(max_length=63)
    secret = models.CharField(max_length=43)  # of the edit link
    owner = models.CharField(max_length=64, blank=True)  # the visitor's key; "" for those made at the shell
    address = models.CharField(max_length=64, blank=True)  # from which the visitor came
    created_at = models.DateTimeField(db_default=Now())
    touched_at = models.DateTimeField(db_default=Now())  # the last page, watch, request or traffic
    pinned = models.BooleanField(default=False)  # never sleeps

    timings = models.CharField(max_length=16, default="classroom")
    limits = models.JSONField(default=dict)
    seed = models.CharField(max_length=32)

    revision = models.BigIntegerField(default=0)
    floor = models.BigIntegerField(default=0)  # the log holds what came after this revision
    epoch = models.BigIntegerField(default=0)
    worker = models.CharField(max_length=64, blank=True)  # who has the lease of this epoch

    # the clock; walls and cluster times in microseconds since the epoch
    anchor_wall = models.BigIntegerField()
    anchor_cluster = models.BigIntegerField()
    speed = models.FloatField(default=1.0)
    paused = models.BooleanField(default=False)
    asleep = models.BooleanField(default=False)
    step = models.CharField(max_length=8, blank=True)  # "change" or "timer": asked for while paused
    lag = models.BigIntegerField(default=0)  # cluster time by which the engine is behind
    next_due = models.BigIntegerField(null=True)  # wall time at which something is to do; null: nothing
    driven_at = models.BigIntegerField(default=0)  # wall time at which the engine last had it

    class Meta:
        indexes = [models.Index(fields=["next_due"], name="cluster_next_due"), models.Index(fields=["owner"])]

    def __str__(self) -> str:
        return self.name

    @property
    def shard(self) -> int:
        return int(self.pk) % SHARDS


class KubeObject(models.Model):
    """An object as it is now: etcd's keyspace as one table."""

    pk = models.CompositePrimaryKey("cluster", "resource", "group", "namespace", "name")
    cluster = models.ForeignKey(Cluster, models.DO_NOTHING, db_index=False)
    resource = models.CharField(max_length=63, db_collation="C")
    group = models.CharField(max_length=253, db_collation="C")
    namespace = models.CharField(max_length=63, db_collation="C")
    name = models.CharField(max_length=253, db_collation="C")
    uid = models.CharField(max_length=36)
    revision = models.BigIntegerField()
    body = JsonText()
    # of its last change, so that a chain of causes can reach beyond the log's floor
    actor = models.CharField(max_length=253)
    cause = models.BigIntegerField(null=True)
    why = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.resource} {self.namespace}/{self.name}"


class Change(models.Model):
    """One line of the log: the object after the change, who made it, and the revision that made it necessary."""

    pk = models.CompositePrimaryKey("cluster", "revision")
    cluster = models.ForeignKey(Cluster, models.DO_NOTHING, db_index=False)
    revision = models.BigIntegerField()
    op = models.CharField(max_length=8)
    resource = models.CharField(max_length=63)
    group = models.CharField(max_length=253)
    namespace = models.CharField(max_length=63)
    name = models.CharField(max_length=253)
    uid = models.CharField(max_length=36)
    body = JsonText()
    was = JsonText(null=True)  # labels and selectable fields before, where they changed
    actor = models.CharField(max_length=253)
    cause = models.BigIntegerField(null=True)
    why = models.TextField(blank=True)
    wall = models.BigIntegerField()
    at = models.BigIntegerField()  # cluster time

    class Meta:
        indexes = [
            # renewals are most of an idle cluster's log and are forgotten first
            models.Index(fields=["cluster", "at"], name="change_of_lease", condition=models.Q(resource="leases")),
            # one object through time: chains of causes, its own changes, what it was before
            models.Index(fields=["cluster", "uid", "revision"], name="change_of_object"),
            # few lines each: faults are looked through by every "why", the removed are found by their name
            models.Index(fields=["cluster", "revision"], name="change_of_fault", condition=models.Q(resource="faults")),
            models.Index(
                fields=["cluster", "resource", "namespace", "name", "revision"],
                name="change_removed",
                condition=models.Q(op="DELETED"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision} {self.op} {self.resource} {self.namespace}/{self.name}"


class Output(models.Model):
    """Lines that a container wrote: output, not state."""

    cluster = models.ForeignKey(Cluster, models.DO_NOTHING, db_index=False)
    owner = models.CharField(max_length=36)  # the pod's uid
    container = models.CharField(max_length=63)
    restart = models.IntegerField()
    revision = models.BigIntegerField()  # of the commit that it came with
    lines = JsonText()  # [[cluster time, stream, text], ...]
    size = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["cluster", "owner", "container", "restart"], name="output_of_container")]

    def __str__(self) -> str:
        return f"{self.container} of {self.owner}"


class Blob(models.Model):
    """A piece of a long text of the machine room, once per cluster (store/blobs.py)."""

    pk = models.CompositePrimaryKey("cluster", "digest")
    cluster = models.ForeignKey(Cluster, models.DO_NOTHING, db_index=False)
    digest = models.UUIDField()
    data = models.BinaryField()
    size = models.IntegerField()  # bytes before it was compressed

    def __str__(self) -> str:
        return f"{self.size} bytes of {self.cluster_id}"


class BlobUse(models.Model):
    """The pieces that an object has, as it was written at a revision."""

    pk = models.CompositePrimaryKey("cluster", "revision")
    cluster = models.ForeignKey(Cluster, models.DO_NOTHING, db_index=False)
    revision = models.BigIntegerField()
    digests = ArrayField(models.UUIDField())

    def __str__(self) -> str:
        return f"{len(self.digests)} pieces at {self.revision}"


class Moment(models.Model):
    """The lines of the log that were the living objects at a revision: where a rebuilt past begins."""

    pk = models.CompositePrimaryKey("cluster", "revision")
    cluster = models.ForeignKey(Cluster, models.DO_NOTHING, db_index=False)
    revision = models.BigIntegerField()
    at = models.BigIntegerField()  # cluster time of the last line in it
    living = JsonText()  # {resource: [revision, ...]}

    def __str__(self) -> str:
        return f"{self.cluster_id} at {self.revision}"


class Snapshot(models.Model):
    """What it takes to begin again: the writes that made the cluster, in order (start over)."""

    cluster = models.OneToOneField(Cluster, models.DO_NOTHING)
    writes = models.JSONField()  # {"nodes": 3, "manifests": [body, ...]}

    def __str__(self) -> str:
        return f"the beginning of {self.cluster_id}"


class Token(models.Model):
    """A bearer token of one cluster. Only its hash is kept."""

    digest = models.CharField(max_length=64, unique=True)
    cluster = models.ForeignKey(Cluster, models.DO_NOTHING)
    user = models.CharField(max_length=253)
    may_edit = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.user} of {self.cluster_id}"


class KindManager(models.Manager[Any]):
    """Objects of one kind: `Pod.objects.in_cluster(cluster)`."""

    def get_queryset(self) -> Any:
        found = super().get_queryset()
        resource, group = getattr(self.model, "resource_name", None), getattr(self.model, "group_name", None)
        return found if resource is None else found.filter(resource=resource, group=group)

    def in_cluster(self, cluster: Cluster) -> Any:
        return self.get_queryset().filter(cluster=cluster)


class Proxied(KubeObject):
    """The base of a kind's proxy: `class Pod(Proxied): resource_name, group_name = "pods", ""` with `Meta.proxy`."""

    resource_name: ClassVar[str | None] = None
    group_name: ClassVar[str | None] = None
    objects: ClassVar[KindManager] = KindManager()

    class Meta:
        proxy = True
