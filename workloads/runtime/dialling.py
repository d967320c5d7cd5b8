"""How a tool reaches others: a name becomes an address, a request is sent, and the answer comes in its time."""

from dataclasses import dataclass, replace
from ipaddress import AddressValueError, IPv4Address

from clusters.kernel import Outcome, Request
from clusters.kinds.body import Body
from clusters.reconcile.clock import SECOND, Time
from workloads.runtime import serving
from workloads.runtime.binary import to_bytes, to_text
from workloads.runtime.tool import Call

GIVES_UP = 127 * SECOND  # a connection that nobody answers: six repeated SYNs
UNREACHED = 3 * SECOND  # until the neighbour's silence is "No route to host"
UNREACHABLE = Outcome(ok=False, reason="network is unreachable")
WORDS = {
    "connection refused": "Connection refused",
    "no route to host": "No route to host",
    "network is unreachable": "Network is unreachable",
    "connection reset by peer": "Connection reset by peer",
    "timeout": "Connection timed out",
}


@dataclass(frozen=True, slots=True)
class Dialled:
    """What came of it. `reason` "bad address": the name has no address; "timeout": the patience was over first."""

    ok: bool
    reason: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    address: str
    took: Time
    lookup: Time  # of which for the name
    certificate: str = ""  # that was shown (PEM), as far as it is known

    @property
    def words(self) -> str:
        """As strerror says it."""
        return WORDS.get(self.reason, self.reason[:1].upper() + self.reason[1:])


def dial(call: Call, host: str, request: Request, patience: Time | None = None, key: str = "dial") -> Dialled | None:
    """The answer, or None while it is on its way: the tool returns None then and is called again."""
    if key not in call.memory:
        call.memory[key] = _begin(call, host, request, patience)
    found = call.memory[key]
    if call.now < found["at"] + found["took"]:
        call.sleep(found["at"] + found["took"])
        return None
    headers = tuple((name, value) for name, value in found["headers"])
    return Dialled(found["ok"], found["reason"], found["status"], headers, to_bytes(found["body"]), found["address"],
                   found["took"], found["lookup"], found.get("certificate", ""))  # fmt: skip


def _begin(call: Call, host: str, request: Request, patience: Time | None) -> Body:
    address, why, lookup = resolve(call, host)
    outcome = Outcome(ok=False, reason=why) if address is None else send(call, address, request)
    takes = lookup + _takes(outcome)
    if patience is not None and takes > patience:
        outcome, takes = Outcome(ok=False, reason="timeout"), patience
    return {"ok": outcome.ok, "reason": outcome.reason, "status": outcome.status, "headers": list(outcome.headers),
            "body": to_text(outcome.body), "address": address or "", "at": call.now, "took": takes,
            "lookup": lookup, **({"certificate": outcome.certificate} if outcome.certificate else {})}  # fmt: skip


def _takes(outcome: Outcome) -> Time:
    if outcome.reason == "timeout":
        return max(outcome.takes, GIVES_UP) if outcome.takes < SECOND else outcome.takes
    if outcome.reason == "no route to host":
        return outcome.takes or UNREACHED
    return outcome.takes


def resolve(call: Call, host: str) -> tuple[str | None, str, Time]:
    """(address, why there is none, how long it took), as the C library's resolver finds it."""
    if is_address(host):
        return host, "", 0
    known = in_hosts(call, host)
    if known:
        return known, "", 0
    if call.wire is None:
        return None, "bad address", 0
    found = call.wire.lookup(host, "A")
    for record in found.records:
        if record.type == "A":
            return record.value, "", found.takes
    return None, "bad address", found.takes


def is_address(text: str) -> bool:
    try:
        IPv4Address(text)
    except AddressValueError:
        return False
    return True


def in_hosts(call: Call, name: str) -> str | None:
    """The IPv4 address that /etc/hosts gives the name."""
    for line in (call.files.read("/etc/hosts") or "").splitlines():
        words = line.partition("#")[0].split()
        if name in words[1:] and is_address(words[0]):
            return words[0]
    return "127.0.0.1" if name == "localhost" else None


def is_here(call: Call, address: str) -> bool:
    return address.startswith("127.") or address in ("0.0.0.0", call.machine.run.get("ip"))


def send(call: Call, address: str, request: Request) -> Outcome:
    """To a process of this container, or out through the wire, which knows the pod's other containers."""
    if is_here(call, address):
        if request.protocol == "icmp":
            return Outcome(ok=True, takes=50)
        if serving.listener(call.machine, request.port) is not None:
            return serving.serve(call.machine, request, call.wire, address)
        if call.wire is None:
            return serving.REFUSED
    if call.wire is None:
        return UNREACHABLE
    call.machine.has_sent = True
    return replace(call.wire.send(address, request), writes=())
