"""The kinds that the platform gives."""

from __future__ import annotations

from clusters.kinds.configmap import CONFIGMAP
from clusters.kinds.disk import DISK
from clusters.kinds.event import EVENT
from clusters.kinds.fault import FAULT
from clusters.kinds.kind import Kind
from clusters.kinds.lease import LEASE
from clusters.kinds.limitrange import LIMITRANGE
from clusters.kinds.machine import MACHINE
from clusters.kinds.namespace import NAMESPACE
from clusters.kinds.node import NODE
from clusters.kinds.persistentvolume import PERSISTENTVOLUME
from clusters.kinds.persistentvolumeclaim import PERSISTENTVOLUMECLAIM
from clusters.kinds.resourcequota import RESOURCEQUOTA
from clusters.kinds.runtimeclass import RUNTIMECLASS
from clusters.kinds.secret import SECRET
from clusters.kinds.serviceaccount import SERVICEACCOUNT
from clusters.kinds.storageclass import STORAGECLASS

KINDS: tuple[Kind, ...] = (
    NAMESPACE,
    NODE,
    CONFIGMAP,
    SECRET,
    SERVICEACCOUNT,
    EVENT,
    LEASE,
    RESOURCEQUOTA,
    LIMITRANGE,
    FAULT,
    STORAGECLASS,
    RUNTIMECLASS,
    PERSISTENTVOLUME,
    PERSISTENTVOLUMECLAIM,
    MACHINE,
    DISK,
)
