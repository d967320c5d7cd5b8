"""What goes back to a client: an object, stored bytes or a Status."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson
import yaml

from clusters.apiserver.accept import JSON, YAML
from clusters.kinds.body import Body
from clusters.kinds.problem import Status

LONGEST_TOLD, MOST_TOLD = 256, 4096


@dataclass(frozen=True, slots=True)
class Answer:
    """`raw` is sent as it is. Warnings become `Warning` headers."""

    code: int
    raw: bytes
    content_type: str = JSON
    headers: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def body(self) -> Body:
        """The answer as data; {} where it is text."""
        found = orjson.loads(self.raw) if self.content_type.startswith(JSON) and self.raw else {}
        return found if isinstance(found, dict) else {}

    def all_headers(self) -> list[tuple[str, str]]:
        told = [("Warning", f"299 - {_quoted(warning)}") for warning in _fitting(self.warnings)]
        length = ("Content-Length", str(len(self.raw)))
        return [
            ("Content-Type", self.content_type),
            length,
            ("Cache-Control", "no-cache, private"),
            ("X-Content-Type-Options", "nosniff"),
            *self.headers,
            *told,
        ]


def ok(body: Body, *, code: int = 200, warnings: Iterable[str] = ()) -> Answer:
    return Answer(code, orjson.dumps(body), warnings=tuple(warnings))


def text(words: str, code: int = 200) -> Answer:
    return Answer(code, words.encode(), "text/plain; charset=utf-8")


def refused(status: Status) -> Answer:
    """A failure as a Status; who asks too much is told when to come again."""
    body = status.body()
    if not status.reason:
        del body["reason"]
    again = status.details.get("retryAfterSeconds")
    headers = (("Retry-After", str(again)),) if again else ()
    return Answer(status.code, orjson.dumps(body), headers=headers)


def success(details: Body, code: int = 200) -> Answer:
    """The Status of something that leaves no object behind."""
    head = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success"}
    return ok(
        {**head, **({"details": details} if details else {}), **({"code": code} if code != 200 else {})}, code=code
    )


def in_form(answer: Answer, wanted: str) -> Answer:
    """As YAML where the client asked for that."""
    if wanted != YAML or answer.content_type != JSON:
        return answer
    written: Any = yaml.safe_dump(orjson.loads(answer.raw), sort_keys=False, allow_unicode=True)
    return Answer(answer.code, written.encode(), YAML, answer.headers, answer.warnings)


def _fitting(warnings: tuple[str, ...]) -> list[str]:
    """As the API server cuts them where they are too many for a header: each to 256 letters, all to 4096."""
    if sum(map(len, warnings)) <= MOST_TOLD:
        return list(dict.fromkeys(warnings))
    found, left = [], MOST_TOLD
    for warning in dict.fromkeys(short[:LONGEST_TOLD] for short in warnings):
        if len(warning) > left:
            break
        left -= len(warning)
        found.append(warning)
    return found


def _quoted(words: str) -> str:
    plain = "".join(letter if letter.isprintable() else " " for letter in words)
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"').encode("ascii", "replace").decode() + '"'
