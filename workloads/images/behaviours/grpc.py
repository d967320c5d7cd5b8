"""The gRPC health checking protocol (grpc.health.v1): status is gRPC's own code, the body the serving status."""

from clusters.kernel import Outcome
from workloads.images.behaviours.behaviour import ANSWERS_IN

OK, NOT_FOUND = 0, 5


def health(serving: bool, service: str = "", services: tuple[str, ...] = ("",)) -> Outcome:
    if service not in services:
        return Outcome(ok=True, status=NOT_FOUND, body=b"SERVICE_UNKNOWN", takes=ANSWERS_IN)
    return Outcome(ok=True, status=OK, body=b"SERVING" if serving else b"NOT_SERVING", takes=ANSWERS_IN)
