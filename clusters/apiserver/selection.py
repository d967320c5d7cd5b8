"""Which objects a list or watch wants: label and field selectors as clients write them (apimachinery: labels)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clusters.kinds.body import Body, dig, labels_of
from clusters.kinds.kind import Kind
from clusters.kinds.number import whole_number
from clusters.kinds.problem import Status

Requirement = Callable[[Mapping[str, str]], bool]
_KEY = r"(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?"
_SET = re.compile(rf"\s*({_KEY})\s+(in|notin)\s*\(([^()]*)\)\s*")
_EQUAL = re.compile(rf"\s*({_KEY})\s*(==|=|!=|<|>)\s*([-A-Za-z0-9_.]*)\s*")
_EXISTS = re.compile(rf"\s*(!?)\s*({_KEY})\s*")
_FIELD = re.compile(r"([^=!]+?)(==|=|!=)(.*)")


@dataclass(frozen=True, slots=True)
class Selection:
    """Everything, where there are no requirements."""

    labels: Sequence[Requirement] = ()
    fields: Sequence[tuple[str, bool, str]] = ()  # path, equal or not, value

    @property
    def is_everything(self) -> bool:
        return not self.labels and not self.fields

    def takes(self, body: Body) -> bool:
        """Whether the object is selected as it is."""
        return self._fits(labels_of(body), {path: _text(dig(body, path)) for path, _, _ in self.fields})

    def took(self, body: Body, was: Body | None) -> bool:
        """Whether it was before the change that `was` tells of (None: nothing that selectors see was different)."""
        if was is None:
            return self.takes(body)
        before = was.get("fields") or {}
        fields = {path: _text(before[path] if path in before else dig(body, path)) for path, _, _ in self.fields}
        return self._fits(was.get("labels") or {}, fields)

    def _fits(self, labels: Mapping[str, str], fields: Mapping[str, str]) -> bool:
        if any((fields[path] == value) != equal for path, equal, value in self.fields):
            return False
        return all(holds(labels) for holds in self.labels)


def selection(kind: Kind, query: Mapping[str, str]) -> Selection:
    """From `labelSelector` and `fieldSelector`. Raises BadRequest."""
    labels = label_requirements(query.get("labelSelector") or "")
    return Selection(labels, _fields(kind, query.get("fieldSelector") or ""))


def label_requirements(text: str) -> Sequence[Requirement]:
    """`app=web,tier in (a,b),!gone`."""
    found, rest = [], text
    while rest.strip():
        for shape, made in ((_SET, _in_set), (_EQUAL, _equality), (_EXISTS, _existence)):
            match = shape.match(rest)
            if match and (match.end() == len(rest) or rest[match.end()] == ","):
                found.append(made(*match.groups()))
                rest = rest[match.end() + 1 :]
                break
        else:
            raise Status.bad_request(f"unable to parse requirement: found '{rest.strip()}', expected: a requirement")
    return found


def _in_set(key: str, operator: str, values: str) -> Requirement:
    wanted = [value.strip() for value in values.split(",")]
    if operator == "in":
        return lambda labels: labels.get(key) in wanted
    return lambda labels: labels.get(key) not in wanted


def _equality(key: str, operator: str, value: str) -> Requirement:
    if operator in ("<", ">"):
        return _comparison(key, operator, value)
    if operator == "!=":
        return lambda labels: labels.get(key) != value
    return lambda labels: labels.get(key) == value


def _comparison(key: str, operator: str, value: str) -> Requirement:
    number = whole_number(value)
    if number is None:
        raise Status.bad_request(
            f'unable to parse requirement: values[0][{key}]: Invalid value: "{value}": '
            "for 'Gt', 'Lt' operators, the value must be an integer"
        )

    def holds(labels: Mapping[str, str]) -> bool:
        own = whole_number(labels.get(key) or "")
        if own is None:
            return False
        return own > number if operator == ">" else own < number

    return holds


def _existence(negated: str, key: str) -> Requirement:
    return lambda labels: (key in labels) != bool(negated)


def _fields(kind: Kind, text: str) -> Sequence[tuple[str, bool, str]]:
    known = ("metadata.name", *(("metadata.namespace",) if kind.namespaced else ()), *kind.selectable)
    found = []
    for term in filter(None, (part.strip() for part in text.split(","))):
        match = _FIELD.fullmatch(term)
        if not match:
            raise Status.bad_request(f"invalid selector: '{text}'; can't understand '{term}'")
        path, operator, value = match.groups()
        if path not in known:
            raise Status.bad_request(f"field label not supported: {path}")
        # a flag of a spec that is off is not written down
        found.append((path, operator != "!=", "" if value == "false" and path.startswith("spec.") else value))
    return found


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
