"""A pod: crash one of its containers. Deleting it is what every kind has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from clusters.kinds.body import Body
from playground.faults.actions import crash_container
from playground.home.action import Action
from playground.inspector.around import Around


def pod_actions(body: Body, around: Around, form: Mapping[str, str]) -> Iterator[Action]:
    crash = crash_container(body, form.get("container", ""))
    if crash is not None:
        yield crash
