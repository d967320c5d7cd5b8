"""Proxy models of how workloads are reached, for queries: `Service.objects.in_cluster(cluster)`."""

from __future__ import annotations

from clusters.models import Proxied


class Service(Proxied):
    resource_name, group_name = "services", ""

    class Meta:
        proxy = True


class Endpoints(Proxied):
    resource_name, group_name = "endpoints", ""

    class Meta:
        proxy = True


class EndpointSlice(Proxied):
    resource_name, group_name = "endpointslices", "discovery.k8s.io"

    class Meta:
        proxy = True


class NetworkPolicy(Proxied):
    resource_name, group_name = "networkpolicies", "networking.k8s.io"

    class Meta:
        proxy = True


class Traffic(Proxied):
    resource_name, group_name = "traffic", "podium.dev"

    class Meta:
        proxy = True


class Ingress(Proxied):
    resource_name, group_name = "ingresses", "networking.k8s.io"

    class Meta:
        proxy = True


class IngressClass(Proxied):
    resource_name, group_name = "ingressclasses", "networking.k8s.io"

    class Meta:
        proxy = True
