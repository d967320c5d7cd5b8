"""Scaling what keeps a number of pods (Kubernetes: the scale subresource)."""

from __future__ import annotations

from collections.abc import Mapping

from clusters.kinds.body import Body, dig, key_of
from playground.home.action import MERGE, Action, Call, Choice, namespace_flag, object_path

MOST = 1000


def scale(body: Body, plural: str, form: Mapping[str, str]) -> Action:
    """`kubectl scale`. The form's number counts, where it is one; else what is wanted now."""
    key = key_of(body)
    wanted = int(dig(body, "spec.replicas", 0))
    replicas = number(form.get("replicas", ""), wanted)
    call = Call(
        "PATCH",
        object_path(body["apiVersion"], plural, key.namespace, key.name, "scale"),
        {"spec": {"replicas": replicas}},
        MERGE,
    )
    line = f"kubectl scale {body['kind'].lower()}/{key.name} --replicas={replicas}{namespace_flag(key.namespace)}"
    choice = Choice("replicas", "Replicas", str(wanted))
    pods = "1 pod" if replicas == 1 else f"{replicas} pods"
    return Action("scale", "Scale", line, (call,), f"{key.name} shall have {pods}.", choice=choice)


def number(text: str, otherwise: int) -> int:
    """What somebody typed, kept within what a page should ask for."""
    text = text.strip()
    return min(int(text), MOST) if text.isascii() and text.isdigit() and len(text) < 9 else otherwise
