"""A network on the bench: names with addresses, and who answers there."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from clusters.kernel import Lookup, Outcome, Record, Request
from workloads.runtime import container

SERVER = "10.96.0.10"
ZONE = "default.svc.cluster.local."
RESOLV = f"search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver {SERVER}\noptions ndots:5\n"
Answer = Callable[[str, Request], Outcome]


class Bench:
    """A Wire: `names` are Services in `default`, `answers` who listens at (address, port)."""

    def __init__(self, names: Mapping[str, str], answers: Mapping[tuple[str, int], Answer | Outcome]) -> None:
        self.names = {f"{name}.{ZONE}": address for name, address in names.items()}
        self.names["kube-dns.kube-system.svc.cluster.local."] = SERVER
        self.answers = answers
        self.sent: list[tuple[str, Request]] = []

    def send(self, host: str, request: Request) -> Outcome:
        self.sent.append((host, request))
        found = self.answers.get((host, request.port))
        if found is None:
            return Outcome(ok=False, reason="connection refused", takes=200)
        return found if isinstance(found, Outcome) else found(host, request)

    def lookup(self, name: str, type_: str = "A", server: str = "") -> Lookup:
        if server not in ("", SERVER):
            return Lookup(ok=False, reason="connection refused", server=server)
        wanted = [name] if name.endswith(".") else [f"{name}.{ZONE}", f"{name}."]
        if type_ == "PTR":
            address = ".".join(reversed(name.removesuffix(".in-addr.arpa.").split(".")))
            found = [own for own, held in self.names.items() if held == address]
            return self._answer([Record(name, "PTR", 30, own) for own in found], bool(found))
        found = [one for one in wanted if one in self.names]
        records = [Record(one, "A", 30, self.names[one]) for one in found] if type_ == "A" else []
        return self._answer(records, bool(found))

    def _answer(self, records: list[Record], exists: bool) -> Lookup:
        return Lookup(exists, "" if exists else "NXDOMAIN", SERVER, tuple(records), 300)


class Peer:
    """Another container behind an address: it keeps what it is told."""

    def __init__(self, lab: object) -> None:
        self.lab = lab

    def __call__(self, host: str, request: Request) -> Outcome:
        served = container.serve(self.lab.run, request, self.lab.now)  # type: ignore[attr-defined]
        self.lab.run = served.run  # type: ignore[attr-defined]
        self.lab.lines.extend(served.output)  # type: ignore[attr-defined]
        return served.outcome
