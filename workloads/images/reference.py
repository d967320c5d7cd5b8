"""An image reference as written in a manifest, normalised as Docker and containerd do."""

from dataclasses import dataclass

DEFAULT_REGISTRY = "docker.io"


@dataclass(frozen=True, slots=True)
class Reference:
    repository: str  # docker.io/library/nginx
    tag: str
    digest: str
    is_bare: bool  # written without a registry and without an owner

    @property
    def name(self) -> str:
        return self.repository + (f":{self.tag}" if self.tag else "") + (f"@{self.digest}" if self.digest else "")


def parse(text: str) -> Reference:
    rest, _, digest = text.partition("@")
    head, slash, last = rest.rpartition("/")
    last, _, tag = last.partition(":")
    repository, is_bare = _with_registry(f"{head}{slash}{last}")
    return Reference(repository, tag if tag or digest else "latest", digest, is_bare)


def _with_registry(path: str) -> tuple[str, bool]:
    first, slash, rest = path.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        if first != DEFAULT_REGISTRY or "/" in rest:
            return path, False
        return f"{first}/library/{rest}", True
    if slash:
        return f"{DEFAULT_REGISTRY}/{path}", False
    return f"{DEFAULT_REGISTRY}/library/{path}", True
