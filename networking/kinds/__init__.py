"""The kinds by which workloads are reached."""

from __future__ import annotations

from clusters.kinds.kind import Kind
from networking.kinds.balancer import BALANCER
from networking.kinds.crowd import CROWD, SIGHTING
from networking.kinds.endpoints import ENDPOINTS
from networking.kinds.endpointslice import ENDPOINTSLICE
from networking.kinds.ingress import INGRESS
from networking.kinds.ingressclass import INGRESSCLASS
from networking.kinds.networkpolicy import NETWORKPOLICY
from networking.kinds.proxy import PROXY
from networking.kinds.proxyrules import PROXYRULES
from networking.kinds.service import SERVICE
from networking.kinds.synced import SYNCED
from networking.kinds.traffic import TRAFFIC

KINDS: tuple[Kind, ...] = (
    SERVICE,
    ENDPOINTS,
    ENDPOINTSLICE,
    INGRESSCLASS,
    INGRESS,
    NETWORKPOLICY,
    PROXYRULES,
    PROXY,
    BALANCER,
    TRAFFIC,
    CROWD,
    SIGHTING,
    SYNCED,
)
