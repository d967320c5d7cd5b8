"""ConfigMaps and Secrets hold files by name."""

from __future__ import annotations

from clusters.kinds.configmap import CONFIGMAP
from clusters.kinds.secret import SECRET
from tests.clusters.kinds.desk import cells, filled, wrongs


def test_a_configmap_counts_its_files() -> None:
    body = {"data": {"a": "1", "b": "2"}, "binaryData": {"c": "AA=="}}

    assert cells(CONFIGMAP, filled(CONFIGMAP, body)) == {"Name": "it", "Data": 3, "Age": "90s"}


def test_a_key_is_a_file_name_and_stands_once() -> None:
    assert wrongs(CONFIGMAP, {"data": {"a": "1"}, "binaryData": {"a": "AA=="}}) == [
        'data[a]: Invalid value: "a": duplicate of key present in binaryData',
    ]
    assert wrongs(CONFIGMAP, {"data": {"a/b": "1"}})[0].startswith(
        'data[a/b]: Invalid value: "a/b": a valid config key must consist of'
    )


def test_a_configmap_holds_a_mebibyte() -> None:
    assert wrongs(CONFIGMAP, {"data": {"a": "x" * 1048577}}) == ["data: Too long: may not be more than 1048576 bytes"]


def test_what_is_immutable_stays() -> None:
    old = {"data": {"a": "1"}, "immutable": True}

    assert wrongs(CONFIGMAP, {"data": {"a": "2"}}, old) == [
        "immutable: Forbidden: field is immutable when `immutable` is set",
        "data: Forbidden: field is immutable when `immutable` is set",
    ]
    assert wrongs(CONFIGMAP, {**old, "metadata": {"labels": {"a": "b"}}}, old) == []


def test_plain_text_of_a_secret_becomes_data() -> None:
    made = filled(SECRET, {"stringData": {"password": "hunter2"}, "data": {"user": "YQ=="}})

    assert made["type"] == "Opaque"
    assert made["data"] == {"user": "YQ==", "password": "aHVudGVyMg=="}
    assert "stringData" not in made
    assert cells(SECRET, made) == {"Name": "it", "Type": "Opaque", "Data": 2, "Age": "90s"}


def test_a_certificate_needs_its_key() -> None:
    assert wrongs(SECRET, {"type": "kubernetes.io/tls", "data": {"tls.crt": "YQ=="}}) == [
        "data[tls.key]: Required value",
    ]


def test_the_type_of_a_secret_never_changes() -> None:
    assert wrongs(SECRET, {"type": "a/b"}, {"type": "Opaque"}) == [
        'type: Invalid value: "a/b": field is immutable',
    ]


def test_what_is_not_base64_is_refused() -> None:
    assert wrongs(SECRET, {"data": {"a": "???"}}) == ['data[a]: Invalid value: "???": illegal base64 data']
