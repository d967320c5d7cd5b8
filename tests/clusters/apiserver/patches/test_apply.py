from __future__ import annotations

import pytest

from clusters.apiserver.ownership.managers import Writer, managers_of, owned_after_update
from clusters.apiserver.patches.apply import apply_configuration
from clusters.kinds.body import Body, put
from clusters.kinds.problem import Status
from clusters.kinds.schema import shape_of
from clusters.reconcile.clock import SECOND
from tests.clusters.apiserver.kinds import CONFIGMAP, DEPLOYMENT

SHAPE = shape_of(DEPLOYMENT)
ALICE, BOB = Writer("alice", "", 1 * SECOND), Writer("bob", "", 2 * SECOND)


def web(**spec: object) -> Body:
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": spec}


def template(*containers: Body) -> Body:
    return {"spec": {"containers": list(containers)}}


def applied(live: Body | None, wanted: Body, writer: Writer, force: bool = False) -> Body:
    return apply_configuration(SHAPE, live, wanted, writer, force=force)


def test_two_appliers_share_a_list() -> None:
    live = applied(None, web(template=template({"name": "a", "image": "x"})), ALICE)

    both = applied(live, web(template=template({"name": "b", "image": "y"})), BOB)

    assert [one["name"] for one in both["spec"]["template"]["spec"]["containers"]] == ["a", "b"]
    assert [manager.name for manager in managers_of(both)] == ["alice", "bob"]


def test_the_same_value_is_owned_together() -> None:
    live = applied(None, web(replicas=2), ALICE)

    both = applied(live, web(replicas=2), BOB)

    assert all(("f:spec", "f:replicas") in manager.paths for manager in managers_of(both))


def test_what_another_owns_is_a_conflict() -> None:
    live = owned_after_update(SHAPE, None, web(replicas=2), BOB)

    with pytest.raises(Status) as refused:
        applied(live, web(replicas=3), ALICE)

    assert refused.value.code == 409
    assert refused.value.message == 'Apply failed with 1 conflict: conflict with "bob" using apps/v1: .spec.replicas'
    cause = {
        "reason": "FieldManagerConflict",
        "message": 'conflict with "bob" using apps/v1',
        "field": ".spec.replicas",
    }
    assert refused.value.details["causes"] == [cause]


def test_several_conflicts_are_listed_by_manager() -> None:
    mine = template({"name": "a", "image": "x"})
    live = owned_after_update(SHAPE, None, web(replicas=2, template=mine), BOB)

    with pytest.raises(Status) as refused:
        applied(live, web(replicas=3, template=template({"name": "a", "image": "y"})), ALICE)

    assert refused.value.message == (
        'Apply failed with 2 conflicts: conflicts with "bob" using apps/v1:\n'
        "- .spec.replicas\n"
        '- .spec.template.spec.containers[name="a"].image'
    )


def test_force_takes_the_field_over() -> None:
    live = owned_after_update(SHAPE, None, web(replicas=2), BOB)

    taken = applied(live, web(replicas=3), ALICE, force=True)

    assert taken["spec"]["replicas"] == 3
    assert [manager.name for manager in managers_of(taken)] == ["alice"]


def test_what_is_no_longer_wanted_goes_unless_it_is_somebody_elses() -> None:
    live = applied(None, web(replicas=2, paused=True), ALICE)
    live = applied(live, web(paused=True), BOB)

    less = applied(live, web(minReadySeconds=1), ALICE)

    assert less["spec"] == {"paused": True, "minReadySeconds": 1}


def test_an_item_no_longer_wanted_leaves_its_list() -> None:
    live = applied(None, web(template=template({"name": "a", "image": "x"}, {"name": "b", "image": "y"})), ALICE)

    less = applied(live, web(template=template({"name": "a", "image": "x"})), ALICE)

    assert less["spec"]["template"]["spec"]["containers"] == [{"name": "a", "image": "x"}]


def test_applying_the_same_again_changes_nothing() -> None:
    live = applied(None, web(replicas=2), ALICE)

    assert applied(live, web(replicas=2), Writer("alice", "", 9 * SECOND)) is live


def test_managed_fields_cannot_be_applied() -> None:
    with pytest.raises(Status) as refused:
        applied(None, put(web(), "metadata.managedFields", []), ALICE)

    assert refused.value.message == "metadata.managedFields must be nil"


def test_an_update_owns_what_it_changed_and_takes_it_from_others() -> None:
    shape = shape_of(CONFIGMAP)
    old: Body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"a": "1", "b": "2"}}
    made = owned_after_update(shape, None, old, ALICE)

    changed = owned_after_update(shape, made, put(made, "data.a", "9"), BOB)

    alice, bob = managers_of(changed)
    assert ("f:data", "f:b") in alice.paths
    assert bob.paths == frozenset({("f:data", "f:a")})


def test_an_update_that_changes_nothing_leaves_owners_alone() -> None:
    shape = shape_of(CONFIGMAP)
    body: Body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"a": "1"}}
    made = owned_after_update(shape, None, body, ALICE)

    assert owned_after_update(shape, made, made, BOB) == made
