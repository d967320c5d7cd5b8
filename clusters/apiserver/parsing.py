"""Bytes into plain data, with limits: JSON as it is, YAML 1.1 as the API server reads it (sigs.k8s.io/yaml)."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson
import yaml

from clusters.kinds.problem import Status

LARGEST = 3 * 1024 * 1024  # bytes of a request's body
DEEPEST = 100  # levels
MOST_EVENTS = 50_000  # of a YAML document: many times the largest manifest, and read in a fraction of a second
MOST_NODES = 100_000  # values of a YAML document with its aliases written out
LONGEST_NUMBER = 1024  # bits
YAML_TYPES = ("application/yaml", "application/apply-patch+yaml", "text/yaml", "application/x-yaml")


@dataclass(slots=True)
class Parsed:
    """`duplicates`: the fields that stand twice (the last one counts), as strict decoding reports them."""

    value: Any
    duplicates: list[str] = field(default_factory=list)


def parse(body: bytes, content_type: str, *, strict: bool = True) -> Parsed:
    """Raises BadRequest for what is no JSON or YAML, RequestEntityTooLarge; `strict` looks for duplicate fields."""
    if len(body) > LARGEST:
        raise too_large()
    try:
        found = Parsed(orjson.loads(body))
    except orjson.JSONDecodeError as error:
        if content_type in YAML_TYPES:
            return parse_yaml(body)
        raise Status.bad_request(f"json parse error: {error}") from None
    if body.count(b"{") + body.count(b"[") > DEEPEST and _depth(found.value) > DEEPEST:
        raise Status.bad_request("json parse error: exceeded max depth")
    if strict:
        found.duplicates = _duplicates(body)
    return found


def too_large() -> Status:
    message = f"Request entity too large: limit is {LARGEST}"
    return Status(413, "RequestEntityTooLarge", message)


def _depth(value: Any) -> int:
    deepest, left = 0, [(value, 1)]
    while left:
        one, depth = left.pop()
        deepest = max(deepest, depth)
        inner = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        left += [(part, depth + 1) for part in inner]
    return deepest


def _duplicates(body: bytes) -> list[str]:
    doubled: dict[int, list[str]] = {}

    def built(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) != len(pairs):
            times = Counter(name for name, _ in pairs)
            doubled[id(made)] = [name for name in made if times[name] > 1]
        return made

    root = json.loads(body, object_pairs_hook=built)
    return list(_doubled(root, "", doubled)) if doubled else []


def _doubled(value: Any, path: str, doubled: dict[int, list[str]]) -> Iterator[str]:
    if isinstance(value, dict):
        dot = f"{path}." if path else ""
        yield from (f'duplicate field "{dot}{name}"' for name in doubled.get(id(value), ()))
        for name, inner in value.items():
            yield from _doubled(inner, dot + name, doubled)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _doubled(inner, f"{path}[{index}]", doubled)


class Loader(yaml.CSafeLoader):
    """JSON's types and nothing else: no dates, no sets, no numbers to the base of sixty."""

    yaml_implicit_resolvers = {
        letter: [(tag, shape) for tag, shape in known if tag.rpartition(":")[2] in ("bool", "null", "merge")]
        for letter, known in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        """A tag may promise what the text is not: `!!int x`."""
        try:
            return super().construct_object(node, deep)
        except (ValueError, LookupError):
            wrong = f"cannot be read as {node.tag.rpartition(':')[2]}"
            raise yaml.constructor.ConstructorError(None, None, wrong, node.start_mark) from None

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        """Keys are text: to Python `true` and `1` would be the same."""
        if not isinstance(node, yaml.MappingNode):
            wrong = f"expected a mapping node, but found {node.id}"
            raise yaml.constructor.ConstructorError(None, None, wrong, node.start_mark)
        self.flatten_mapping(node)
        return {_key(self.construct_object(key)): self.construct_object(value, deep) for key, value in node.value}


_NUMBERS = {
    "int": r"[-+]?(0b[0-1_]+|0x[0-9a-fA-F_]+|0[0-7_]+|0|[1-9][0-9_]*)",
    "float": r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
}
for _name, _shape in _NUMBERS.items():
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_name}", re.compile(f"^(?:{_shape})$"), list("-+.0123456789"))


def parse_yaml(body: bytes) -> Parsed:
    """One document. Raises BadRequest, in the end with the line that it is about."""
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise Status.bad_request(f"error converting YAML to JSON: yaml: invalid UTF-8 at byte {error.start}") from None
    try:
        _check_size(text)
        loader = Loader(text)
        try:
            node = loader.get_single_node()
            return Parsed(None) if node is None else _constructed(loader, node)
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        raise Status.bad_request(f"error converting YAML to JSON: yaml: {_told(error)}") from None


def _check_size(text: str) -> None:
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=Loader)):
        if count > MOST_EVENTS:
            raise yaml.YAMLError(f"line {_line_of(event)}: more than {MOST_EVENTS} values in one document")
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise yaml.YAMLError(f"line {_line_of(event)}: exceeded max depth of {DEEPEST}")
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            depth -= 1


def _line_of(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _constructed(loader: Loader, node: yaml.Node) -> Parsed:
    values, levels = written_out(node, {})
    if values > MOST_NODES:
        raise yaml.YAMLError("document contains excessive aliasing")
    if levels > DEEPEST:
        raise yaml.YAMLError(f"exceeded max depth of {DEEPEST}")
    duplicates = list(_twice(node, ""))
    return Parsed(_as_json(loader.construct_document(node)), duplicates)


def written_out(node: yaml.Node, known: dict[int, tuple[int, int]]) -> tuple[int, int]:
    """How many values the node is, in how many levels, when every alias is replaced by what it stands for."""
    if isinstance(node, yaml.ScalarNode):
        return 1, 0
    if id(node) not in known:
        known[id(node)] = MOST_NODES + 1, 1  # met again before it is counted: it contains itself
        inner = [part for pair in node.value for part in (pair if isinstance(pair, tuple) else (pair,))]
        found = [written_out(part, known) for part in inner]
        known[id(node)] = 1 + sum(n for n, _ in found), 1 + max((deep for _, deep in found), default=0)
    return known[id(node)]


def _twice(node: yaml.Node, path: str) -> Iterator[str]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            place = f"{path}.{key.value}" if path else str(key.value)
            if str(key.value) in seen and key.value != "<<":
                yield f'duplicate field "{place}"'
            seen.add(str(key.value))
            yield from _twice(value, place)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _twice(value, f"{path}[{index}]")


def _as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_json(inner) for inner in value]
    if isinstance(value, int) and value.bit_length() > LONGEST_NUMBER:
        raise yaml.YAMLError("a number of so many digits has no form in JSON")
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float) and value == value and abs(value) != float("inf"):
        return value
    raise yaml.YAMLError(f"a value of type {type(value).__name__} has no form in JSON")


def _key(key: Any) -> str:
    if key is None or isinstance(key, bool | int | float):
        return orjson.dumps(key).decode()
    if isinstance(key, str):
        return key
    raise yaml.YAMLError("a key must be text")


def _told(error: yaml.YAMLError) -> str:
    mark: Any = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    return f"line {mark.line + 1}: {problem}" if mark else problem
