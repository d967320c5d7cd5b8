"""The examples as the editor offers them: files in an order of their own, each with a title and a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from clusters.kinds.body import Body

HERE = Path(__file__).parent
# from the first pod to what goes wrong
ORDER = (
    "pod", "deployment", "service", "nodeport", "configmap-secret", "namespace", "readiness", "liveness",
    "rolling-update", "crash-loop", "wrong-image", "too-big", "node-selector", "tolerations", "slow-goodbye", "redis",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """`text` is what the editor shows: the manifest without the two lines of its heading."""

    name: str
    title: str
    about: str
    text: str


@cache
def examples() -> tuple[Example, ...]:
    return tuple(read(name) for name in ORDER)


def example(name: str) -> Example | None:
    return next((one for one in examples() if one.name == name), None)


def read(name: str) -> Example:
    """`# title: ...` and `# about: ...` stand in the file's first two lines."""
    title, about, text = (HERE / "manifests" / f"{name}.yaml").read_text().split("\n", 2)
    return Example(name, title.removeprefix("# title: "), about.removeprefix("# about: "), text)


@cache
def welcome() -> tuple[Body, ...]:
    """What runs in a visitor's new cluster."""
    return tuple(yaml.load_all((HERE / "welcome.yaml").read_text(), Loader=yaml.CSafeLoader))
