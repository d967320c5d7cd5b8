"""Leases and ServiceAccounts."""

from __future__ import annotations

from clusters.kinds.lease import LEASE
from clusters.kinds.serviceaccount import SERVICEACCOUNT
from tests.clusters.kinds.desk import cells, filled, wrongs


def test_a_lease_shows_its_holder() -> None:
    assert cells(LEASE, filled(LEASE, {"spec": {"holderIdentity": "worker-1"}})) == {
        "Name": "it",
        "Holder": "worker-1",
        "Age": "90s",
    }


def test_a_lease_lasts() -> None:
    assert wrongs(LEASE, {"spec": {"leaseDurationSeconds": 0, "leaseTransitions": -1}}) == [
        "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0",
        "spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0",
    ]


def test_a_service_account_counts_its_secrets() -> None:
    assert cells(SERVICEACCOUNT, filled(SERVICEACCOUNT, {})) == {"Name": "it", "Secrets": 0, "Age": "90s"}
    assert wrongs(SERVICEACCOUNT, {}) == []
