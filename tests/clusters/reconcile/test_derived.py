"""An index that several share: `view.derived`."""

from __future__ import annotations

from clusters.kinds.body import Body, Key
from clusters.reconcile.objects import Objects


class Names:
    """The names of all objects."""

    resources = ("pods",)

    def __init__(self) -> None:
        self.held: list[str] = []

    def changed(self, resource: str, new: Body | None, old: Body | None) -> None:
        if old is not None:
            self.held.remove(old["metadata"]["name"])
        if new is not None:
            self.held.append(new["metadata"]["name"])


def test_it_knows_what_was_there_before_it_and_what_came_after() -> None:
    objects = Objects()
    objects.put("pods", Key("default", "a"), {"metadata": {"name": "a"}, "spec": {}})

    names = objects.derived(Names)
    objects.put("pods", Key("default", "b"), {"metadata": {"name": "b"}, "spec": {}})
    objects.put("pods", Key("default", "a"), None)

    assert names.held == ["b"]
    assert objects.derived(Names) is names
