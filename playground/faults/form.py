"""From what the dialog's fields say to a Fault, and what is wrong with it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clusters.faults.faulttype import FaultType
from clusters.kinds.body import Body
from clusters.kinds.fault import fill_in, problems
from clusters.kinds.number import whole_number
from playground.faults.actions import API_VERSION

TEXTS = ("node", "zone", "namespace", "pod", "container", "deployment")
NUMBERS = ("chance", "count")
COUNTED = ("exitCode", "percent")


def fault_of(type_: FaultType, form: Mapping[str, str]) -> Body:
    """The Fault as it would be applied. What the type does not take is left out."""
    taken = (*type_.required, *type_.optional)
    target: dict[str, Any] = {
        name: form[name].strip() for name in TEXTS if name in taken and form.get(name, "").strip()
    }
    if "pod" in target and "/" in target["pod"]:
        target["namespace"], _, target["pod"] = target["pod"].partition("/")
    if "deployment" in target and "/" in target["deployment"]:
        target["namespace"], _, target["deployment"] = target["deployment"].partition("/")
    if "selector" in taken and form.get("selector", "").strip():
        target["selector"] = {"matchLabels": pairs(form["selector"])}
    target |= {name: number(form[name]) for name in NUMBERS if name in taken and form.get(name, "").strip()}
    if set(target) == {"namespace"}:
        target = {}
    spec: Body = {"type": type_.type, **({"target": target} if target else {})}
    if form.get("from", "").strip() and "from" in type_.options:
        spec["from"] = {"node": form["from"].strip()}
    for name in type_.options:
        if name != "from" and form.get(name, "").strip():
            spec[name] = number(form[name]) if name in COUNTED else form[name].strip()
    if not type_.moment and form.get("duration", "").strip():
        spec["duration"] = form["duration"].strip()
    name = form.get("name", "").strip() or type_.type.lower()
    return {"apiVersion": API_VERSION, "kind": "Fault", "metadata": {"name": name}, "spec": spec}


def wrong(fault: Body) -> list[str]:
    """The API's own sentences."""
    filled = {**fault, "metadata": dict(fault["metadata"]), "spec": {**fault["spec"]}}
    if "target" in filled["spec"]:
        filled["spec"]["target"] = dict(filled["spec"]["target"])
    fill_in(filled)
    return [str(error) for error in problems(filled, None)]


def pairs(text: str) -> dict[str, str]:
    """`app=web,tier=front`."""
    found = (part.partition("=") for part in text.replace(" ", "").split(",") if part)
    return {name: value for name, _, value in found}


def number(text: str) -> int:
    """What is no number is -1, which is refused in its place."""
    found = whole_number(text.strip())
    return -1 if found is None else found
