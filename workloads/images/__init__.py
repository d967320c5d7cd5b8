"""The image catalogue: what can be pulled, and what containerd says of the rest."""

from collections.abc import Mapping
from dataclasses import replace
from difflib import SequenceMatcher
from functools import lru_cache
from hashlib import sha256

from workloads.images.entries import BANDWIDTH, catalogue
from workloads.images.image import Image, Listen, Missing, Serves, Stop
from workloads.images.reference import Reference, parse, short

__all__ = ["BANDWIDTH", "Image", "Listen", "Missing", "Serves", "Stop", "find", "known", "nearest"]

DENIED = (
    "pull access denied, repository does not exist or may require authorization: "
    "server message: insufficient_scope: authorization failed"
)
LIKE = 0.6  # from which likeness on one word may have been meant for another
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
    """What was most likely meant by a reference; "" where nothing is like it, None where it is right."""
    if not isinstance(find(reference), Missing):
        return None
    wanted = parse(reference)
    family = catalogue().get(wanted.repository)
    if family is not None:
        tag = _closest(wanted.tag, {tag: tag for tag in family if tag})
        return f"{short(wanted.repository)}:{tag}" if tag else ""
    name = wanted.repository.rsplit("/", 1)[-1]
    repository = _closest(name, {one: one.rsplit("/", 1)[-1] for one in catalogue()})
    if not repository:
        return ""
    return f"{short(repository)}:{wanted.tag if wanted.tag in catalogue()[repository] else 'latest'}"


def _closest(text: str, among: Mapping[str, str]) -> str:
    """The key whose word is most like the text; the first in order where several are."""
    likely = [(SequenceMatcher(None, text, word).ratio(), key) for key, word in sorted(among.items())]
    ratio, best = max(likely, key=lambda one: one[0], default=(0.0, ""))
    return best if ratio >= LIKE else ""


def _named(image: Image, wanted: Reference) -> Image:
    digest = wanted.digest or "sha256:" + sha256(wanted.name.encode()).hexdigest()
    return replace(image, name=wanted.name, repository=wanted.repository, tag=wanted.tag or image.tag, digest=digest)


def _missing(wanted: Reference, why: str, of: str = "") -> Missing:
    return Missing(
        f'failed to pull and unpack image "{wanted.name}": failed to resolve reference "{wanted.name}": {of}{why}'
    )
