"""The profiles as a cluster's owner writes them: a KubeSchedulerConfiguration (Kubernetes: Scheduler Configuration).

A real kube-scheduler reads it from a file at its start. Here it stands in the ConfigMap kube-system/kube-scheduler,
under `config.yaml`, and holds from the moment when it is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from typing import Any

import yaml

from clusters.kinds.body import Body, Key, dig
from workloads.scheduler.framework import Plugin
from workloads.scheduler.plugins import PLUGINS
from workloads.scheduler.profiles import DEFAULT, POINTS, PROFILES, Profile

PLACE, FIELD = Key("kube-system", "kube-scheduler"), "config.yaml"
API, KIND = "kubescheduler.config.k8s.io/v1", "KubeSchedulerConfiguration"
# Kubernetes' names of the extension points
POINT_NAMES: Mapping[str, str] = {
    "preFilter": "prefilters", "filter": "filters", "postFilter": "postfilters", "preScore": "scores",
    "score": "scores", "reserve": "reserves", "preBind": "prebinds", "bind": "binds",
}  # fmt: skip
STRATEGIES = ("LeastAllocated", "MostAllocated")


class NotTaken(ValueError):
    """The configuration says something that is wrong, or that is not honoured here."""


def profiles_of(config: Body | None) -> tuple[Mapping[str, Profile], str]:
    """The profiles by `schedulerName`, and why the configuration was not taken ("": it was). None: the default one."""
    text = dig(config, "data") or {}
    if config is None or FIELD not in text:
        return PROFILES, ""
    try:
        return _read(yaml.load(text[FIELD], Loader=yaml.CSafeLoader)), ""
    except (NotTaken, yaml.YAMLError) as error:
        return PROFILES, " ".join(str(error).split())
    except (AttributeError, KeyError, TypeError):
        return PROFILES, f"it has not the shape of a {KIND}"


def _read(wanted: Any) -> Mapping[str, Profile]:
    if not isinstance(wanted, dict) or (wanted.get("apiVersion"), wanted.get("kind")) != (API, KIND):
        raise NotTaken(f"it is not a {KIND} of {API}")
    percentage = wanted.get("percentageOfNodesToScore") or 0
    listed = wanted.get("profiles") or [{}]
    found = {profile.name: profile for profile in (_profile(one, percentage) for one in _bodies(listed))}
    if len(found) < len(listed):
        raise NotTaken("two profiles have one schedulerName")
    return found


def _profile(wanted: Body, percentage: int) -> Profile:
    plugins = wanted.get("plugins") or {}
    unknown = [name for name in plugins if name not in ("multiPoint", *POINT_NAMES)]
    if unknown:
        raise NotTaken(f"plugins.{unknown[0]} is not honoured here")
    off: dict[tuple[str, str], None] = {}
    weights: dict[str, int] = {}
    for point, change in plugins.items():
        _switch(point, change or {}, off, weights)
    found = [_adjusted(plugin, weights, _arguments(wanted)) for plugin in PLUGINS]
    name = wanted.get("schedulerName") or DEFAULT.name
    return Profile(name, found, wanted.get("percentageOfNodesToScore") or percentage, tuple(off))


def _switch(point: str, change: Body, off: dict[tuple[str, str], None], weights: dict[str, int]) -> None:
    """First what is disabled, then what is enabled: `*` stands for all."""
    points = list(POINTS) if point == "multiPoint" else [POINT_NAMES[point]]
    for one in change.get("disabled") or ():
        for name in _named(one):
            off.update(dict.fromkeys((where, name) for where in points))
    for one in change.get("enabled") or ():
        for name in _named(one):
            for where in points:
                off.pop((where, name), None)
            if one.get("weight"):
                weights[name] = one["weight"]


def _named(one: Body) -> Sequence[str]:
    known = [plugin.name for plugin in PLUGINS]
    if one.get("name") == "*":
        return known
    if one.get("name") not in known:
        raise NotTaken(f"there is no plugin {one.get('name')}")
    return [one["name"]]


def _arguments(wanted: Body) -> Mapping[str, Body]:
    return {one["name"]: one.get("args") or {} for one in _bodies(wanted.get("pluginConfig") or [])}


def _adjusted(plugin: Plugin, weights: Mapping[str, int], arguments: Mapping[str, Body]) -> Plugin:
    """The plugin with this profile's weight and arguments; plugins hold no other state."""
    given = dict(_settings(plugin, arguments.get(plugin.name) or {}))
    if plugin.name in weights:
        given["weight"] = weights[plugin.name]
    if not given:
        return plugin
    changed = copy(plugin)
    for name, value in given.items():
        setattr(changed, name, value)
    return changed


def _settings(plugin: Plugin, arguments: Body) -> Iterator[tuple[str, Any]]:
    for name, value in arguments.items():
        if name in ("apiVersion", "kind"):
            continue
        if (plugin.name, name) == ("InterPodAffinity", "hardPodAffinityWeight"):
            yield "hard_weight", value
        elif (plugin.name, name) == ("NodeResourcesFit", "scoringStrategy") and value.get("type") in STRATEGIES:
            yield "strategy", value["type"]
            yield (
                "resources",
                tuple((one["name"], one.get("weight") or 1) for one in value.get("resources") or CPU_MEMORY),
            )
        else:
            raise NotTaken(f"{name} of {plugin.name} is not honoured here")


CPU_MEMORY = ({"name": "cpu"}, {"name": "memory"})


def _bodies(listed: Any) -> Sequence[Body]:
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise NotTaken("a list of objects was expected")
    return listed
