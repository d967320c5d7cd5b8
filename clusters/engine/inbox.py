"""The way from outside into the engine: messages in a Redis stream per cluster, replies in a list per web process.

A message leaves the stream when what it caused is durable, so a worker's death repeats it and loses none. Redis itself
may lose all of it: sessions end then, as when a network breaks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from hashlib import sha1
from typing import Any

import orjson
import redis
import redis.asyncio as aioredis
from django.conf import settings

from clusters.kinds.body import Body, Key
from clusters.reconcile.message import Message
from clusters.reconcile.writes import Reply
from clusters.store.announce import QUEUED_FOR, UNREACHABLE, client, queued, send_drive

MOST = 200  # messages that one slice takes
LONGEST = 10_000  # messages that may wait: whoever sends is held back long before
BUSY_FOR = 1000  # milliseconds for which it counts that a worker has the cluster in its hands and will look again
KEPT = 120  # seconds for which replies wait for a web process that may have died
ALIVE = 30  # seconds for which a session's sign of life counts
# (stream, busy, queued; longest, message, kept, queued for): one round trip, and 1 for who has to wake the engine
PUT = """redis.call('XADD', KEYS[1], 'MAXLEN', ARGV[1], '*', 'm', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
return redis.call('SET', KEYS[3], 1, 'NX', 'PX', ARGV[4]) and 1 or 0"""
PUT_NAME = sha1(PUT.encode(), usedforsecurity=False).hexdigest()
_clients: dict[asyncio.AbstractEventLoop, aioredis.Redis] = {}


def place(cluster_id: int) -> str:
    return f"podium:inbox:{cluster_id}"


def busy(cluster_id: int) -> str:
    """The flag that says that a worker will look into the inbox again before it lets go of the cluster."""
    return f"podium:busy:{cluster_id}"


def life(session: str) -> str:
    return f"podium:session:{session}"


# the engine's side


def begun(cluster_id: int) -> Sequence[tuple[str, Message]]:
    """A slice has begun: what is written from now on must queue the cluster again; messages are looked for at its end.

    Gives the oldest messages with their places in the stream. Without Redis there are none.
    """
    try:
        with client().pipeline(transaction=False) as pipe:
            pipe.delete(queued(cluster_id))
            pipe.set(busy(cluster_id), 1, px=BUSY_FOR)
            pipe.xrange(place(cluster_id), count=MOST)
            *_, found = pipe.execute()
    except UNREACHABLE:
        return ()
    return _read(found)


def more(cluster_id: int) -> Sequence[tuple[str, Message]]:
    """What has come since."""
    try:
        return _read(client().xrange(place(cluster_id), count=MOST))
    except UNREACHABLE:
        return ()


def ended(cluster_id: int) -> bool:
    """Whether messages wait. What comes from now on must queue the cluster again: first the flag goes, then we look."""
    try:
        with client().pipeline(transaction=False) as pipe:
            pipe.delete(busy(cluster_id))
            pipe.xlen(place(cluster_id))
            return bool(pipe.execute()[1])
    except UNREACHABLE:
        return False


def done(cluster_id: int, last: str) -> None:
    """What stands up to there is durable. Saying it twice, or late, takes nothing away that came after."""
    time, _, number = last.partition("-")
    with suppress(*UNREACHABLE):
        client().xtrim(place(cluster_id), minid=f"{time}-{int(number) + 1}", approximate=False)


def send_replies(replies: Sequence[Reply]) -> None:
    """In their order, to who waits for them."""
    gathered: dict[str, list[bytes]] = {}
    for reply in replies:
        gathered.setdefault(reply.to, []).append(orjson.dumps(reply.data))
    with suppress(*UNREACHABLE), client().pipeline(transaction=False) as pipe:
        for to, data in gathered.items():
            pipe.rpush(to, *data)
            pipe.expire(to, KEPT)
        pipe.execute()


def silent(sessions: Iterable[str]) -> set[str]:
    """Those of which nobody has said lately that they are still wanted. Without Redis nobody is judged."""
    names = list(sessions)
    try:
        found: Any = client().mget([life(name) for name in names]) if names else []
    except UNREACHABLE:
        return set()
    return {name for name, value in zip(names, found, strict=True) if value is None}


# the web process's side


async def send(cluster_id: int, message: Message) -> None:
    """Put it in, and wake the cluster unless somebody will look anyway. Raises redis.RedisError."""
    packed = orjson.dumps([message.name, message.to, [message.about.namespace, message.about.name], message.data])
    keys = (place(cluster_id), busy(cluster_id), queued(cluster_id))
    if await _put(aclient(), keys, (LONGEST, packed, KEPT, QUEUED_FOR)):
        await asyncio.to_thread(_drive, cluster_id)


async def _put(redis_: aioredis.Redis, keys: Sequence[str], args: Sequence[Any]) -> bool:
    """Whether its `drive` must be sent."""
    try:
        return bool(await redis_.evalsha(PUT_NAME, len(keys), *keys, *args))
    except redis.exceptions.NoScriptError:
        return bool(await redis_.eval(PUT, len(keys), *keys, *args))


async def still_wanted(sessions: Mapping[str, object]) -> None:
    """A sign of life of each."""
    async with aclient().pipeline(transaction=False) as pipe:
        for name in sessions:
            pipe.set(life(name), 1, ex=ALIVE)
        await pipe.execute()


def aclient() -> aioredis.Redis:
    """This event loop's connections."""
    loop = asyncio.get_running_loop()
    found = _clients.get(loop)
    if found is None:
        found = _clients[loop] = aioredis.Redis.from_url(settings.REDIS_URL, socket_timeout=None)
    return found


async def close() -> None:
    """Close them (a test's loop ends before the process)."""
    found = _clients.pop(asyncio.get_running_loop(), None)
    if found is not None:
        await found.aclose()


def _drive(cluster_id: int) -> None:
    with suppress(redis.RedisError, *UNREACHABLE):
        send_drive(cluster_id)


def _read(found: Any) -> list[tuple[str, Message]]:
    return [(at.decode(), _message(fields[b"m"])) for at, fields in found]


def _message(packed: bytes) -> Message:
    name, to, about, data = orjson.loads(packed)
    body: Body = data
    return Message(name, to, Key(*about), body)
