"""Which plugins decide for which `schedulerName` (Kubernetes: Scheduler Configuration, profiles)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from workloads.scheduler.framework import Bind, Change, Filter, Plugin, PostFilter, PreBind, PreFilter, Reserve, Score
from workloads.scheduler.plugins import PLUGINS


@dataclass(frozen=True, slots=True)
class Profile:
    """A scheduler's name, its plugins in order, and where they do something."""

    name: str
    plugins: Sequence[Plugin]
    percentage: int = 0  # percentageOfNodesToScore; 0: by the size of the cluster
    off: Sequence[tuple[str, str]] = ()  # (extension point, plugin) that are disabled
    filters: Sequence[Filter] = field(init=False)
    prefilters: Sequence[PreFilter] = field(init=False)
    postfilters: Sequence[PostFilter] = field(init=False)
    scores: Sequence[Score] = field(init=False)
    reserves: Sequence[Reserve] = field(init=False)
    prebinds: Sequence[PreBind] = field(init=False)
    binds: Sequence[Bind] = field(init=False)
    helped_by: Mapping[str, Sequence[Change]] = field(init=False)

    def __post_init__(self) -> None:
        for name, point in POINTS.items():
            here = (one for one in self.plugins if isinstance(one, point) and (name, one.name) not in self.off)
            object.__setattr__(self, name, tuple(here))
        object.__setattr__(self, "helped_by", {plugin.name: plugin.helped_by for plugin in self.plugins})


POINTS: Mapping[str, type[Plugin]] = {
    "filters": Filter,
    "prefilters": PreFilter,
    "postfilters": PostFilter,
    "scores": Score,
    "reserves": Reserve,
    "prebinds": PreBind,
    "binds": Bind,
}
DEFAULT = Profile("default-scheduler", PLUGINS)
PROFILES: Mapping[str, Profile] = {DEFAULT.name: DEFAULT}
