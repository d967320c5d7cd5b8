"""The image catalogue: what can be pulled, and what containerd says of the rest."""

from dataclasses import replace
from difflib import SequenceMatcher
from functools import lru_cache
from hashlib import sha256

from workloads.images.entries import BANDWIDTH, catalogue
from workloads.images.image import Image, Listen, Missing, Serves, Stop
from workloads.images.reference import DEFAULT_REGISTRY, LIBRARY, Reference, parse

__all__ = ["BANDWIDTH", "Image", "Listen", "Missing", "Serves", "Stop", "find", "known", "nearest"]

DENIED = (
    "pull access denied, repository does not exist or may require authorization: "
    "server message: insufficient_scope: authorization failed"
)
ANY_WEB_SERVER = "podium.dev/web-server"


@lru_cache(maxsize=4096)
def find(reference: str) -> Image | Missing:
    """The image that a manifest's `image:` means. Never fails; what cannot be pulled is a Missing."""
    wanted = parse(reference)
    family = catalogue().get(wanted.repository)
    if family is None:
        return _missing(wanted, DENIED) if wanted.is_bare else _named(catalogue()[ANY_WEB_SERVER][""], wanted)
    if wanted.digest:
        return _named(family[""], wanted)
    image = family.get(wanted.tag)
    return image if image else _missing(wanted, "not found", of=f"{wanted.name}: ")


def known() -> list[str]:
    """Every reference that the catalogue lists, in order."""
    return sorted(image.name for family in catalogue().values() for tag, image in family.items() if tag)


@lru_cache(maxsize=512)
def nearest(reference: str) -> str | None:
    """For a reference that cannot be pulled: the one in the catalogue that was most likely meant. None: it is right."""
    if not isinstance(find(reference), Missing):
        return None
    wanted = parse(reference)
    family = catalogue().get(wanted.repository)
    if family is not None:
        return _short(wanted.repository, _closest(wanted.tag, [tag for tag in family if tag]))
    repository = _closest(wanted.repository, list(catalogue()))
    return _short(repository, wanted.tag if wanted.tag in catalogue()[repository] else "latest")


def _closest(text: str, among: list[str]) -> str:
    """In order of the catalogue where two are as near."""
    return max(among, key=lambda one: SequenceMatcher(None, text, one).ratio())


def _short(repository: str, tag: str) -> str:
    """As people write it."""
    return f"{repository.removeprefix(LIBRARY).removeprefix(f'{DEFAULT_REGISTRY}/')}:{tag}"


def _named(image: Image, wanted: Reference) -> Image:
    digest = wanted.digest or "sha256:" + sha256(wanted.name.encode()).hexdigest()
    return replace(image, name=wanted.name, repository=wanted.repository, tag=wanted.tag or image.tag, digest=digest)


def _missing(wanted: Reference, why: str, of: str = "") -> Missing:
    return Missing(
        f'failed to pull and unpack image "{wanted.name}": failed to resolve reference "{wanted.name}": {of}{why}'
    )
