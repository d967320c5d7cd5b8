"""The short mark that tells one pod template from another (Kubernetes: ComputeHash, rand.SafeEncodeString)."""

from __future__ import annotations

from hashlib import blake2b

import orjson

from clusters.kinds.body import Body
from clusters.reconcile.chance import SUFFIX_LETTERS


def template_hash(template: Body, collisions: int) -> str:
    """32 bits in the letters that generated names use."""
    written = orjson.dumps([template, collisions or None], option=orjson.OPT_SORT_KEYS)
    number = int.from_bytes(blake2b(written, digest_size=4).digest(), "big")
    return "".join(SUFFIX_LETTERS[ord(digit) % len(SUFFIX_LETTERS)] for digit in str(number))
