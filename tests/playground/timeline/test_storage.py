"""Claims and volumes in the feed."""

from __future__ import annotations

from clusters.kinds.body import put
from tests.clusters.controllers.storage import claim, volume
from tests.playground.timeline.test_sentences import Log


def test_a_claims_way_to_its_volume_is_told() -> None:
    pending = put(claim("data"), "status", {"phase": "Pending"})
    bound = put(put(pending, "spec.volumeName", "pv-1"), "status", {"phase": "Bound"})

    log = Log().put("ADDED", "persistentvolumeclaims", pending, "alice")
    log.put("ADDED", "persistentvolumes", volume("pv-1", "1Gi"), "disk-provisioner", "The claim needs a volume.")
    log.put("MODIFIED", "persistentvolumeclaims", bound, "persistentvolume-binder-controller")

    assert log.told() == [
        "alice made claim data for 1Gi",
        "disk-provisioner made volume pv-1 of 1Gi",
        "data got volume pv-1",
    ]


def test_a_volume_that_stays_behind_says_so() -> None:
    bound = put(volume("pv-1", persistentVolumeReclaimPolicy="Retain"), "status", {"phase": "Bound"})
    log = Log().put("ADDED", "persistentvolumes", bound, "alice")

    log.put("MODIFIED", "persistentvolumes", put(bound, "status.phase", "Released"), "persistentvolume-controller")

    assert log.told()[-1] == "pv-1 has no claim any more, and keeps what is on it"
