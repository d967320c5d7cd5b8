"""The commands of Redis, over keys that are plain JSON: {name: {"kind", "value", "until"}}."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from clusters.reconcile.clock import MILLISECOND, SECOND, Time
from workloads.images.behaviours.redis.resp import Failed, Simple

OK = Simple("OK")
EMPTY: Mapping[str, Callable[[], Any]] = {"string": str, "list": list, "hash": dict, "set": list, "zset": dict}
WRONG = "WRONGTYPE Operation against a key holding the wrong kind of value"


class Keys:
    """One connection's view of the data: copied when it is first changed."""

    def __init__(self, state: Mapping[str, Any], now: Time) -> None:
        self.config: dict[str, str] = dict(state["config"])
        self.data: dict[str, dict[str, Any]] = dict(state["data"])
        self.now, self.changed, self.files = now, False, dict[str, str]()

    def entry(self, key: str) -> dict[str, Any] | None:
        found = self.data.get(key)
        if found is not None and found.get("until") is not None and found["until"] <= self.now:
            return None
        return found

    def get(self, key: str, kind: str) -> Any:
        """The value; an empty one of that kind when there is none."""
        found = self.entry(key)
        if found is None:
            return EMPTY[kind]() if kind != "string" else None
        if found["kind"] != kind:
            raise Failed(WRONG)
        value = found["value"]
        return dict(value) if isinstance(value, dict) else list(value) if isinstance(value, list) else value

    def put(self, key: str, kind: str, value: Any, until: Time | None = None, keep: bool = True) -> None:
        old = self.entry(key)
        self.changed = True
        if value in ([], {}):
            self.data.pop(key, None)
            return
        self.data[key] = {"kind": kind, "value": value, "until": old.get("until") if old and keep else until}

    def drop(self, key: str) -> bool:
        there = self.entry(key) is not None
        self.changed = self.changed or there
        self.data.pop(key, None)
        return there

    def names(self) -> list[str]:
        return sorted(name for name in self.data if self.entry(name) is not None)


def ping(keys: Keys, words: list[str]) -> Any:
    return words[0] if words else Simple("PONG")


def set_(keys: Keys, words: list[str]) -> Any:
    key, value, *rest = words[0], words[1], *(word.upper() for word in words[2:])
    there, until = keys.entry(key) is not None, None
    old = keys.get(key, "string") if "GET" in rest else None
    for unit, factor in (("EX", SECOND), ("PX", MILLISECOND)):
        if unit in rest:
            until = keys.now + int(rest[rest.index(unit) + 1]) * factor
    if ("NX" in rest and there) or ("XX" in rest and not there):
        return old
    keys.put(key, "string", value, until, keep="KEEPTTL" in rest)
    return old if "GET" in rest else OK


def get(keys: Keys, words: list[str]) -> Any:
    return keys.get(words[0], "string")


def getset(keys: Keys, words: list[str]) -> Any:
    old = keys.get(words[0], "string")
    keys.put(words[0], "string", words[1], keep=False)
    return old


def getdel(keys: Keys, words: list[str]) -> Any:
    old = keys.get(words[0], "string")
    keys.drop(words[0])
    return old


def setnx(keys: Keys, words: list[str]) -> Any:
    if keys.entry(words[0]) is not None:
        return 0
    keys.put(words[0], "string", words[1])
    return 1


def setex(keys: Keys, words: list[str]) -> Any:
    keys.put(words[0], "string", words[2], keys.now + int(words[1]) * SECOND, keep=False)
    return OK


def mset(keys: Keys, words: list[str]) -> Any:
    for at in range(0, len(words), 2):
        keys.put(words[at], "string", words[at + 1], keep=False)
    return OK


def mget(keys: Keys, words: list[str]) -> Any:
    return [keys.get(word, "string") for word in words]


def append(keys: Keys, words: list[str]) -> Any:
    value = (keys.get(words[0], "string") or "") + words[1]
    keys.put(words[0], "string", value)
    return len(value.encode())


def strlen(keys: Keys, words: list[str]) -> Any:
    return len((keys.get(words[0], "string") or "").encode())


def _add(keys: Keys, key: str, amount: int) -> int:
    value = int(keys.get(key, "string") or "0") + amount
    if abs(value) >= 2**63:
        raise Failed("ERR increment or decrement would overflow")
    keys.put(key, "string", str(value))
    return value


def delete(keys: Keys, words: list[str]) -> Any:
    return sum([keys.drop(word) for word in _some(words)])


def _some(words: list[str]) -> list[str]:
    if not words:
        raise IndexError
    return words


def exists(keys: Keys, words: list[str]) -> Any:
    return sum(keys.entry(word) is not None for word in _some(words))


def _expire(unit: int) -> Callable[[Keys, list[str]], Any]:
    def expire(keys: Keys, words: list[str]) -> Any:
        found = keys.entry(words[0])
        if found is None:
            return 0
        keys.data[words[0]] = {**found, "until": keys.now + int(words[1]) * unit}
        keys.changed = True
        return 1

    return expire


def _ttl(unit: int) -> Callable[[Keys, list[str]], Any]:
    def ttl(keys: Keys, words: list[str]) -> Any:
        found = keys.entry(words[0])
        if found is None:
            return -2
        return -1 if found.get("until") is None else (found["until"] - keys.now + unit // 2) // unit

    return ttl


def persist(keys: Keys, words: list[str]) -> Any:
    found = keys.entry(words[0])
    if found is None or found.get("until") is None:
        return 0
    keys.data[words[0]] = {**found, "until": None}
    keys.changed = True
    return 1


def type_(keys: Keys, words: list[str]) -> Any:
    found = keys.entry(words[0])
    return Simple(found["kind"] if found else "none")


def names(keys: Keys, words: list[str]) -> Any:
    pattern = re.compile(
        "".join(".*" if c == "*" else "." if c == "?" else re.escape(c) for c in re.sub(r"\*+", "*", words[0][:64])),
        re.DOTALL,
    )
    return [name for name in keys.names() if pattern.fullmatch(name)]


def scan(keys: Keys, words: list[str]) -> Any:
    pattern = next((words[at + 1] for at, word in enumerate(words[:-1]) if word.upper() == "MATCH"), "*")
    return ["0", names(keys, [pattern])]


def rename(keys: Keys, words: list[str]) -> Any:
    found = keys.entry(words[0])
    if found is None:
        raise Failed("ERR no such key")
    keys.drop(words[0])
    keys.data[words[1]] = found
    return OK


def flush(keys: Keys, words: list[str]) -> Any:
    keys.data, keys.changed = {}, True
    return OK


def _push(left: bool) -> Callable[[Keys, list[str]], Any]:
    def push(keys: Keys, words: list[str]) -> Any:
        found = keys.get(words[0], "list")
        for word in _some(words[1:]):
            found.insert(0 if left else len(found), word)
        keys.put(words[0], "list", found)
        return len(found)

    return push


def _pop(left: bool) -> Callable[[Keys, list[str]], Any]:
    def pop(keys: Keys, words: list[str]) -> Any:
        found = keys.get(words[0], "list")
        if not found:
            return None
        taken = [found.pop(0 if left else -1) for _ in range(min(int(words[1]) if len(words) > 1 else 1, len(found)))]
        keys.put(words[0], "list", found)
        return taken if len(words) > 1 else taken[0]

    return pop


def _span(words: list[str], length: int) -> slice:
    first, last = int(words[0]), int(words[1])
    first = max(first + length, 0) if first < 0 else first
    return slice(first, (last + length if last < 0 else last) + 1)


def lrange(keys: Keys, words: list[str]) -> Any:
    found = keys.get(words[0], "list")
    return found[_span(words[1:], len(found))]


def ltrim(keys: Keys, words: list[str]) -> Any:
    found = keys.get(words[0], "list")
    keys.put(words[0], "list", found[_span(words[1:], len(found))])
    return OK


def lindex(keys: Keys, words: list[str]) -> Any:
    found, at = keys.get(words[0], "list"), int(words[1])
    return found[at] if -len(found) <= at < len(found) else None


def lset(keys: Keys, words: list[str]) -> Any:
    found, at = keys.get(words[0], "list"), int(words[1])
    if not -len(found) <= at < len(found):
        raise Failed("ERR index out of range" if found else "ERR no such key")
    found[at] = words[2]
    keys.put(words[0], "list", found)
    return OK


def lrem(keys: Keys, words: list[str]) -> Any:
    found = keys.get(words[0], "list")
    kept = [one for one in found if one != words[2]]
    keys.put(words[0], "list", kept)
    return len(found) - len(kept)


def sadd(keys: Keys, words: list[str]) -> Any:
    found = keys.get(words[0], "set")
    new = [word for word in dict.fromkeys(_some(words[1:])) if word not in found]
    keys.put(words[0], "set", [*found, *new])
    return len(new)


def srem(keys: Keys, words: list[str]) -> Any:
    found = keys.get(words[0], "set")
    kept = [one for one in found if one not in words[1:]]
    keys.put(words[0], "set", kept)
    return len(found) - len(kept)


def hset(keys: Keys, words: list[str]) -> Any:
    found = keys.get(words[0], "hash")
    before = len(found)
    for at in range(1, len(words), 2):
        found[words[at]] = words[at + 1]
    keys.put(words[0], "hash", found)
    return len(found) - before


def hmset(keys: Keys, words: list[str]) -> Any:
    hset(keys, words)
    return OK


def hdel(keys: Keys, words: list[str]) -> Any:
    found = keys.get(words[0], "hash")
    gone = [found.pop(word) for word in words[1:] if word in found]
    keys.put(words[0], "hash", found)
    return len(gone)


def hincrby(keys: Keys, words: list[str]) -> Any:
    found = keys.get(words[0], "hash")
    value = int(found.get(words[1], "0")) + int(words[2])
    keys.put(words[0], "hash", {**found, words[1]: str(value)})
    return value


def hgetall(keys: Keys, words: list[str]) -> Any:
    return [part for pair in keys.get(words[0], "hash").items() for part in pair]


def zadd(keys: Keys, words: list[str]) -> Any:
    found = keys.get(words[0], "zset")
    before = len(found)
    for at in range(1, len(words), 2):
        found[words[at + 1]] = float(words[at])
    keys.put(words[0], "zset", found)
    return len(found) - before


def _ranked(keys: Keys, key: str) -> list[tuple[str, float]]:
    return sorted(keys.get(key, "zset").items(), key=lambda pair: (pair[1], pair[0]))


def _shown(score: float) -> str:
    return f"{score:g}"


def zrange(keys: Keys, words: list[str], back: bool = False) -> Any:
    ranked = _ranked(keys, words[0])
    chosen = (ranked[::-1] if back else ranked)[_span(words[1:], len(ranked))]
    if "WITHSCORES" in [word.upper() for word in words[3:]]:
        return [part for name, score in chosen for part in (name, _shown(score))]
    return [name for name, _ in chosen]


def zincrby(keys: Keys, words: list[str]) -> Any:
    found = keys.get(words[0], "zset")
    score = found.get(words[2], 0.0) + float(words[1])
    keys.put(words[0], "zset", {**found, words[2]: score})
    return _shown(score)


def zscore(keys: Keys, words: list[str]) -> Any:
    found = keys.get(words[0], "zset").get(words[1])
    return None if found is None else _shown(found)


def zrem(keys: Keys, words: list[str]) -> Any:
    found = keys.get(words[0], "zset")
    gone = [found.pop(word) for word in words[1:] if word in found]
    keys.put(words[0], "zset", found)
    return len(gone)


def config(keys: Keys, words: list[str]) -> Any:
    what = words[0].upper()
    if what == "GET":
        pattern = words[1].lower()
        chosen = {name: value for name, value in keys.config.items() if pattern in (name, "*") or
                  (pattern.endswith("*") and name.startswith(pattern[:-1]))}  # fmt: skip
        return [part for pair in chosen.items() for part in pair]
    if what == "SET":
        if words[1].lower() not in keys.config:
            raise Failed(f"ERR Unknown option or number of arguments for CONFIG SET - '{words[1]}'")
        keys.config[words[1].lower()] = words[2]
        keys.changed = True
        return OK
    return OK if what in ("REWRITE", "RESETSTAT") else Failed(f"ERR unknown subcommand '{words[0]}'. Try CONFIG HELP.")


def info(keys: Keys, words: list[str]) -> Any:
    is_copy = len(keys.config["replicaof"].split()) == 2
    leader = keys.config["replicaof"].split()
    replication = f"role:{'slave' if is_copy else 'master'}\r\n" + (
        f"master_host:{leader[0]}\r\nmaster_port:{leader[1]}\r\nmaster_link_status:up\r\n" if is_copy
        else "connected_slaves:0\r\n"
    )  # fmt: skip
    parts = {
        "server": f"# Server\r\nredis_mode:standalone\r\ntcp_port:{keys.config['port']}\r\n",
        "clients": "# Clients\r\nconnected_clients:1\r\n",
        "memory": f"# Memory\r\nmaxmemory:{keys.config['maxmemory']}\r\n"
        f"maxmemory_policy:{keys.config['maxmemory-policy']}\r\n",
        "replication": f"# Replication\r\n{replication}",
        "keyspace": "# Keyspace\r\n"
        + (f"db0:keys={len(keys.names())},expires=0,avg_ttl=0\r\n" if keys.names() else ""),
    }
    chosen = [parts[word.lower()] for word in words if word.lower() in parts] if words else list(parts.values())
    return "\r\n".join(chosen)


def save(keys: Keys, words: list[str]) -> Any:
    folder = keys.config["dir"].rstrip("/")
    keys.files[f"{folder}/{keys.config['dbfilename']}"] = json.dumps(keys.data)
    return OK


def replicaof(keys: Keys, words: list[str]) -> Any:
    keys.config["replicaof"] = "" if words[0].upper() == "NO" else f"{words[0]} {words[1]}"
    keys.changed = True
    return OK


def role(keys: Keys, words: list[str]) -> Any:
    leader = keys.config["replicaof"].split()
    return ["slave", leader[0], int(leader[1]), "connected", 0] if len(leader) == 2 else ["master", 0, []]


COMMANDS: Mapping[str, Callable[[Keys, list[str]], Any]] = {
    "APPEND": append,
    "BGREWRITEAOF": lambda keys, words: Simple("Background append only file rewriting started"),
    "BGSAVE": lambda keys, words: Simple("Background saving started") if save(keys, words) else None,
    "CLIENT": lambda keys, words: OK,
    "COMMAND": lambda keys, words: [],
    "CONFIG": config,
    "DBSIZE": lambda keys, words: len(keys.names()),
    "DECR": lambda keys, words: _add(keys, words[0], -1),
    "DECRBY": lambda keys, words: _add(keys, words[0], -int(words[1])),
    "DEL": delete,
    "ECHO": lambda keys, words: words[0],
    "EXISTS": exists,
    "EXPIRE": _expire(SECOND),
    "FLUSHALL": flush,
    "FLUSHDB": flush,
    "GET": get,
    "GETDEL": getdel,
    "GETSET": getset,
    "HDEL": hdel,
    "HEXISTS": lambda keys, words: int(words[1] in keys.get(words[0], "hash")),
    "HGET": lambda keys, words: keys.get(words[0], "hash").get(words[1]),
    "HGETALL": hgetall,
    "HINCRBY": hincrby,
    "HKEYS": lambda keys, words: list(keys.get(words[0], "hash")),
    "HLEN": lambda keys, words: len(keys.get(words[0], "hash")),
    "HMGET": lambda keys, words: [keys.get(words[0], "hash").get(word) for word in words[1:]],
    "HMSET": hmset,
    "HSET": hset,
    "HVALS": lambda keys, words: list(keys.get(words[0], "hash").values()),
    "INCR": lambda keys, words: _add(keys, words[0], 1),
    "INCRBY": lambda keys, words: _add(keys, words[0], int(words[1])),
    "INFO": info,
    "KEYS": names,
    "LASTSAVE": lambda keys, words: keys.now // SECOND,
    "LINDEX": lindex,
    "LLEN": lambda keys, words: len(keys.get(words[0], "list")),
    "LPOP": _pop(left=True),
    "LPUSH": _push(left=True),
    "LRANGE": lrange,
    "LREM": lrem,
    "LSET": lset,
    "LTRIM": ltrim,
    "MGET": mget,
    "MSET": mset,
    "PERSIST": persist,
    "PEXPIRE": _expire(MILLISECOND),
    "PING": ping,
    "PTTL": _ttl(MILLISECOND),
    "QUIT": lambda keys, words: OK,
    "RENAME": rename,
    "REPLICAOF": replicaof,
    "ROLE": role,
    "RPOP": _pop(left=False),
    "RPUSH": _push(left=False),
    "SADD": sadd,
    "SAVE": save,
    "SCAN": scan,
    "SCARD": lambda keys, words: len(keys.get(words[0], "set")),
    "SELECT": lambda keys, words: OK if words[0] == "0" else Failed("ERR DB index is out of range"),
    "SET": set_,
    "SETEX": setex,
    "SETNX": setnx,
    "SISMEMBER": lambda keys, words: int(words[1] in keys.get(words[0], "set")),
    "SLAVEOF": replicaof,
    "SMEMBERS": lambda keys, words: keys.get(words[0], "set"),
    "SREM": srem,
    "STRLEN": strlen,
    "TIME": lambda keys, words: [str(keys.now // SECOND), str(keys.now % SECOND)],
    "TTL": _ttl(SECOND),
    "TYPE": type_,
    "UNLINK": delete,
    "ZADD": zadd,
    "ZCARD": lambda keys, words: len(keys.get(words[0], "zset")),
    "ZINCRBY": zincrby,
    "ZRANGE": zrange,
    "ZREM": zrem,
    "ZREVRANGE": lambda keys, words: zrange(keys, words, back=True),
    "ZSCORE": zscore,
}
WRITING = (
    "APPEND", "DECR", "DECRBY", "DEL", "EXPIRE", "FLUSHALL", "FLUSHDB", "GETDEL", "GETSET", "HDEL", "HINCRBY", "HMSET",
    "HSET", "INCR", "INCRBY", "LPOP", "LPUSH", "LREM", "LSET", "LTRIM", "MSET", "PERSIST", "PEXPIRE", "RENAME", "RPOP",
    "RPUSH", "SADD", "SET", "SETEX", "SETNX", "SREM", "UNLINK", "ZADD", "ZINCRBY", "ZREM",
)  # fmt: skip
