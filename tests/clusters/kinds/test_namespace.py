"""Namespaces as the API server keeps them."""

from __future__ import annotations

from clusters.kinds.namespace import NAMESPACE
from tests.clusters.kinds.desk import cells, filled, stored, wrongs


def test_a_new_namespace_is_active_and_held_by_its_finalizer() -> None:
    made = filled(NAMESPACE, {"metadata": {"name": "shop"}})

    assert made["spec"] == {"finalizers": ["kubernetes"]}
    assert made["status"] == {"phase": "Active"}
    assert made["metadata"]["labels"] == {"kubernetes.io/metadata.name": "shop"}


def test_its_row_shows_its_phase() -> None:
    assert cells(NAMESPACE, filled(NAMESPACE, {})) == {"Name": "it", "Status": "Active", "Age": "90s"}


def test_a_namespace_that_is_marked_is_terminating() -> None:
    assert NAMESPACE.word(NAMESPACE.marked(filled(NAMESPACE, {}))) == "Terminating"


def test_a_writer_cannot_let_go_of_the_finalizer() -> None:
    old = stored(NAMESPACE, {})

    assert NAMESPACE.protect({**old, "spec": {}, "status": {}}, old) == old


def test_its_name_is_a_label() -> None:
    assert wrongs(NAMESPACE, {"metadata": {"name": "a.b"}})[0].startswith(
        'metadata.name: Invalid value: "a.b": a lowercase RFC 1123 label must consist of'
    )
