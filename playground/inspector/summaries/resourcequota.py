"""A ResourceQuota: what its Namespace uses of each limit. A LimitRange: what one pod or container may ask for."""

from __future__ import annotations

from clusters.kinds.body import Body, dig
from clusters.kinds.quantity import NotAQuantity, parse
from playground.inspector.around import Around
from playground.inspector.summaries.anything import about
from playground.inspector.telling import Summary, Table, cell, counted

AMOUNTS = (("min", "Least"), ("defaultRequest", "Usual request"), ("default", "Usual limit"), ("max", "Most"))


def resourcequota(body: Body, around: Around) -> Summary:
    hard, used = dig(body, "spec.hard", {}), dig(body, "status.used", {})
    full = [name for name in sorted(hard) if is_full(used.get(name, "0"), hard[name])]
    rows = tuple(
        (cell(name), cell(used.get(name, "0"), "pending" if name in full else ""), cell(hard[name]))
        for name in sorted(hard)
    )
    name, space = body["metadata"]["name"], body["metadata"]["namespace"]
    spent = f" Nothing is left of {', '.join(full)}: more is refused." if full else ""
    says = f"{name} limits what namespace {space} holds, in {counted(len(hard), 'respect')}.{spent}"
    table = Table("Used", ("Resource", "Used", "Most"), rows, "It limits nothing.")
    return Summary((says,), facts=about(body, around), tables=(table,))


def limitrange(body: Body, around: Around) -> Summary:
    rows = []
    for item in dig(body, "spec.limits", ()):
        names = dict.fromkeys(name for field, _ in AMOUNTS for name in item.get(field) or {})
        for name in names:
            cells = (cell((item.get(field) or {}).get(name, "")) for field, _ in AMOUNTS)
            rows.append((cell(item["type"]), cell(name), *cells))
    head = ("Of a", "Resource", *(title for _, title in AMOUNTS))
    says = f"{body['metadata']['name']} says what may be asked for in namespace {body['metadata']['namespace']}."
    table = Table("Limits", head, tuple(rows), "It limits nothing.")
    return Summary((says,), facts=about(body, around), tables=(table,))


def is_full(used: str, hard: str) -> bool:
    try:
        return parse(used) >= parse(hard)
    except NotAQuantity:
        return False
