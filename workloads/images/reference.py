"""An image reference as written in a manifest, normalised as Docker and containerd do."""

from dataclasses import dataclass

DEFAULT_REGISTRY = "docker.io"
LIBRARY = f"{DEFAULT_REGISTRY}/library/"


@dataclass(frozen=True, slots=True)
class Reference:
    repository: str  # docker.io/library/nginx
    tag: str
    digest: str
    is_bare: bool  # without a registry and an owner: of Docker Hub's own library

    @property
    def name(self) -> str:
        return self.repository + (f":{self.tag}" if self.tag else "") + (f"@{self.digest}" if self.digest else "")


def short(repository: str) -> str:
    """As people write it."""
    return repository.removeprefix(LIBRARY).removeprefix(f"{DEFAULT_REGISTRY}/")


def parse(text: str) -> Reference:
    rest, _, digest = text.partition("@")
    head, slash, last = rest.rpartition("/")
    last, _, tag = last.partition(":")
    repository = _with_registry(f"{head}{slash}{last}")
    return Reference(repository, tag if tag or digest else "latest", digest, repository.startswith(LIBRARY))


def _with_registry(path: str) -> str:
    first, slash, rest = path.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        return path if first != DEFAULT_REGISTRY or "/" in rest else f"{LIBRARY}{rest}"
    return f"{DEFAULT_REGISTRY}/{path}" if slash else f"{LIBRARY}{path}"
