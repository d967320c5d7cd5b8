"""What the documentation says of LimitRanges, statement by statement."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.kinds.body import Body, annotations_of
from clusters.kinds.limitrange import LIMITRANGE
from clusters.kinds.problem import Status
from tests.clusters.admission.room import Room
from tests.clusters.kinds.desk import filled, wrongs


def limits(*items: Body) -> Body:
    return {"metadata": {"name": "limits"}, "spec": {"limits": list(items)}}


def container(**amounts: Body) -> Body:
    return {"type": "Container", **amounts}


def pod(name: str = "web", **resources: Any) -> Body:
    stated = {"resources": resources} if resources else {}
    return {"metadata": {"name": name}, "spec": {"containers": [{"name": "web", "image": "nginx:1", **stated}]}}


def room(*items: Body) -> Room:
    found = Room()
    found.create("limitranges", limits(*items))
    return found


def resources(made: Body) -> Body:
    found: Body = made["spec"]["containers"][0]["resources"]
    return found


def refusal(place: Room, body: Body) -> str:
    with pytest.raises(Status) as refused:
        place.create("pods", body)
    assert refused.value.code == 403
    return refused.value.message


def test_a_container_that_says_nothing_gets_the_defaults() -> None:
    made = room(container(default={"memory": "512Mi"}, defaultRequest={"memory": "256Mi"})).create("pods", pod())

    assert resources(made) == {"requests": {"memory": "256Mi"}, "limits": {"memory": "512Mi"}}
    assert annotations_of(made)["kubernetes.io/limit-ranger"] == (
        "LimitRanger plugin set: memory request for container web; memory limit for container web"
    )


def test_the_quality_of_service_follows_from_the_defaults() -> None:
    made = room(container(default={"cpu": "1", "memory": "1Gi"})).create("pods", pod())

    assert made["status"]["qosClass"] == "Guaranteed"


def test_a_limit_without_a_request_is_the_request() -> None:
    place = room(container(default={"memory": "512Mi"}, defaultRequest={"memory": "256Mi"}))

    assert resources(place.create("pods", pod(limits={"memory": "1Gi"})))["requests"] == {"memory": "1Gi"}


def test_a_request_without_a_limit_gets_the_default_limit() -> None:
    place = room(container(default={"memory": "512Mi"}, defaultRequest={"memory": "256Mi"}))

    made = resources(place.create("pods", pod(requests={"memory": "128Mi"})))

    assert made == {"requests": {"memory": "128Mi"}, "limits": {"memory": "512Mi"}}


def test_a_request_above_the_default_limit_is_invalid() -> None:
    place = room(container(default={"cpu": "500m"}, defaultRequest={"cpu": "500m"}))

    with pytest.raises(Status) as refused:
        place.create("pods", pod(requests={"cpu": "700m"}))

    assert refused.value.code == 422
    assert "must be less than or equal to cpu limit of 500m" in refused.value.message


def test_init_containers_get_the_defaults_too() -> None:
    body = pod()
    body["spec"]["initContainers"] = [{"name": "first", "image": "busybox"}]

    made = room(container(default={"cpu": "1"})).create("pods", body)

    assert made["spec"]["initContainers"][0]["resources"]["limits"] == {"cpu": "1"}
    assert "cpu limit for init container first" in annotations_of(made)["kubernetes.io/limit-ranger"]


def test_a_limit_above_the_most_is_refused() -> None:
    place = room(container(max={"memory": "1Gi"}, min={"memory": "500Mi"}))

    told = refusal(place, pod(limits={"memory": "1536Mi"}, requests={"memory": "800Mi"}))

    assert told == 'pods "web" is forbidden: maximum memory usage per Container is 1Gi, but limit is 1536Mi'


def test_a_request_below_the_least_is_refused() -> None:
    place = room(container(max={"memory": "1Gi"}, min={"memory": "500Mi"}))

    told = refusal(place, pod(limits={"memory": "800Mi"}, requests={"memory": "100Mi"}))

    assert told == 'pods "web" is forbidden: minimum memory usage per Container is 500Mi, but request is 100Mi'


def test_several_reasons_are_told_in_brackets() -> None:
    told = refusal(room(container(max={"cpu": "1", "memory": "1Gi"})), pod(limits={"cpu": "2", "memory": "2Gi"}))

    assert told == (
        'pods "web" is forbidden: [maximum cpu usage per Container is 1, but limit is 2, '
        "maximum memory usage per Container is 1Gi, but limit is 2Gi]"
    )


def test_a_limit_may_be_only_so_many_times_the_request() -> None:
    place = room(container(maxLimitRequestRatio={"cpu": "2"}))

    told = refusal(place, pod(limits={"cpu": "3"}, requests={"cpu": "1"}))

    assert told.endswith("cpu max limit to request ratio per Container is 2, but provided ratio is 3.000000")
    assert place.create("pods", pod(limits={"cpu": "2"}, requests={"cpu": "1"}))


def test_a_pods_containers_are_limited_together() -> None:
    body = pod(limits={"cpu": "600m"})
    body["spec"]["containers"].append({**body["spec"]["containers"][0], "name": "log"})

    told = refusal(room({"type": "Pod", "max": {"cpu": "1"}}), body)

    assert told.endswith("maximum cpu usage per Pod is 1, but limit is 1200m")


def test_a_limit_that_must_be_there_is_missed() -> None:
    told = refusal(room({"type": "Pod", "max": {"cpu": "1"}}), pod())

    assert told.endswith("maximum cpu usage per Pod is 1.  No limit is specified")


def test_claims_have_a_least_and_a_most() -> None:
    place = room({"type": "PersistentVolumeClaim", "min": {"storage": "1Gi"}, "max": {"storage": "2Gi"}})
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "5Gi"}}}

    with pytest.raises(Status) as refused:
        place.create("persistentvolumeclaims", {"metadata": {"name": "data"}, "spec": spec})

    assert refused.value.message == (
        'persistentvolumeclaims "data" is forbidden: '
        "maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 5Gi"
    )


def test_pods_that_are_there_already_are_left_alone() -> None:
    place = Room()
    made = place.create("pods", pod(limits={"cpu": "4"}))
    place.create("limitranges", limits(container(max={"cpu": "1"})))

    assert place.update("pods", made, activeDeadlineSeconds=9)


def test_other_namespaces_are_not_concerned() -> None:
    place = room(container(max={"cpu": "1"}))
    place.create("namespaces", {"metadata": {"name": "free"}})
    place.create("serviceaccounts", {"metadata": {"name": "default", "namespace": "free"}})
    body = pod(limits={"cpu": "4"})
    body["metadata"]["namespace"] = "free"

    assert place.create("pods", body)


def test_what_is_not_said_follows_from_the_most_and_the_least() -> None:
    (item,) = filled(LIMITRANGE, limits(container(max={"cpu": "800m"}, min={"cpu": "200m", "memory": "1Mi"})))["spec"][
        "limits"
    ]

    assert item["default"] == {"cpu": "800m"}
    assert item["defaultRequest"] == {"cpu": "800m", "memory": "1Mi"}


@pytest.mark.parametrize(
    ("item", "told"),
    [
        (
            container(min={"cpu": "2"}, max={"cpu": "1"}, default={"cpu": "2"}, defaultRequest={"cpu": "2"}),
            "min value 2 is greater than max value 1",
        ),
        (container(default={"cpu": "2"}, max={"cpu": "1"}), "default value 2 is greater than max value 1"),
        (
            container(default={"cpu": "1"}, defaultRequest={"cpu": "2"}),
            "default request value 2 is greater than default limit value 1",
        ),
        ({"type": "Pod", "default": {"cpu": "1"}}, "may not be specified when `type` is 'Pod'"),
        ({"type": "Node", "max": {"cpu": "1"}}, "must be a standard limit type or fully qualified"),
        ({"type": "PersistentVolumeClaim"}, "either minimum or maximum storage value is required"),
        (container(maxLimitRequestRatio={"cpu": "500m"}), "ratio 500m is less than 1"),
        (container(max={"cpu": "many"}), "quantities must match the regular expression"),
    ],
)
def test_a_wrong_limit_range_is_refused(item: Body, told: str) -> None:
    assert any(told in sentence for sentence in wrongs(LIMITRANGE, limits(item)))


def test_a_type_is_limited_once() -> None:
    item = container(max={"cpu": "1"})

    assert wrongs(LIMITRANGE, limits(item, item)) == ['spec.limits[1].type: Duplicate value: "Container"']
