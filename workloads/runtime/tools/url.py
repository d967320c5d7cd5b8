"""URLs as wget and curl take them, and the requests that they make of them."""

from dataclasses import dataclass

from clusters.kernel import Request

PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Url:
    scheme: str
    host: str
    port: int
    path: str
    user: str = ""

    @property
    def authority(self) -> str:
        """As it stands in the Host header."""
        return self.host if self.port == PORTS.get(self.scheme) else f"{self.host}:{self.port}"

    @property
    def file(self) -> str:
        return self.path.partition("?")[0].rpartition("/")[2]

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"


def parse(text: str) -> Url | None:
    """None when it makes no sense."""
    scheme, mark, rest = text.partition("://")
    if not mark:
        scheme, rest = "http", text
    end = next((at for at, char in enumerate(rest) if char in "/?#"), len(rest))
    authority, path = rest[:end], rest[end:].partition("#")[0]
    user, at, place = authority.rpartition("@")
    host, colon, digits = place.partition(":")
    if not host or any(char.isspace() for char in text) or (colon and not (digits.isascii() and digits.isdigit())):
        return None
    port = int(digits[:6]) if digits else PORTS.get(scheme.lower(), 0)
    if port > 65535:
        return None
    return Url(scheme.lower(), host, port, path if path.startswith("/") else "/" + path, user if at else "")


def follow(url: Url, location: str) -> Url | None:
    """Where a redirection leads."""
    if "://" in location:
        return parse(location)
    path = location if location.startswith("/") else url.path.partition("?")[0].rpartition("/")[0] + "/" + location
    return Url(url.scheme, url.host, url.port, path, url.user)


def request(url: Url, method: str, headers: list[tuple[str, str]], body: bytes = b"") -> Request:
    host = next((value for name, value in headers if name.lower() == "host"), url.authority)
    return Request("http", url.port, method, url.path, tuple(headers), body, host, tls=url.scheme == "https")
