"""The behaviours that the catalogue's images name, listed by hand."""

from collections.abc import Mapping

from workloads.images.behaviours.agnhost import AGNHOST
from workloads.images.behaviours.behaviour import Behaviour, Served, Server
from workloads.images.behaviours.component import COMPONENT
from workloads.images.behaviours.coredns import COREDNS
from workloads.images.behaviours.echoserver import ECHOSERVER
from workloads.images.behaviours.etcd import ETCD
from workloads.images.behaviours.helloapp import HELLO_APP
from workloads.images.behaviours.httpd import HTTPD
from workloads.images.behaviours.httpecho import HTTP_ECHO
from workloads.images.behaviours.kubeproxy import KUBE_PROXY
from workloads.images.behaviours.nginx import NGINX
from workloads.images.behaviours.redis import REDIS
from workloads.images.behaviours.webserver import WEB_SERVER

__all__ = ["BEHAVIOURS", "Behaviour", "Served", "Server"]

BEHAVIOURS: Mapping[str, Behaviour] = {
    behaviour.name: behaviour
    for behaviour in (
        AGNHOST,
        COMPONENT,
        COREDNS,
        ECHOSERVER,
        ETCD,
        HELLO_APP,
        HTTPD,
        HTTP_ECHO,
        KUBE_PROXY,
        NGINX,
        REDIS,
        WEB_SERVER,
    )
}
