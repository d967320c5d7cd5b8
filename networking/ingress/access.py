"""Who may ask at all: by address, and by password (ingress-nginx: whitelist-source-range, auth-basic)."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from hashlib import md5, sha1
from ipaddress import ip_address, ip_network

from clusters.kernel import Outcome
from clusters.kinds.body import Key
from networking.ingress.decision import Asked, page
from networking.ingress.routes import Path
from networking.ingress.settings import Settings

LETTERS = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
UNAUTHORIZED = (
    "<html>\r\n<head><title>401 Authorization Required</title></head>\r\n<body>\r\n<center>"
    "<h1>401 Authorization Required</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
)


def refused_by_source(asked: Asked, rules: Settings) -> str:
    """Why the client's address is not welcome; behind a node that hides it, it is the node's."""
    wanted = rules.words("whitelist-source-range") or rules.words("allowlist-source-range")
    if wanted and not any(holds(one, asked.client) for one in wanted):
        return f"{asked.client} is in none of the ranges {', '.join(wanted)}"
    barred = [one for one in rules.words("denylist-source-range") if holds(one, asked.client)]
    return f"{asked.client} is in {barred[0]}" if barred else ""


def holds(cidr: str, address: str) -> bool:
    try:
        return ip_address(address) in ip_network(cidr, strict=False)
    except ValueError:
        return False


def refused_by_password(asked: Asked, line: Path) -> Outcome | None:
    """The 401 page; None: no password is asked for, or it is right. Without its Secret nobody gets in: 503."""
    if line.settings.text("auth-type") != "basic":
        return None
    namespace, _, name = line.settings.text("auth-secret").rpartition("/")
    secret = asked.view.get("secrets", Key(namespace or line.ingress.namespace, name))
    if secret is None:
        return page(503, "<html><head><title>503 Service Temporarily Unavailable</title></head></html>\r\n")
    given = credentials(asked.header("authorization"))
    if given and is_right(*given, passwords(secret.get("data") or {}, line.settings.text("auth-secret-type"))):
        return None
    realm = line.settings.text("auth-realm", "").replace('"', "")
    return page(401, UNAUTHORIZED, headers=(("WWW-Authenticate", f'Basic realm="{realm}"'),))


def credentials(header: str) -> tuple[str, str] | None:
    scheme, _, packed = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    name, colon, password = decoded(packed).partition(":")
    return (name, password) if colon else None


def passwords(data: Mapping[str, str], type_: str) -> Mapping[str, str]:
    """user -> hash: lines of htpasswd in `auth`, or, as an auth-map, a key each."""
    if type_ == "auth-map":
        return {name: decoded(text).strip() for name, text in data.items()}
    lines = (line.partition(":") for line in decoded(data.get("auth", "")).splitlines())
    return {name: hashed.strip() for name, _, hashed in lines if name}


def decoded(text: str) -> str:
    try:
        return b64decode(text).decode()
    except ValueError:
        return ""


def is_right(name: str, password: str, known: Mapping[str, str]) -> bool:
    """htpasswd's own form (apr1), {SHA} and {PLAIN}; bcrypt, which nginx' musl knows, is not computed here."""
    hashed = known.get(name, "")
    if hashed.startswith("$apr1$"):
        return apr1(password, hashed.split("$")[2]) == hashed
    if hashed.startswith("{SHA}"):
        return sha1(password.encode(), usedforsecurity=False).digest() == b64decode(hashed[5:] or "=")
    return bool(hashed) and hashed.removeprefix("{PLAIN}") == password and "$" not in hashed[:1]


def apr1(password: str, salt: str) -> str:
    """Apache's variant of MD5 crypt."""
    key, seed = password.encode(), salt.encode()[:8]
    inner = _md5(key + seed + key)
    mixed = key + b"$apr1$" + seed + (inner * (len(key) // 16 + 1))[: len(key)]
    count = len(key)
    while count:
        mixed += b"\0" if count & 1 else key[:1]
        count >>= 1
    final = _md5(mixed)
    for turn in range(1000):
        odd = bool(turn & 1)
        part = key if odd else final
        part += (seed if turn % 3 else b"") + (key if turn % 7 else b"") + (final if odd else key)
        final = _md5(part)
    found = ""
    for a, b, c in ((0, 6, 12), (1, 7, 13), (2, 8, 14), (3, 9, 15), (4, 10, 5)):
        found += _letters(final[a] << 16 | final[b] << 8 | final[c], 4)
    return f"$apr1${salt[:8]}${found}{_letters(final[11], 2)}"


def _md5(data: bytes) -> bytes:
    return md5(data, usedforsecurity=False).digest()


def _letters(value: int, count: int) -> str:
    return "".join(LETTERS[value >> 6 * at & 0x3F] for at in range(count))
