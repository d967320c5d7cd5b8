"""One request on its way: where it is, what it came by, how long it took."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from clusters.kernel import Hop, Outcome, Request
from clusters.kinds.body import Body, Key, dig, labels_of
from clusters.reconcile.clock import MILLISECOND, SECOND, Time
from clusters.reconcile.view import View
from clusters.reconcile.writes import Write
from networking.index import Index
from networking.ingress.routes import Routes
from networking.proxy.choosing import Place

OUTSIDE = "192.168.49.1"  # the network's gateway: whoever comes from outside is seen with its address
ZONE = "topology.kubernetes.io/zone"
STATIC = "kubernetes.io/config.hash"  # a static pod's sandbox goes by it
TRANSPORTS = {"dns": "UDP", "udp": "UDP", "icmp": "ICMP"}
REFUSED, TIMEOUT, NO_ROUTE = "connection refused", "timeout", "no route to host"
BAD_ADDRESS, UNREACHABLE = "bad address", "network is unreachable"
NO_TLS = "wrong version number"  # as OpenSSL says it of an answer that is no TLS
# how long it takes to learn of it: at once, after all SYNs (tcp_syn_retries 6), after three ARP requests
WAITS: dict[str, Time] = {REFUSED: 0, TIMEOUT: 127 * SECOND, NO_ROUTE: 3 * SECOND, UNREACHABLE: 0, BAD_ADDRESS: 0}
SAME_NODE, OTHER_NODE, FROM_OUTSIDE = 50, 300, 2 * MILLISECOND  # microseconds there and back


@dataclass(slots=True)
class Trip:
    """`source` None: from outside. `node`: whose rules it meets first; `client`: the address that it shows."""

    view: View
    source: Body | None
    request: Request
    node: str = ""
    client: str = OUTSIDE
    has_left: bool = False  # its own node, towards another machine: its policies have let it go
    hops: list[Hop] = field(default_factory=list)
    takes: Time = 0
    writes: list[Write] = field(default_factory=list)
    unasked: Outcome | None = None  # why the last name server could not be asked

    @property
    def index(self) -> Index:
        found: Index = self.view.derived(Index)
        return found

    @property
    def index_of_routes(self) -> Routes:
        found: Routes = self.view.derived(Routes)
        return found

    @property
    def transport(self) -> str:
        return TRANSPORTS.get(self.request.protocol, "TCP")

    def hop(self, what: str, name: str, detail: str = "") -> None:
        self.hops.append(Hop(what, name, detail))

    def fail(self, reason: str, what: str = "", name: str = "", detail: str = "") -> Outcome:
        """It got no answer, and this is where it ended."""
        if what:
            self.hop(what, name, detail)
        return self.done(Outcome(ok=False, reason=reason, takes=WAITS.get(reason, 0)))

    def done(self, outcome: Outcome) -> Outcome:
        """What came back, with the whole way."""
        return replace(
            outcome,
            takes=outcome.takes + self.takes,
            writes=(*self.writes, *outcome.writes),
            hops=(*self.hops, *outcome.hops),
        )


def sandbox_of(view: View, pod: Body) -> Body | None:
    """What truly runs of a pod: the draft that its own kubelet has in hand (`pod["sandbox"]`), or what is stored."""
    if "sandbox" in pod:
        drafted: Body = pod["sandbox"]
        return drafted
    node, metadata = pod["spec"].get("nodeName") or "", pod["metadata"]
    for name in (metadata.get("uid", ""), (metadata.get("annotations") or {}).get(STATIC, "")):
        found = view.get("sandboxes", Key(node, name)) if name else None
        if found is not None:
            return found
    return None


def place_of(view: View, node: str) -> Place:
    """A node as its proxy knows it."""
    found = view.get("nodes", Key("", node))
    return Place(node, (labels_of(found).get(ZONE) or "") if found else "")


def is_up(view: View, node: str) -> bool:
    """Whether the machine has power."""
    return bool(dig(view.get("machines", Key("", node)), "power") == "on")
