"""What may be wrong with a field, and the Status that the API answers with (field.Error and metav1.Status)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson

from clusters.kinds.body import Body


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong field: its path (`spec.containers[0].image`), the cause's reason, and the sentence behind the path."""

    path: str
    reason: str
    detail: str

    @classmethod
    def required(cls, path: str, detail: str = "") -> FieldError:
        return cls(path, "FieldValueRequired", "Required value" + (f": {detail}" if detail else ""))

    @classmethod
    def invalid(cls, path: str, value: Any, detail: str) -> FieldError:
        return cls(path, "FieldValueInvalid", f"Invalid value: {_shown(value)}: {detail}")

    @classmethod
    def immutable(cls, path: str, value: Any) -> FieldError:
        return cls.invalid(path, value, "field is immutable")

    @classmethod
    def unsupported(cls, path: str, value: Any, supported: Iterable[str]) -> FieldError:
        known = ", ".join(f'"{one}"' for one in sorted(supported))
        return cls(path, "FieldValueNotSupported", f"Unsupported value: {_shown(value)}: supported values: {known}")

    @classmethod
    def forbidden(cls, path: str, detail: str) -> FieldError:
        return cls(path, "FieldValueForbidden", f"Forbidden: {detail}")

    @classmethod
    def duplicate(cls, path: str, value: Any) -> FieldError:
        return cls(path, "FieldValueDuplicate", f"Duplicate value: {_shown(value)}")

    @classmethod
    def not_found(cls, path: str, value: Any) -> FieldError:
        return cls(path, "FieldValueNotFound", f"Not found: {_shown(value)}")

    @classmethod
    def too_long(cls, path: str, most: int) -> FieldError:
        return cls(path, "FieldValueTooLong", f"Too long: may not be more than {most} bytes")

    def __str__(self) -> str:
        return f"{self.path}: {self.detail}"


class Status(Exception):
    """A refusal in the API's own form: HTTP code, reason, message, details. Raised by verbs, a value in pure code."""

    def __init__(self, code: int, reason: str, message: str, details: Body | None = None) -> None:
        super().__init__(message)
        self.code, self.reason, self.message, self.details = code, reason, message, details or {}

    @classmethod
    def not_found(cls, resource: str, name: str) -> Status:
        """`resource` with its group: `pods`, `deployments.apps`."""
        return cls(404, "NotFound", f'{resource} "{name}" not found', _about(resource, name))

    @classmethod
    def already_exists(cls, resource: str, name: str) -> Status:
        return cls(409, "AlreadyExists", f'{resource} "{name}" already exists', _about(resource, name))

    @classmethod
    def conflict(cls, resource: str, name: str, why: str = "") -> Status:
        why = why or "the object has been modified; please apply your changes to the latest version and try again"
        message = f'Operation cannot be fulfilled on {resource} "{name}": {why}'
        return cls(409, "Conflict", message, _about(resource, name))

    @classmethod
    def invalid(cls, kind: str, group: str, name: str, errors: Sequence[FieldError]) -> Status:
        """422: one sentence for one error, a bracketed list for several, a cause for each."""
        listed = [str(error) for error in errors]
        told = listed[0] if len(listed) == 1 else f"[{', '.join(listed)}]"
        causes = [{"reason": e.reason, "message": e.detail, "field": e.path} for e in errors]
        details = {"name": name, "group": group, "kind": kind, "causes": causes}
        shown = f"{kind}.{group}" if group else kind
        return cls(422, "Invalid", f'{shown} "{name}" is invalid: {told}', details)

    @classmethod
    def forbidden(cls, resource: str, name: str, why: str) -> Status:
        subject = f'{resource} "{name}" is forbidden' if name else f"{resource} is forbidden"
        return cls(403, "Forbidden", f"{subject}: {why}", _about(resource, name))

    @classmethod
    def bad_request(cls, message: str) -> Status:
        return cls(400, "BadRequest", message)

    @classmethod
    def gone(cls, message: str) -> Status:
        """The revision asked for was compacted: list again."""
        return cls(410, "Expired", message)

    @classmethod
    def too_many(cls, message: str, retry_after: int = 1) -> Status:
        return cls(429, "TooManyRequests", message, {"retryAfterSeconds": retry_after})

    @classmethod
    def method_not_allowed(cls, message: str) -> Status:
        return cls(405, "MethodNotAllowed", message)

    def body(self) -> Body:
        """The `v1` Status object."""
        status = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": self.message}
        details = {"details": self.details} if self.details else {}
        return {**status, "reason": self.reason or HTTPStatus(self.code).phrase, **details, "code": self.code}


def _about(resource: str, name: str) -> Body:
    plural, _, group = resource.partition(".")
    details = {"name": name, "group": group, "kind": plural}
    return {field: value for field, value in details.items() if value}


def _shown(value: Any) -> str:
    return orjson.dumps(value).decode()
