"""ConfigMaps show what they hold; Secrets only say how much."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error

from clusters.kinds.body import Body
from playground.inspector.around import Around
from playground.inspector.summaries.anything import about
from playground.inspector.telling import Summary, Table, cell, counted

SHOWN = 400


def configmap(body: Body, around: Around) -> Summary:
    data = body.get("data") or {}
    rows = tuple((cell(name), cell(value[:SHOWN])) for name, value in sorted(data.items()))
    says = f"{body['metadata']['name']} keeps {counted(len(data), 'setting')} for containers to read."
    return Summary((says,), facts=about(body, around), tables=(Table("Data", ("Key", "Value"), rows, "It is empty."),))


def secret(body: Body, around: Around) -> Summary:
    data = body.get("data") or {}
    rows = tuple((cell(name), cell(size(value))) for name, value in sorted(data.items()))
    says = f"{body['metadata']['name']} keeps {counted(len(data), 'value')} that should not be shown to everybody."
    return Summary((says,), facts=about(body, around), tables=(Table("Data", ("Key", "Size"), rows, "It is empty."),))


def size(value: str) -> str:
    try:
        return counted(len(b64decode(value)), "byte")
    except (Error, ValueError):
        return "unreadable"
