"""What ingress-nginx reads from an Ingress' annotations (ingress-nginx: Annotations)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from clusters.kinds.body import Body, annotations_of

PREFIX = "nginx.ingress.kubernetes.io/"
SIZES = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
COOKIE = "INGRESSCOOKIE"
METHODS = "GET, PUT, POST, DELETE, PATCH, OPTIONS"
ALLOWED = "DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,Content-Type,Range,Authorization"


@dataclass(frozen=True, slots=True)
class Settings:
    """Annotations by their short names; what is not there has nginx's own default."""

    given: Mapping[str, str]

    def text(self, name: str, default: str = "") -> str:
        return self.given.get(name, default).strip()

    def is_on(self, name: str, default: bool = False) -> bool:
        """As Go's ParseBool; what it does not know counts as if it were not there."""
        said = self.given.get(name, "").strip()
        return said in ("1", "t", "T", "true", "TRUE", "True") or (
            default and said not in ("0", "f", "F", "false", "FALSE", "False")
        )

    def number(self, name: str, default: int) -> int:
        said = self.text(name).removesuffix("s")
        return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else default

    def size(self, name: str, default: int) -> int:
        """`8m`; 0 is no limit."""
        found = re.fullmatch(r"(\d{1,9})([kmgKMG]?)", self.text(name))
        return int(found[1]) * SIZES[found[2].lower()] if found else default

    def words(self, name: str) -> list[str]:
        return [word.strip() for word in self.text(name).split(",") if word.strip()]

    @property
    def rewrites(self) -> str:
        return self.text("rewrite-target")

    @property
    def is_canary(self) -> bool:
        return self.is_on("canary")


def settings_of(ingress: Body) -> Settings:
    found = annotations_of(ingress)
    return Settings({name.removeprefix(PREFIX): text for name, text in found.items() if name.startswith(PREFIX)})
