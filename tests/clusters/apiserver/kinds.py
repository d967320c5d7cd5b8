"""The real kinds, for tests of what is pure."""

from __future__ import annotations

from clusters.engine import assembly
from clusters.kinds.kind import Kind

KINDS = assembly.kinds()
DEPLOYMENT: Kind = KINDS["deployments"]
POD: Kind = KINDS["pods"]
SERVICE: Kind = KINDS["services"]
CONFIGMAP: Kind = KINDS["configmaps"]
FAULT: Kind = KINDS["faults"]
