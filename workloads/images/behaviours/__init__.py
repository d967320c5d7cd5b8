"""The behaviours that the catalogue's images name, listed by hand."""

from collections.abc import Mapping

from workloads.images.behaviours.agnhost import AGNHOST
from workloads.images.behaviours.behaviour import Behaviour, Served, Server
from workloads.images.behaviours.component import COMPONENT
from workloads.images.behaviours.coredns import COREDNS
from workloads.images.behaviours.echoes import EALEN, JMALLOC, MENDHAK, WHOAMI
from workloads.images.behaviours.echoserver import ECHOSERVER
from workloads.images.behaviours.etcd import ETCD
from workloads.images.behaviours.fileserver import FILE_SERVER
from workloads.images.behaviours.guestbook import GUESTBOOK
from workloads.images.behaviours.helloapp import HELLO_APP
from workloads.images.behaviours.hpaexample import HPA_EXAMPLE
from workloads.images.behaviours.httpd import HTTPD
from workloads.images.behaviours.httpecho import HTTP_ECHO
from workloads.images.behaviours.ingress import F5_INGRESS, HAPROXY_INGRESS, INGRESS_NGINX
from workloads.images.behaviours.kubeproxy import KUBE_PROXY
from workloads.images.behaviours.memcached import MEMCACHED
from workloads.images.behaviours.nginx import NGINX
from workloads.images.behaviours.nodescript import NODE_SCRIPT
from workloads.images.behaviours.redis import REDIS
from workloads.images.behaviours.routes import ROUTES
from workloads.images.behaviours.shop import SHOP
from workloads.images.behaviours.sockets import MONGO, SILENT, ZOOKEEPER
from workloads.images.behaviours.sql import MYSQL, POSTGRES
from workloads.images.behaviours.webserver import WEB_SERVER
from workloads.images.behaviours.wordpress import WORDPRESS

__all__ = ["BEHAVIOURS", "Behaviour", "Served", "Server"]

BEHAVIOURS: Mapping[str, Behaviour] = {
    behaviour.name: behaviour
    for behaviour in (
        AGNHOST,
        COMPONENT,
        COREDNS,
        EALEN,
        ECHOSERVER,
        ETCD,
        F5_INGRESS,
        FILE_SERVER,
        GUESTBOOK,
        HELLO_APP,
        HAPROXY_INGRESS,
        HPA_EXAMPLE,
        HTTPD,
        HTTP_ECHO,
        INGRESS_NGINX,
        JMALLOC,
        KUBE_PROXY,
        MEMCACHED,
        MENDHAK,
        MONGO,
        MYSQL,
        NGINX,
        NODE_SCRIPT,
        POSTGRES,
        REDIS,
        SHOP,
        SILENT,
        WEB_SERVER,
        WHOAMI,
        WORDPRESS,
        ZOOKEEPER,
        *ROUTES,
    )
}
