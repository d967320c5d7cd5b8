"""base64, md5sum, sha1sum, sha256sum and sha512sum."""

import base64 as coding
import binascii
import hashlib

from workloads.runtime.binary import to_bytes, to_text
from workloads.runtime.tool import Call, flags


def base64(call: Call) -> int | None:
    options, paths = flags(call.args, takes="w")
    held = call.memory.setdefault("text", [])
    held.extend(text for _, text in call.chunks(paths))
    if call.is_blocked:
        return None
    text = "".join(held)
    if "d" in options:
        try:
            call.out(to_text(coding.b64decode("".join(text.split()), validate=True)))
        except binascii.Error:
            return call.usage("truncated input")
        return int(call.failed)
    coded = coding.b64encode(to_bytes(text)).decode()
    width = max(call.number(options.get("w") or "76"), 0)
    call.out(
        "".join(
            coded[at : at + (width or len(coded))] + ("\n" if width else "")
            for at in range(0, len(coded), width or len(coded) or 1)
        )
    )
    return int(call.failed)


def md5sum(call: Call) -> int | None:
    return _sum(call, "md5")


def sha1sum(call: Call) -> int | None:
    return _sum(call, "sha1")


def sha512sum(call: Call) -> int | None:
    return _sum(call, "sha512")


def sha256sum(call: Call) -> int | None:
    return _sum(call, "sha256")


def _sum(call: Call, kind: str) -> int | None:
    held = call.memory.setdefault("text", {})
    for source, text in call.chunks(call.args):
        held[source] = held.get(source, "") + text
    if call.is_blocked:
        return None
    for source in call.args or ["-"]:
        if source in held or source == "-":
            call.out(
                f"{hashlib.new(kind, to_bytes(held.get(source, '')), usedforsecurity=False).hexdigest()}  {source}\n"
            )
    return int(call.failed)
