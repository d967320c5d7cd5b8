"""The Ingress controllers that are simulated, and where their processes run (the true ink)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clusters.kinds.body import Body, Key, dig
from clusters.reconcile.view import View
from networking.index import Index


@dataclass(frozen=True, slots=True)
class Brand:
    """`behaviour` is what its image's catalogue entry names; `actor` writes in the log and in events."""

    behaviour: str
    actor: str
    controller: str  # of IngressClasses that are its own
    class_name: str  # of the annotation
    flag: str = ""  # with which another controller name is given


NGINX = Brand("ingress-nginx", "nginx-ingress-controller", "k8s.io/ingress-nginx", "nginx", "controller-class")
HAPROXY = Brand("haproxy-ingress", "haproxy-ingress", "haproxy.org/ingress-controller/haproxy", "haproxy")
F5 = Brand("f5-ingress", "k8s-bigip-ctlr", "f5.com/cntr-ingress-svcs", "f5")
BRANDS = {brand.behaviour: brand for brand in (NGINX, HAPROXY, F5)}


@dataclass(frozen=True, slots=True)
class Claim:
    """Which Ingresses a process looks after."""

    controller: str
    class_name: str
    without_class: bool = False


@dataclass(frozen=True, slots=True)
class Running:
    """A process that is up."""

    brand: Brand
    box: Body
    container: str
    argv: tuple[str, ...]
    ports: tuple[int, ...] = ()  # on which it listens: for http, for https, for its health

    @property
    def pod(self) -> Key:
        return Key(self.box["pod"]["namespace"], self.box["pod"]["name"])

    @property
    def place(self) -> Key:
        """Of its sandbox."""
        return Key(self.box["metadata"]["namespace"], self.box["metadata"]["name"])

    @property
    def name(self) -> str:
        """It begins anew after a restart."""
        return f"{self.place}/{self.container}/{self.box['containers'][self.container]['restarts']}"

    @property
    def claim(self) -> Claim:
        return claim_of(self.brand, self.argv)

    @property
    def service(self) -> Key | None:
        """Whose address its Ingresses get (--publish-service)."""
        told = flag(self.argv, "publish-service")
        namespace, _, name = told.replace("$(POD_NAMESPACE)", self.pod.namespace).partition("/")
        return Key(namespace, name) if name else None


def claim_of(brand: Brand, argv: Sequence[str]) -> Claim:
    """By its command line."""
    own = flag(argv, brand.flag) if brand.flag else ""
    named = flag(argv, "ingress-class") or flag(argv, "ingress.class") or brand.class_name
    return Claim(own or brand.controller, named, flag(argv, "watch-ingress-without-class") == "true")


def running(view: View) -> list[Running]:
    """Every Ingress controller that is up, in the order of their sandboxes; of several alike the first leads."""
    return [one for box in view.derived(Index).controllers() if is_up(view, box) for one in inside(box)]


def inside(box: Body) -> Iterator[Running]:
    """The Ingress controllers among a sandbox's processes."""
    for name in box.get("running") or ():
        run = box["containers"][name].get("run") or {}
        for process in (run.get("processes") or {}).values():
            brand = BRANDS.get(next((behaviour for _, behaviour in process.get("ports") or ()), ""))
            if brand is not None and process.get("up") is not None:
                ports = tuple(port for port, _ in process["ports"])
                yield Running(brand, box, name, tuple(process["argv"]), ports)


def is_up(view: View, box: Body) -> bool:
    return not box.get("over") and dig(view.get("machines", Key("", box["metadata"]["namespace"])), "power") == "on"


def flag(argv: Sequence[str], name: str) -> str:
    """The value of `--name=value`; "true" where it stands alone."""
    for word in argv:
        key, equals, value = word.lstrip("-").partition("=")
        if word.startswith("-") and key == name:
            return value if equals else "true"
    return ""
