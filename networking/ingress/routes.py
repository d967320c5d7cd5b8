"""Hosts and paths of many Ingresses as one table, and the line of it that a request meets (Ingress: path types)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from clusters.kinds.body import Body, Key, annotations_of, dig, key_of
from clusters.reconcile.view import View
from networking.ingress.brands import Claim
from networking.ingress.settings import Settings, settings_of
from networking.kinds.ingressproblems import CLASS

ANY = "*"  # the host of rules without one
EXACT, PREFIX, OWN = "Exact", "Prefix", "ImplementationSpecific"
LONGEST, PATTERN, REPEATED = 512, 500, 3  # characters of a path that a pattern is tried on; what a pattern may have
NESTED = re.compile(r"\([^()]*[*+}][^()]*\)\s*[*+{]|\([^()]*\|[^()]*\)\s*[*+{]")


@dataclass(frozen=True, slots=True)
class Backend:
    """A Service and a port of it, by number or name."""

    service: Key
    port: int | str

    def __str__(self) -> str:
        return f"{self.service}:{self.port}"


@dataclass(frozen=True, slots=True)
class Path:
    """One line. `backend` None: a resource, which nobody here can serve."""

    text: str
    type: str
    backend: Backend | None
    ingress: Key
    settings: Settings

    def __str__(self) -> str:
        return f"{self.text or '/'} ({self.type})"


@dataclass(slots=True)
class Host:
    """All that is said of one host name, the longest path first."""

    name: str
    paths: list[Path] = field(default_factory=list)
    canaries: list[Path] = field(default_factory=list)
    default: Path | None = None
    tls: Key | None = None  # the Secret
    has_tls: bool = False

    @property
    def is_regex(self) -> bool:
        """nginx: one rewrite makes regular expressions, in any case of letters, of all the host's paths."""
        return any(one.settings.is_on("use-regex") or is_rewritten(one) for one in self.paths)


def is_rewritten(path: Path) -> bool:
    return bool(path.settings.rewrites) and path.settings.rewrites != path.text


Table = dict[str, Host]


class Routes:
    """The cache: a table for each claim, made when it is first asked for after a change."""

    resources: tuple[str, ...] = ("ingresses", "ingressclasses")

    def __init__(self) -> None:
        self._tables: dict[Claim, Table] = {}
        self._hosts: dict[str, list[Body]] | None = None

    def changed(self, resource: str, new: Body | None, old: Body | None) -> None:
        kept = new is not None and old is not None and new.get("spec") == old.get("spec")
        if not kept or annotations_of(new or {"metadata": {}}) != annotations_of(old or {"metadata": {}}):
            self._tables = {}
        self._hosts = None

    def table(self, claim: Claim, view: View) -> Table:
        if claim not in self._tables:
            self._tables[claim] = compiled(one for one in view.list("ingresses") if is_claimed(one, claim, view))
        return self._tables[claim]

    def naming(self, host: str, view: View) -> list[Body]:
        """Ingresses that name a host, exactly or by a wildcard."""
        if self._hosts is None:
            self._hosts = {}
            for ingress in view.list("ingresses"):
                for rule in dig(ingress, "spec.rules") or ():
                    self._hosts.setdefault(rule.get("host") or ANY, []).append(ingress)
        return self._hosts.get(host) or self._hosts.get(wildcard(host)) or []


def is_claimed(ingress: Body, claim: Claim, view: View) -> bool:
    """By its class, or by the annotation that came before; one without either only where that is wanted."""
    annotation, name = annotations_of(ingress).get(CLASS), dig(ingress, "spec.ingressClassName")
    if annotation:
        return annotation == claim.class_name
    if name is None:
        return claim.without_class
    found = view.get("ingressclasses", Key("", name))
    return bool(dig(found, "spec.controller") == claim.controller)


def compiled(ingresses: Iterable[Body]) -> Table:
    """The oldest Ingress has the first word: a host's path that is there already stays."""
    table: Table = {ANY: Host(ANY)}
    for ingress in sorted(ingresses, key=lambda one: str(one["metadata"].get("creationTimestamp") or "")):
        key, settings = key_of(ingress), settings_of(ingress)
        for rule in dig(ingress, "spec.rules") or ():
            host = table.setdefault(rule.get("host") or ANY, Host(rule.get("host") or ANY))
            for path in dig(rule, "http.paths") or ():
                _add(
                    host, Path(path.get("path") or "/", path["pathType"], _backend(path["backend"], key), key, settings)
                )
            if not dig(rule, "http.paths") and dig(ingress, "spec.defaultBackend"):
                _add(host, Path("/", PREFIX, _backend(ingress["spec"]["defaultBackend"], key), key, settings))
        _add_default(table, ingress, settings)
        _add_tls(table, ingress)
    for host in table.values():
        host.paths.sort(key=lambda one: (-len(one.text), one.type != EXACT))
    return table


def _add(host: Host, path: Path) -> None:
    shelf = host.canaries if path.settings.is_canary else host.paths
    if not any((one.text, one.type) == (path.text, path.type) for one in shelf):
        shelf.append(path)


def _add_default(table: Table, ingress: Body, settings: Settings) -> None:
    """For its own hosts; where it has none, for whatever nobody else wants."""
    given = dig(ingress, "spec.defaultBackend")
    if not given or settings.is_canary:
        return
    key = key_of(ingress)
    default = Path("/", PREFIX, _backend(given, key), key, settings)
    for name in [rule.get("host") or ANY for rule in dig(ingress, "spec.rules") or ()] or [ANY]:
        if table[name].default is None:
            table[name].default = default


def _add_tls(table: Table, ingress: Body) -> None:
    namespace = key_of(ingress).namespace
    for tls in dig(ingress, "spec.tls") or ():
        for name in tls.get("hosts") or [rule.get("host") or ANY for rule in dig(ingress, "spec.rules") or ()]:
            for host in (one for one in table.values() if one.name == name or wildcard(one.name) == name):
                host.has_tls = True
                if tls.get("secretName") and host.tls is None:
                    host.tls = Key(namespace, tls["secretName"])


def _backend(given: Body, ingress: Key) -> Backend | None:
    service = given.get("service")
    if service is None:
        return None
    return Backend(Key(ingress.namespace, service["name"]), port_of(service.get("port") or {}))


def port_of(port: Body) -> int | str:
    return int(port["number"]) if port.get("number") else str(port.get("name") or "")


# a request meets it


def host_for(table: Table, name: str) -> Host:
    """The host itself, its wildcard (which stands for one label), or the rules without host."""
    plain = name.lower().rstrip(".")
    return table.get(plain) or table.get(wildcard(plain)) or table[ANY]


def wildcard(name: str) -> str:
    _, dot, rest = name.partition(".")
    return f"*.{rest}" if dot else ANY


def path_for(host: Host, path: str) -> Path | None:
    """The longest that matches, an exact one before a prefix."""
    return next(matching(host.paths, path, is_regex=host.is_regex), None)


def matching(paths: Iterable[Path], path: str, *, is_regex: bool = False) -> Iterator[Path]:
    return (one for one in paths if (is_found(one.text, path) if is_regex else matches(one, path)))


def matches(line: Path, path: str) -> bool:
    """By its type: the whole path, its first elements, or, where it is up to nginx, its first letters."""
    if line.type == EXACT:
        return path == line.text
    if line.type == OWN:
        return path.startswith(line.text)
    wanted = [part for part in line.text.split("/") if part]
    return path.split("/")[1 : len(wanted) + 1] == wanted if wanted else True


def is_found(pattern: str, path: str) -> bool:
    return found_in(pattern, path) is not None


def found_in(pattern: str, path: str) -> re.Match[str] | None:
    """At the path's beginning, in any case of letters."""
    expression = expression_of(pattern)
    return expression.match(path) if expression is not None and len(path) <= LONGEST else None


@lru_cache(maxsize=4096)
def expression_of(pattern: str) -> re.Pattern[str] | None:
    """None for what is no regular expression, and for one that could keep Python's engine busy for long."""
    repeated = sum(pattern.count(sign) for sign in "*+{")
    if len(pattern) > PATTERN or repeated > REPEATED or NESTED.search(pattern):
        return None
    try:
        return re.compile(pattern, re.IGNORECASE)
    except re.error:
        return None


def told(host: Host, line: Path) -> str:
    """Which rule it is, for the way that is shown."""
    where = "any host" if host.name == ANY else f"host {host.name}"
    return f"Ingress {line.ingress}: {where}, path {line}"
