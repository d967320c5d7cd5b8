"""nslookup (BusyBox's two kinds and BIND's), dig, host and getent: what the name servers say."""

from dataclasses import dataclass

from clusters.kernel import Lookup, Record
from clusters.reconcile.clock import MILLISECOND, SECOND
from workloads.runtime import dialling
from workloads.runtime.server import date_of
from workloads.runtime.tool import Call, flags

TYPES = ("A", "AAAA", "CNAME", "MX", "NS", "PTR", "SOA", "SRV", "TXT", "ANY")
UNREACHED = ("timeout", "connection refused", "no servers")
SILENCE = Lookup(ok=False, reason="timeout", takes=10 * SECOND)


@dataclass(frozen=True, slots=True)
class Resolver:
    """What /etc/resolv.conf says."""

    server: str
    search: tuple[str, ...]
    ndots: int


def resolver(call: Call) -> Resolver:
    server, ndots = "", 1
    search: tuple[str, ...] = ()
    for line in (call.files.read("/etc/resolv.conf") or "").splitlines():
        words = line.split()
        if words[:1] == ["nameserver"] and len(words) > 1 and not server:
            server = words[1]
        elif words[:1] in (["search"], ["domain"]):
            search = tuple(words[1:])
        elif words[:1] == ["options"]:
            ndots = next((int(word[6:]) for word in words if word[:6] == "ndots:" and word[6:].isdigit()), ndots)
    return Resolver(server, search, ndots)


def ask(call: Call, name: str, type_: str, server: str = "") -> Lookup | None:
    """The answer for one absolute name and type, in its time; None while it is on its way. `server`: one named."""
    asked = call.memory.setdefault("asked", {})
    key = f"{name}/{type_}"
    if key not in asked:
        found = call.wire.lookup(name, type_, server) if call.wire is not None else SILENCE
        takes = found.takes or (SILENCE.takes if found.reason == "timeout" else 0)
        asked[key] = {"ok": found.ok, "reason": found.reason, "server": found.server, "until": call.now + takes,
                      "takes": takes, "records": [[r.name, r.type, r.ttl, r.value] for r in found.records]}  # fmt: skip
    held = asked[key]
    if call.now < held["until"]:
        call.sleep(held["until"])
        return None
    records = tuple(Record(*record) for record in held["records"])
    return Lookup(held["ok"], held["reason"], held["server"] or server or resolver(call).server, records, held["takes"])


def reverse(address: str) -> str:
    return ".".join(reversed(address.split("."))) + ".in-addr.arpa."


def nslookup(call: Call) -> int | None:
    words = [word for word in call.args if not word.startswith("-")]
    given = next(
        (word.partition("=")[2] for word in call.args if word.lower().startswith(("-type=", "-query=", "-q="))), ""
    )
    if not words:
        return call.usage("usage: nslookup [-type=TYPE] HOST [DNS_SERVER]")
    name, kind, server = words[0], given.upper(), (words[1] if len(words) > 1 else "")
    if dialling.is_address(name):
        name, kind = reverse(name), "PTR"
    if server:
        address, _, _ = dialling.resolve(call, server)
        if address is None:
            return call.usage(f"can't resolve '{server}'")
        server = address
    is_busybox = call.machine.image.base in ("busybox", "alpine") and not call.has_program("/usr/bin/dig")
    if is_busybox and call.machine.image.base == "busybox" and _is_old(call.machine.image.version):
        return _old_busybox(call, words[0], server)
    names = _candidates(call, name, searches=not is_busybox or "." not in name)
    types = [kind] if kind else ["A", "AAAA"]
    return _busybox(call, names, types, server) if is_busybox else _bind(call, words[0], names, types, server)


def _is_old(version: str) -> bool:
    parts = version.split(".")
    return len(parts) > 1 and parts[0] == "1" and parts[1].isdigit() and int(parts[1]) < 29


def _candidates(call: Call, name: str, searches: bool) -> list[str]:
    """The absolute names that are tried, in order."""
    if name.endswith("."):
        return [name]
    found = resolver(call)
    longer = [f"{name}.{domain}." for domain in found.search] if searches else []
    return [*longer, f"{name}."] if name.count(".") < found.ndots else [f"{name}.", *longer]


def _silent(call: Call) -> int:
    call.out(";; connection timed out; no servers could be reached\n\n")
    return 1


def _unheard(call: Call, server: str, reason: str) -> str:
    """BIND's tools ask three times."""
    word = "connection refused" if reason == "connection refused" else "timed out"
    return f";; communications error to {server or resolver(call).server or '127.0.0.1'}#53: {word}\n" * 3


def _busybox(call: Call, names: list[str], types: list[str], server: str) -> int | None:
    """All questions at once, and every answer is shown."""
    if len(names) > 1:
        names = names[:-1]  # a name without a dot is only tried with the search domains
    answers = []
    for name in names:
        for kind in types:
            found = ask(call, name, kind, server)
            if found is None:
                return None
            answers.append((name, kind, found))
    if any(found.reason == "connection refused" for _, _, found in answers):
        call.complain("read: Connection refused")
    if any(found.reason in UNREACHED for _, _, found in answers):
        return _silent(call)
    server = answers[0][2].server
    call.out(f"Server:\t\t{server}\nAddress:\t{server}:53\n\n")
    failed = False
    for name, kind, found in answers:
        if not found.ok:
            failed = True
            if kind == types[0] or len(types) == 1 or found.reason != "NXDOMAIN":
                call.out(f"** server can't find {name.rstrip('.')}: {found.reason}\n\n")
            else:
                call.out(f"** server can't find {name.rstrip('.')}: {found.reason}\n\n")
            continue
        call.out("".join(_shown(record) for record in found.records) + "\n")
    return 1 if failed else 0


def _shown(record: Record) -> str:
    name, value = record.name.rstrip("."), record.value.rstrip(".")
    if record.type in ("A", "AAAA"):
        return f"Name:\t{name}\nAddress: {value}\n"
    if record.type == "CNAME":
        return f"{name}\tcanonical name = {value}\n"
    if record.type == "PTR":
        return f"{name}\tname = {value}\n"
    if record.type == "SRV":
        return f"{name}\tservice = {value}\n"
    return f"{name}\t{record.type.lower()} = {value}\n"


def _old_busybox(call: Call, name: str, server: str) -> int | None:
    """Before 1.29 it asked the C library, and told the server's name as well."""
    is_reverse = dialling.is_address(name)
    names = [reverse(name)] if is_reverse else _candidates(call, name, searches=True)
    found = None
    for one in names:
        found = ask(call, one, "PTR" if is_reverse else "A", server)
        if found is None:
            return None
        if found.ok and found.records:
            break
    assert found is not None
    server = found.server or resolver(call).server
    if server:
        own = ask(call, reverse(server), "PTR", server)
        if own is None:
            return None
        called = f" {own.records[0].value.rstrip('.')}" if own.ok and own.records else ""
        call.out(f"Server:    {server}\nAddress 1: {server}{called}\n\n")
    values = [record for record in found.records if record.type in ("A", "PTR")]
    if not found.ok or not values:
        return call.usage(f"can't resolve '{name}'")
    call.out(f"Name:      {name}\n")
    for at, record in enumerate(values, 1):
        address = name if is_reverse else record.value
        called = record.value if is_reverse else _name_of(call, record)
        call.out(f"Address {at}: {address} {called.rstrip('.')}".rstrip() + "\n")
    return 0


def _name_of(call: Call, record: Record) -> str:
    if call.wire is None:
        return record.name
    found = call.wire.lookup(reverse(record.value), "PTR")
    return found.records[0].value if found.ok and found.records else record.name


def _bind(call: Call, asked: str, names: list[str], types: list[str], server: str) -> int | None:
    found = first = None
    for name in names:
        found = first = ask(call, name, types[0], server)
        if found is None:
            return None
        if found.reason in UNREACHED:
            call.out(_unheard(call, server, found.reason) + ";; no servers could be reached\n\n\n")
            return 1
        if found.ok:
            break
    assert found is not None
    assert first is not None
    call.out(f"Server:\t\t{found.server}\nAddress:\t{found.server}#53\n\n")
    if not found.ok:
        call.out(f"** server can't find {asked.rstrip('.')}: {found.reason}\n\n")
        return 1
    if not found.records:
        call.out(f"*** Can't find {asked}: No answer\n\n")
        return 0
    call.out("".join(_shown(record) for record in found.records) + "\n")
    return 0


def dig(call: Call) -> int | None:
    words = [word for word in call.args if not word.startswith(("+", "@", "-"))]
    signs = [word[1:] for word in call.args if word.startswith("+")]
    kind = next((word.upper() for word in words if word.upper() in TYPES), "A")
    names = [word for word in words if word.upper() not in (*TYPES, "IN")]
    server = next((word[1:] for word in call.args if word.startswith("@")), "")
    if server:
        address, _, _ = dialling.resolve(call, server)
        if address is None:
            call.complain(f"couldn't get address for '{server}': not found")
            return 10
        server = address
    name = names[0] if names else "."
    if "-x" in call.args:
        name, kind = reverse(name), "PTR"
    tried = _candidates(call, name, searches=True) if "search" in signs else [name.rstrip(".") + "."]
    found = None
    for one in tried:
        found = ask(call, one, kind, server)
        if found is None:
            return None
        name = one
        if found.ok:
            break
    assert found is not None
    if found.reason in UNREACHED:
        head = f"\n; <<>> DiG 9.18.28 <<>> {' '.join(call.args)}\n;; global options: +cmd\n"
        call.out(_unheard(call, server, found.reason) + ("" if "short" in signs else head))
        call.out(";; no servers could be reached\n")
        return 9
    if "short" in signs:
        call.out("".join(record.value + "\n" for record in found.records))
        return 0
    call.out(_answer(call, name, kind, found, "all" not in [sign.removeprefix("no") for sign in signs], signs))
    return 0


def _answer(call: Call, name: str, kind: str, found: Lookup, full: bool, signs: list[str]) -> str:
    records = "".join(f"{r.name.rstrip('.')}.\t{r.ttl}\tIN\t{r.type}\t{r.value}\n" for r in found.records)
    answers = f";; ANSWER SECTION:\n{records}\n" if records else ""
    if not full:
        return records if "answer" in signs else ""
    status = "NOERROR" if found.ok else found.reason
    number = (call.machine.run["seed"] * 7919 + call.now) % 65536
    return (
        f"\n; <<>> DiG 9.18.28 <<>> {' '.join(call.args)}\n;; global options: +cmd\n;; Got answer:\n"
        f";; ->>HEADER<<- opcode: QUERY, status: {status}, id: {number}\n"
        f";; flags: qr aa rd; QUERY: 1, ANSWER: {len(found.records)}, AUTHORITY: 0, ADDITIONAL: 1\n"
        ";; WARNING: recursion requested but not available\n\n"
        ";; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:; udp: 1232\n"
        f";; QUESTION SECTION:\n;{name.rstrip('.')}.\t\tIN\t{kind}\n\n{answers}"
        f";; Query time: {found.takes // MILLISECOND} msec\n;; SERVER: {found.server}#53({found.server}) (UDP)\n"
        f";; WHEN: {date_of(call.now):%a %b %d %H:%M:%S} UTC {date_of(call.now):%Y}\n;; MSG SIZE  rcvd: "
        f"{40 + len(name) + 16 * len(found.records)}\n\n"
    )


def host(call: Call) -> int | None:
    options, words = flags(call.args, takes="tW")
    if not words:
        return call.usage("usage: host [-t TYPE] NAME")
    kind = options.get("t", "A").upper()
    name, server = words[0], (words[1] if len(words) > 1 and dialling.is_address(words[1]) else "")
    if dialling.is_address(name):
        names, kind = [reverse(name)], "PTR"
    else:
        names = _candidates(call, name, searches=True)
    found = None
    for one in names:
        found = ask(call, one, kind, server)
        if found is None:
            return None
        if found.ok:
            break
    assert found is not None
    if found.reason in UNREACHED:
        return _silent(call)
    if not found.ok:
        call.out(f"Host {name} not found: 3({found.reason})\n")
        return 1
    words_of = {"A": "has address", "CNAME": "is an alias for", "PTR": "domain name pointer", "SRV": "has SRV record"}
    for record in found.records:
        call.out(f"{record.name.rstrip('.')} {words_of.get(record.type, f'has {record.type} record')} {record.value}\n")
    return 0


def getent(call: Call) -> int | None:
    if len(call.args) < 2:
        return call.usage("wrong number of arguments")
    database, name = call.args[0], call.args[1]
    if database in ("passwd", "group"):
        lines = (call.files.read(f"/etc/{database}") or "").splitlines()
        found = [line for line in lines if name in (line.split(":")[0], *line.split(":")[2:3])]
        call.out("".join(line + "\n" for line in found[:1]))
        return 0 if found else 2
    if database not in ("hosts", "ahosts", "ahostsv4"):
        return call.usage(f"Unknown database: {database}")
    address = name if dialling.is_address(name) else dialling.in_hosts(call, name)
    called = name
    if address is None:
        answer = _resolved(call, name)
        if answer is None:
            return None
        record = next((record for record in answer.records if record.type == "A"), None)
        if record is None:
            return 2
        address, called = record.value, record.name.rstrip(".")
    rows = [f"{address:15} {kind} {called if kind == 'STREAM' else ''}".rstrip() for kind in ("STREAM", "DGRAM", "RAW")]
    call.out(f"{address:15} {called}\n" if database == "hosts" else "\n".join(rows) + "\n")
    return 0


def _resolved(call: Call, name: str) -> Lookup | None:
    found = None
    for one in _candidates(call, name, searches=True):
        found = ask(call, one, "A")
        if found is None or found.ok:
            return found
    return found
