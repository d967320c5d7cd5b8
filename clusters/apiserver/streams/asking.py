"""One request into a cluster and its answer, from outside: what port-forward, proxy and visits have in common."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from uuid import uuid4

from clusters.apiserver.streams.line import line
from clusters.engine import inbox
from clusters.kernel import Hop, Outcome, Request
from clusters.kinds.body import Body, Key
from clusters.kinds.octets import bytes_of
from clusters.models import Cluster
from clusters.reconcile.message import Message
from clusters.reconcile.outside import asked

PATIENCE = 30.0  # seconds of the wall's time
LONGEST = 60.0
UNANSWERED = Outcome(ok=False, reason="timeout")


@dataclass
class Waiter:
    """Waits for one reply; what is lost on the way of waking the engine is made good every two seconds."""

    cluster_id: int
    to: str
    reply: asyncio.Future[Body]

    def heard(self, reply: Body) -> None:
        if not self.reply.done():
            self.reply.set_result(reply)

    async def pulse(self) -> None:
        await inbox.send(self.cluster_id, Message("wake", self.to, Key("", ""), {}))


async def ask(cluster: Cluster, about: Key, request: Request, host: str = "", longest: float = LONGEST) -> Outcome:
    """The pod `about` answers; or, with a `host`, whoever the network finds there. Raises redis.RedisError.

    It takes the time that it takes in the cluster, at the cluster's pace, up to `longest` seconds.
    """
    name, way = uuid4().hex, line()
    waiter = Waiter(cluster.pk, way.to, asyncio.get_running_loop().create_future())
    way.join(name, waiter)
    try:
        data = {"s": name, "host": host, "request": asked(request)}
        await inbox.send(cluster.pk, Message("request", way.to, about, data))
        reply = await asyncio.wait_for(waiter.reply, PATIENCE)
    except TimeoutError:
        return UNANSWERED
    finally:
        way.leave(name)
    if reply.get("failed"):
        return Outcome(ok=False, reason="the engine failed on this request")
    await asyncio.sleep(min(reply["takes"] / 1_000_000 / max(cluster.speed, 0.1), longest))
    return _outcome(reply)


def _outcome(reply: Body) -> Outcome:
    return Outcome(
        reply["ok"],
        reply["reason"],
        reply["status"],
        tuple((name, value) for name, value in reply["headers"]),
        bytes_of(reply["body"]),
        reply["takes"],
        hops=tuple(Hop(*hop) for hop in reply["hops"]),
    )
