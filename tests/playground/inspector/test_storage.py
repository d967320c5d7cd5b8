"""Claims and volumes in plain words."""

from __future__ import annotations

from clusters.engine.assembly import kinds
from clusters.kinds.body import Body, put
from playground.inspector.summaries import summary_of
from playground.inspector.telling import Summary
from tests.clusters.controllers.storage import claim, storageclass, user_of, volume
from tests.playground.inspector.test_summaries import says
from tests.playground.things import Around


def summary(plural: str, body: Body, around: Around | None = None) -> Summary:
    return summary_of(kinds()[plural], body, around or Around())


def rows(told: Summary, title: str) -> list[list[str]]:
    table = next(one for one in told.tables if one.title == title)
    return [["".join(str(word) for word in cell.words) for cell in row] for row in table.rows]


def test_a_claim_that_waits_for_its_first_pod_says_so() -> None:
    around = Around(storageclasses=[storageclass("standard", volumeBindingMode="WaitForFirstConsumer")])

    told = summary("persistentvolumeclaims", claim("data", storageClassName="standard"), around)

    assert says(told) == "data asks for 1Gi. Nothing is made before the first pod uses it."


def test_a_claim_that_is_bound_names_its_volume_and_its_pods() -> None:
    bound = put(claim("data", volumeName="pv-1"), "status", {"phase": "Bound", "capacity": {"storage": "10Gi"}})

    told = summary("persistentvolumeclaims", bound, Around(pods=[user_of("data")]))

    assert says(told) == "data asked for 1Gi and has pv-1."
    assert rows(told, "Used by") == [["app", "–"]]


def test_a_released_volume_says_what_became_of_it_and_what_is_on_it() -> None:
    source = {"driver": "podium.dev/disk", "volumeHandle": "pv-1"}
    pv = volume("pv-1", csi=source, claimRef={"namespace": "default", "name": "data"})
    disk = {"metadata": {"name": "pv-1"}, "files": {"a/b.txt": "x", "empty/": ""}}

    told = summary("persistentvolumes", put(pv, "status", {"phase": "Released"}), Around(disks=[disk]))

    assert says(told) == (
        "pv-1 belonged to data, which is gone. What is on it is still there; no other claim gets it."
    )  # fmt: skip
    assert rows(told, "Files on the disk") == [["a/b.txt"]]
