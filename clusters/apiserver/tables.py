"""Objects as rows of kubectl's tables, and as their metadata alone (meta.k8s.io/v1: Table, PartialObjectMetadata)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from clusters.kinds.body import Body, dig
from clusters.kinds.kind import Column, Kind
from clusters.reconcile.clock import Time

API_VERSION = "meta.k8s.io/v1"
NAME_TEXT = (
    "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a "
    "client to request the generation of an appropriate name automatically."
)


def table(
    kind: Kind, bodies: Sequence[Body], now: Time, metadata: Body, *, include: str = "Metadata", headers: bool = True
) -> Body:
    """A Table of these objects. `include`: what a row carries of its object: None, Metadata or Object."""
    columns = [_definition(column) for column in kind.columns] if headers else None
    rows = [{"cells": cells(kind, body, now), **_carried(body, include)} for body in bodies]
    head = {"kind": "Table", "apiVersion": API_VERSION, "metadata": metadata}
    return {**head, "columnDefinitions": columns, "rows": rows}


def cells(kind: Kind, body: Body, now: Time) -> list[Any]:
    """One row's values."""
    return [_cell(column, body, now) for column in kind.columns]


def partial(body: Body) -> Body:
    """Nothing but the metadata."""
    return {"kind": "PartialObjectMetadata", "apiVersion": API_VERSION, "metadata": body["metadata"]}


def partial_list(bodies: Sequence[Body], metadata: Body) -> Body:
    head = {"kind": "PartialObjectMetadataList", "apiVersion": API_VERSION, "metadata": metadata}
    return {**head, "items": [partial(body) for body in bodies]}


def _definition(column: Column) -> Body:
    is_name = column.name == "Name"
    return {
        "name": column.name,
        "type": column.type,
        "format": "name" if is_name else "",
        "description": NAME_TEXT if is_name else "",
        "priority": 1 if column.wide else 0,
    }


def _cell(column: Column, body: Body, now: Time) -> Any:
    value = dig(body, column.value) if isinstance(column.value, str) else column.value(body, now)
    return "<none>" if value is None else value


def _carried(body: Body, include: str) -> Body:
    if include == "None":
        return {"object": None}
    return {"object": body if include == "Object" else partial(body)}
