"""What the documentation says of ResourceQuotas: what is refused, and how it is told."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.kinds.body import Body, put
from clusters.kinds.problem import Status
from clusters.kinds.resourcequota import RESOURCEQUOTA
from tests.clusters.admission.room import Room
from tests.clusters.kinds.desk import cells, wrongs


def quota(hard: Body, name: str = "team", **spec: Any) -> Body:
    return {"metadata": {"name": name}, "spec": {"hard": hard, **spec}}


def pod(name: str, resources: Body | None = None, **spec: Any) -> Body:
    container = {"name": "web", "image": "nginx:1", **({"resources": resources} if resources else {})}
    return {"metadata": {"name": name}, "spec": {"containers": [container], **spec}}


def small(name: str) -> Body:
    return pod(name, {"requests": {"cpu": "100m", "memory": "600Mi"}, "limits": {"cpu": "1", "memory": "800Mi"}})


def room(hard: Body, **spec: Any) -> Room:
    found = Room()
    found.create("resourcequotas", quota(hard, **spec))
    return found


def refusal(place: Room, resource: str, body: Body) -> str:
    with pytest.raises(Status) as refused:
        place.create(resource, body)
    assert refused.value.code == 403
    return refused.value.message


def test_a_pod_beyond_the_quota_is_refused_with_the_numbers() -> None:
    place = room({"requests.memory": "1Gi", "requests.cpu": "1", "limits.cpu": "2", "limits.memory": "2Gi"})
    place.create("pods", small("first"))

    assert refusal(place, "pods", small("second")) == (
        'pods "second" is forbidden: exceeded quota: team, requested: requests.memory=600Mi, '
        "used: requests.memory=600Mi, limited: requests.memory=1Gi"
    )


def test_several_resources_are_told_in_order() -> None:
    place = room({"cpu": "150m", "memory": "1Gi", "pods": "1"})
    place.create("pods", small("first"))

    assert refusal(place, "pods", small("second")).endswith(
        "requested: cpu=100m,memory=600Mi,pods=1, used: cpu=100m,memory=600Mi,pods=1, "
        "limited: cpu=150m,memory=1Gi,pods=1"
    )


def test_where_processor_time_is_limited_each_container_must_ask_for_it() -> None:
    place = room({"requests.cpu": "1", "limits.memory": "1Gi"})

    assert refusal(place, "pods", pod("web")) == (
        'pods "web" is forbidden: failed quota: team: must specify limits.memory for: web; requests.cpu for: web'
    )


def test_a_limit_range_can_ask_for_them() -> None:
    place = room({"requests.cpu": "1"})
    item = {"type": "Container", "defaultRequest": {"cpu": "100m"}}
    place.create("limitranges", {"metadata": {"name": "usual"}, "spec": {"limits": [item]}})

    assert place.create("pods", pod("web"))


def test_pods_that_are_over_are_not_charged_but_stand_as_objects() -> None:
    place = room({"pods": "1", "count/pods": "2"})
    first = place.create("pods", pod("first"))
    place.loop.objects.put("pods", ("default", "first"), put(first, "status.phase", "Succeeded"))  # type: ignore[arg-type]

    assert place.create("pods", pod("second"))
    assert "count/pods=2" in refusal(place, "pods", pod("third"))


def test_objects_of_any_kind_can_be_counted() -> None:
    place = room({"count/deployments.apps": "1", "configmaps": "1"})
    template = {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "a", "image": "b"}]}}
    spec = {"selector": {"matchLabels": {"a": "b"}}, "template": template}
    place.create("deployments", {"metadata": {"name": "one"}, "spec": spec})
    place.create("configmaps", {"metadata": {"name": "one"}})

    assert refusal(place, "deployments", {"metadata": {"name": "two"}, "spec": spec}).endswith(
        "requested: count/deployments.apps=1, used: count/deployments.apps=1, limited: count/deployments.apps=1"
    )
    assert "configmaps=1" in refusal(place, "configmaps", {"metadata": {"name": "two"}})


def test_node_ports_are_counted_by_port() -> None:
    place = room({"services.nodeports": "1", "services": "5"})
    ports = [{"name": "a", "port": 80}, {"name": "b", "port": 81}]

    told = refusal(place, "services", {"metadata": {"name": "web"}, "spec": {"type": "NodePort", "ports": ports}})

    assert told.endswith("requested: services.nodeports=2, used: services.nodeports=0, limited: services.nodeports=1")
    assert place.create("services", {"metadata": {"name": "web"}, "spec": {"ports": ports}})


def test_storage_is_counted_by_what_claims_ask_for_and_by_class() -> None:
    place = room({"requests.storage": "10Gi", "gold.storageclass.storage.k8s.io/requests.storage": "1Gi"})
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "8Gi"}}, "storageClassName": "x"}
    place.create("persistentvolumeclaims", {"metadata": {"name": "a"}, "spec": spec})

    assert "requests.storage=8Gi" in refusal(place, "persistentvolumeclaims", {"metadata": {"name": "b"}, "spec": spec})
    gold = put(put(spec, "storageClassName", "gold"), "resources.requests.storage", "2Gi")
    assert "gold.storageclass" in refusal(place, "persistentvolumeclaims", {"metadata": {"name": "c"}, "spec": gold})


def test_an_update_is_charged_by_what_it_adds() -> None:
    place = room({"services.nodeports": "0"})
    made = place.create("services", {"metadata": {"name": "web"}, "spec": {"ports": [{"port": 80}]}})

    with pytest.raises(Status, match=r"exceeded quota: team, requested: services\.nodeports=1"):
        place.update("services", made, type="NodePort")
    assert place.update("services", made, sessionAffinity="ClientIP")


@pytest.mark.parametrize(
    ("scope", "charged", "free"),
    [
        ("BestEffort", pod("a"), small("a")),
        ("NotBestEffort", small("a"), pod("a")),
        ("Terminating", pod("a", activeDeadlineSeconds=9), pod("a")),
        ("NotTerminating", pod("a"), pod("a", activeDeadlineSeconds=9)),
    ],
)
def test_a_scope_chooses_pods(scope: str, charged: Body, free: Body) -> None:
    place = room({"pods": "0"}, scopes=[scope])

    assert "exceeded quota" in refusal(place, "pods", charged)
    assert place.create("pods", free)


def test_a_scope_selector_chooses_by_priority_class() -> None:
    rule = {"scopeName": "PriorityClass", "operator": "In", "values": ["high"]}
    place = room({"pods": "0"}, scopeSelector={"matchExpressions": [rule]})
    place.create("priorityclasses", {"metadata": {"name": "high"}, "value": 1000})

    assert "exceeded quota" in refusal(place, "pods", pod("a", priorityClassName="high"))
    assert place.create("pods", pod("b"))


def test_init_containers_count_where_they_ask_for_more() -> None:
    place = room({"requests.cpu": "1"})
    body = pod("web", {"requests": {"cpu": "100m"}})
    body["spec"]["initContainers"] = [{"name": "first", "image": "a", "resources": {"requests": {"cpu": "2"}}}]

    assert "requested: requests.cpu=2," in refusal(place, "pods", body)


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ({"hard": {"bananas": "1"}}, "must be a standard resource for quota"),
        ({"hard": {"pods": "-1"}}, "must be greater than or equal to 0"),
        ({"hard": {"pods": "500m"}}, "must be an integer"),
        ({"hard": {"pods": "x"}}, "quantities must match the regular expression"),
        ({"hard": {"pods": "1"}, "scopes": ["Sometimes"]}, "unsupported scope"),
        ({"hard": {"services": "1"}, "scopes": ["Terminating"]}, "unsupported scope applied to resource"),
        ({"hard": {"pods": "1"}, "scopes": ["Terminating", "NotTerminating"]}, "conflicting scopes"),
        (
            {"hard": {}, "scopeSelector": {"matchExpressions": [{"scopeName": "PriorityClass", "operator": "In"}]}},
            "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
        ),
    ],
)
def test_a_wrong_quota_is_refused(spec: Body, told: str) -> None:
    (sentence,) = wrongs(RESOURCEQUOTA, {"spec": spec})

    assert told in sentence


def test_the_scopes_of_a_quota_stay() -> None:
    before = {"spec": {"hard": {"pods": "1"}, "scopes": ["Terminating"]}}

    assert wrongs(RESOURCEQUOTA, {"spec": {"hard": {"pods": "1"}}}, before)[0].endswith("field is immutable")


def test_a_quotas_row_shows_used_of_hard() -> None:
    status = {"hard": {"limits.cpu": "2", "pods": "4", "requests.cpu": "1"}, "used": {"limits.cpu": "0", "pods": "1"}}
    body = {"metadata": {"name": "team", "creationTimestamp": "2026-01-05T09:00:00Z"}, "spec": {}, "status": status}

    assert cells(RESOURCEQUOTA, body) == {
        "Name": "team",
        "Request": "pods: 1/4, requests.cpu: 0/1",
        "Limit": "limits.cpu: 0/2",
        "Age": "90s",
    }
