"""A text of several YAML documents, each with the lines on which its fields stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from clusters.apiserver.parsing import DEEPEST, MOST_NODES, Loader, written_out

LARGEST = 1024 * 1024  # characters
BROKEN = "\ufffd"  # what Django reads where bytes of a form are not UTF-8
NAMED = re.compile(r'(\w+)="?([^",]*)"?')
STEP = re.compile(r"\[([^\]]*)\]|([^.\[\]]+)")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and the line (from 1) that it is about."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Document:
    """One object as it was written. `line` is where it begins."""

    value: Any
    node: yaml.Node
    line: int


class Unreadable(Exception):
    """The text is no YAML that Podium accepts; `problem` says where and why."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.problem = Problem(line, message)


def documents(text: str) -> list[Document]:
    """Every document that is not empty, in order. A List counts as its items. Raises Unreadable."""
    if len(text) > LARGEST:
        raise Unreadable(1, f"The text is too long: at most {LARGEST // 1024} KiB can be applied at once.")
    if BROKEN in text:
        line = text.count("\n", 0, text.index(BROKEN)) + 1
        raise Unreadable(line, "This line has bytes that are not UTF-8.")
    try:
        check_depth(text)
        return [document for node, value in composed(text) for document in unfolded(node, value)]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        told = " ".join(part for part in (error.context, error.problem) if part)
        raise Unreadable(mark.line + 1 if mark else 1, f"This is not valid YAML: {told}.") from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise Unreadable(line, f"This is not valid YAML: {error.reason} (#x{error.character:04x}).") from None
    except RecursionError:
        raise Unreadable(1, f"The text is nested too deeply: at most {DEEPEST} levels.") from None


def check_depth(text: str) -> None:
    """Refuse deep nesting before anything recursive reads it."""
    depth = 0
    for event in yaml.parse(text, Loader=Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise Unreadable(start_of(event), f"This is nested too deeply: at most {DEEPEST} levels.")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def start_of(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def composed(text: str) -> Iterator[tuple[yaml.Node, Any]]:
    loader = Loader(text)
    try:
        while loader.check_node():
            node = loader.get_node()
            assert node is not None  # check_node said that there is one
            values, levels = written_out(node, {})
            if values > MOST_NODES:
                line = node.start_mark.line + 1
                raise Unreadable(line, "Its aliases would make it far too large: write less of them.")
            if levels > DEEPEST:
                line = node.start_mark.line + 1
                raise Unreadable(line, f"This is nested too deeply: at most {DEEPEST} levels.")
            yield node, loader.construct_document(node)
    finally:
        loader.dispose()


def unfolded(node: yaml.Node, value: Any) -> Iterator[Document]:
    if value is None:
        return
    items = value.get("items") if isinstance(value, dict) and value.get("kind") == "List" else None
    found = child(node, "items") if isinstance(items, list) else None
    if found is None or not isinstance(items, list):
        yield Document(value, node, node.start_mark.line + 1)
        return
    for inner, item in zip(found.value, items, strict=True):
        yield Document(item, inner, inner.start_mark.line + 1)


def line_of(document: Document, path: str) -> int:
    """The line of `spec.containers[0].image`, or of the nearest field above it that is written."""
    node, line = document.node, document.line
    for index, name in STEP.findall(path):
        step = index or name
        key = key_node(node, step)
        inner = child(node, step)
        if inner is None:
            break
        line = (key or inner).start_mark.line + 1
        node = inner
    return line


def child(node: yaml.Node, step: str) -> yaml.Node | None:
    """A field, an item by its number or by `name="web"`; a field of items stands for the first item that has it."""
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    if not isinstance(node, yaml.SequenceNode):
        return None
    if step.isdigit():
        return node.value[int(step)] if int(step) < len(node.value) else None
    named = NAMED.match(step)
    if named:
        return next((item for item in node.value if scalar(child(item, named[1])) == named[2]), None)
    return next((found for item in node.value if (found := child(item, step)) is not None), None)


def scalar(node: yaml.Node | None) -> str:
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""


def key_node(node: yaml.Node, step: str) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode):
        return next((found for item in node.value if (found := key_node(item, step)) is not None), None)
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((key for key, _ in pairs if key.value == step), None)
