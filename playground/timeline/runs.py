"""The feed's lines: what one actor does to many alike objects in a breath is told once ("made 300 pods"). Pure."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace

from clusters.reconcile.clock import MINUTE, SECOND, Time
from playground.timeline.line import Line, Name, Sentence

FEW = 3  # so many stand one by one
APART = 10 * SECOND  # of cluster time: what comes later begins anew
AGAIN = 6 * MINUTE  # what befalls the same ones again and again: the longest back-off is 5 minutes
SHOWN = 3  # names of a run that are told
KEPT = 400

NUMBER = re.compile(r"\d+(st|nd|rd|th)?")
NOUNS = {
    "pods": "pod", "nodes": "node", "services": "Service", "deployments": "Deployment", "replicasets": "ReplicaSet",
    "statefulsets": "StatefulSet", "daemonsets": "DaemonSet", "jobs": "Job", "cronjobs": "CronJob",
    "configmaps": "config map", "secrets": "secret", "namespaces": "namespace", "persistentvolumes": "volume",
    "persistentvolumeclaims": "claim", "ingresses": "Ingress", "faults": "fault",
}  # fmt: skip
# what a sentence about one says otherwise of several
SEVERAL = ((" is ", " are "), (" has ", " have "), (" sends it ", " sends them "), (" marked it ", " marked them "))
KUBELETS = "kubelets"
# what one actor does, said of several
THEY = (("waits before it starts ", "wait before they start "), ("waits before it tries ", "wait before they try "))

Key = tuple[object, ...]


class Run:
    """Lines that tell the same: the first ones, and of all how many and about whom."""

    def __init__(self, line: Line) -> None:
        self.lines: list[Line] = []
        self.last = line
        self.since = line.at
        self.names: list[dict[Name, None]] = [{} for part in line.sentence if isinstance(part, Name)]
        self.actors: dict[str, None] = {}
        self.count = 0
        self.add(line)

    def add(self, line: Line) -> None:
        self.last, self.count = line, self.count + 1
        if len(self.lines) <= FEW:
            self.lines.append(line)
        self.actors[line.actor] = None
        for names, name in zip(self.names, (part for part in line.sentence if isinstance(part, Name)), strict=True):
            names[name] = None

    def patience(self, line: Line) -> Time:
        """How much later one more may come."""
        names = (part for part in line.sentence if isinstance(part, Name))
        same = all(name in known for known, name in zip(self.names, names, strict=True))
        return AGAIN if same else APART

    def told(self) -> Sequence[Line]:
        """One by one while they are few, else as one."""
        if len(self.lines) <= FEW:
            return [replace(line, run=self.lines[0].revision) for line in self.lines]
        actor = self.last.actor if len(self.actors) == 1 else KUBELETS
        about = next((names for names in self.names if len(names) > 1), {})
        among = tuple(list(about)[-SHOWN:])
        told = replace(self.last, actor=actor, sentence=self._sentence(), run=self.lines[0].revision)
        return [replace(told, several=self.count, since=self.since, among=among, more=len(about) - len(among))]

    def _sentence(self) -> Sentence:
        parts: list[str | Name] = []
        they = THEY if len(self.actors) > 1 else ()
        names = iter(self.names)
        for part in self.last.sentence:
            if isinstance(part, Name) and len(same := next(names)) > 1:
                noun = NOUNS.get(part.plural, part.plural)
                if parts and isinstance(parts[-1], str) and parts[-1].endswith(f"{noun} "):
                    parts[-1] = parts[-1][: -len(noun) - 1]
                parts.append(f"{len(same)} {several(noun)}{_of(self.last)}")
            elif isinstance(part, str) and len(parts) == 1 and isinstance(parts[0], str):
                parts.append(_said(part, SEVERAL))
            else:
                parts.append(part if isinstance(part, Name) or parts else _said(part, they))
        return tuple(parts) if any(len(same) > 1 for same in self.names) else (*parts, f", {self.count} times")


class Runs:
    """Feed it lines in order; it gives them newest first."""

    def __init__(self) -> None:
        self._runs: OrderedDict[int, Run] = OrderedDict()  # by the first line's revision, the one told last at the end
        self._open: OrderedDict[Key, int] = OrderedDict()

    def add(self, line: Line) -> None:
        key = likeness(line)
        number = self._open.get(key)
        run = self._runs.get(number) if number is not None else None
        if run is not None and line.at - run.last.at <= run.patience(line):
            run.add(line)
            self._runs.move_to_end(self._open[key])
            self._open.move_to_end(key)
            return
        self._runs[line.revision] = Run(line)
        self._open[key] = line.revision
        self._open.move_to_end(key)
        while len(self._runs) > KEPT:
            self._runs.popitem(last=False)
        while len(self._open) > KEPT:
            self._open.popitem(last=False)

    def lines(self, most: int) -> Sequence[Line]:
        found = [line for run in list(self._runs.values())[-most:] for line in run.told()]
        return sorted(found, key=lambda line: -line.revision)[:most]


def likeness(line: Line) -> Key:
    """The same for lines that differ only in whom they are about, and in numbers."""
    actor = KUBELETS if line.actor.startswith("kubelet/") else line.actor
    parts = tuple(
        (part.plural, part.namespace) if isinstance(part, Name) else NUMBER.sub("#", part) for part in line.sentence
    )
    return actor, line.of, line.tone, parts


def several(noun: str) -> str:
    return f"{noun}es" if noun.endswith("s") else f"{noun}s"


def _of(line: Line) -> str:
    return f" of {line.of}" if line.of else ""


def _said(text: str, otherwise: Sequence[tuple[str, str]]) -> str:
    for one, many in otherwise:
        text = text.replace(one, many)
    return text
