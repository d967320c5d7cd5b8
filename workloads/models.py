"""Proxy models of what runs, for queries: `Pod.objects.in_cluster(cluster)`."""

from __future__ import annotations

from clusters.models import Proxied


class Pod(Proxied):
    resource_name, group_name = "pods", ""

    class Meta:
        proxy = True


class ReplicaSet(Proxied):
    resource_name, group_name = "replicasets", "apps"

    class Meta:
        proxy = True


class Deployment(Proxied):
    resource_name, group_name = "deployments", "apps"

    class Meta:
        proxy = True


class StatefulSet(Proxied):
    resource_name, group_name = "statefulsets", "apps"

    class Meta:
        proxy = True


class DaemonSet(Proxied):
    resource_name, group_name = "daemonsets", "apps"

    class Meta:
        proxy = True


class ReplicationController(Proxied):
    resource_name, group_name = "replicationcontrollers", ""

    class Meta:
        proxy = True


class ControllerRevision(Proxied):
    resource_name, group_name = "controllerrevisions", "apps"

    class Meta:
        proxy = True


class Sandbox(Proxied):
    resource_name, group_name = "sandboxes", "machine.podium.dev"

    class Meta:
        proxy = True
