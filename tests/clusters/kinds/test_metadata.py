"""Metadata is checked as the API server checks it."""

from __future__ import annotations

from typing import Any

from clusters.kinds.metadata import problems, selector_problems
from clusters.kinds.names import subdomain


def told(**metadata: Any) -> list[str]:
    body = {"metadata": {"name": "web", "namespace": "default", **metadata}}
    return [str(error) for error in problems(body, subdomain)]


def test_good_metadata_has_no_problems() -> None:
    assert told(labels={"app": "web"}, annotations={"Note": "any thing"}, finalizers=["example.com/wait"]) == []


def test_a_name_is_required() -> None:
    assert told(name="") == ["metadata.name: Required value: name or generateName is required"]


def test_a_name_is_a_subdomain() -> None:
    (sentence,) = told(name="Web")

    assert sentence.startswith('metadata.name: Invalid value: "Web": a lowercase RFC 1123 subdomain must consist of')


def test_the_end_of_a_generated_names_prefix_may_be_a_hyphen() -> None:
    assert told(generateName="web-") == []
    assert told(generateName="Web-")[0].startswith('metadata.generateName: Invalid value: "Web-"')


def test_a_namespace_is_required() -> None:
    assert told(namespace="") == ["metadata.namespace: Required value"]


def test_label_values_are_short_words() -> None:
    (sentence,) = told(labels={"app": "my web"})

    assert sentence.startswith('metadata.labels: Invalid value: "my web": a valid label must be an empty string or')


def test_annotations_hold_256_kibibytes_in_all() -> None:
    assert told(annotations={"a": "x" * 262144}) == [
        "metadata.annotations: Too long: may not be more than 262144 bytes"
    ]


def test_only_one_owner_controls() -> None:
    owner = {"apiVersion": "v1", "kind": "Pod", "uid": "u", "controller": True}
    (sentence,) = told(ownerReferences=[{**owner, "name": "a"}, {**owner, "name": "b"}])

    assert "Only one reference can have Controller set to true" in sentence
    assert 'Found "true" in references for a and b' in sentence


def test_an_owner_is_named_fully() -> None:
    owner = {"apiVersion": "v1", "kind": "Pod", "name": "a"}

    assert told(ownerReferences=[owner]) == [
        'metadata.ownerReferences[0].uid: Invalid value: "": must not be empty',
    ]


def test_a_selector_that_lists_needs_values() -> None:
    rules = [{"key": "a", "operator": "In"}, {"key": "b", "operator": "Exists", "values": ["x"]}, {"key": "c"}]

    assert [str(error) for error in selector_problems({"matchExpressions": rules}, "spec.selector")] == [
        "spec.selector.matchExpressions[0].values: Required value: "
        "must be specified when `operator` is 'In' or 'NotIn'",
        "spec.selector.matchExpressions[1].values: Forbidden: "
        "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
        'spec.selector.matchExpressions[2].operator: Invalid value: "": not a valid selector operator',
    ]
