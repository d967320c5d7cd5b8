"""Hosts, ports and addresses: what is free, what is ours, what a visitor may call us."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

from playground.supervise.environment import Environment, Trouble

EVERYWHERE = ("0.0.0.0", "::")


def allowed_hosts(environment: Environment) -> list[str]:
    """The names under which pages may be asked for; the machine's own always."""
    names = ["localhost", "127.0.0.1", "[::1]", environment.public_host, *environment.allowed_hosts]
    if environment.bind not in EVERYWHERE:
        names.append(environment.bind)
    return [bracketed(name) for name in dict.fromkeys(names)]


def trusted_origins(environment: Environment) -> list[str]:
    """Origins that Django's CSRF check accepts although a proxy in front changed scheme or host."""
    parts = urlsplit(environment.public_url)
    return [f"{parts.scheme}://{parts.netloc}"] if environment.public_url else []


def certificate_names(environment: Environment) -> list[str]:
    """Every name and address under which the API's certificate must hold."""
    names = ["localhost", "127.0.0.1", "::1", environment.public_host, *environment.allowed_hosts]
    if environment.bind not in EVERYWHERE:
        names.append(environment.bind)
    names = [name.strip("[]") for name in names if name != "*"]
    return list(dict.fromkeys("*" + name if name.startswith(".") else name for name in names))


def lan_address() -> str:
    """This machine's address as its neighbours see it: the one that packets to the outside would come from."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1: connecting a datagram socket sends nothing
            found = str(probe.getsockname()[0])
        except OSError:
            found = "127.0.0.1"
    if not ipaddress.ip_address(found).is_loopback:
        return found
    return address_of_own_name()


def address_of_own_name() -> str:
    """Without a route to the outside (a classroom's own switch), the address that goes with the machine's name."""
    try:
        found = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
    except OSError:
        found = []
    addresses = [str(entry[4][0]) for entry in found]
    outside = [address for address in addresses if not ipaddress.ip_address(address).is_loopback]
    if not outside:
        raise Trouble("This machine has no network address that other laptops could reach; is it on the network?")
    return outside[0]


def check_free(host: str, port: int, variable: str) -> None:
    """Raise Trouble if something else listens on the port, or if the address is not this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise Trouble(f"Port {port} may not be used by this user; choose another with {variable}.") from None
        except OSError as error:
            raise Trouble(why_not(host, port, variable, error)) from None


def why_not(host: str, port: int, variable: str, error: OSError) -> str:
    if "in use" in str(error):
        return f"Port {port} on {host} is taken by another program; choose another with {variable}."
    return f"Podium cannot listen on {host}:{port}: {error.strerror or error}; see PODIUM_BIND."


def listens(host: str, port: int) -> bool:
    """Whether a connection to the port is accepted now."""
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    try:
        with socket.create_connection((target, port), timeout=1):
            return True
    except OSError:
        return False


def bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
