"""An object becomes a compact row."""

from __future__ import annotations

from typing import Any

from playground.topology.rows import ROWS, endpoints, flow_rows, node_row, pod_row, replicaset_row, service_row

Body = dict[str, Any]


def pod(**status: Any) -> Body:
    owner = {"kind": "ReplicaSet", "name": "web-1", "uid": "rs-uid", "controller": True}
    return {
        "kind": "Pod",
        "metadata": {"name": "web-1-abcde", "namespace": "default", "uid": "u1", "ownerReferences": [owner]},
        "spec": {
            "nodeName": "worker-1",
            "containers": [{"name": "web", "resources": {"requests": {"cpu": "250m"}}}],
            "tolerations": [{"key": "node.kubernetes.io/not-ready", "tolerationSeconds": 15}],
        },
        "status": {"phase": "Running", **status},
    }


def running(ready: bool = True, restarts: int = 0) -> Body:
    started = {"running": {"startedAt": "2026-01-01T00:00:10Z"}}
    return {"name": "web", "ready": ready, "restartCount": restarts, "state": started}


def test_a_ready_pod_is_a_short_row() -> None:
    body = pod(conditions=[{"type": "Ready", "status": "True"}], containerStatuses=[running()])

    row = pod_row(body)

    assert row == {
        "id": "u1",
        "kind": "Pod",
        "ns": "default",
        "name": "web-1-abcde",
        "state": "Running",
        "ready": "1/1",
        "ok": True,
        "node": "worker-1",
        "owner": "rs-uid",
        "cpu": 250,
        "tol": 15,
        "run": 1,
    }


def test_a_crashing_pod_says_when_it_tries_again() -> None:
    waiting = {"reason": "CrashLoopBackOff", "message": "back-off 1m20s restarting failed container=web pod=web-1"}
    ended = {"terminated": {"exitCode": 1, "finishedAt": "2026-01-01T00:00:00Z"}}
    status = {"name": "web", "restartCount": 4, "state": {"waiting": waiting}, "lastState": ended}

    row = pod_row(pod(containerStatuses=[status]))

    assert (row["state"], row["restarts"], row["exit"]) == ("CrashLoopBackOff", 4, 1)
    assert row["retryAt"] - row["since"] == 80_000


def test_a_pod_that_was_ready_and_no_longer_is_has_lost_it() -> None:
    lost = {"type": "Ready", "status": "False", "lastTransitionTime": "2026-01-01T00:00:30Z"}
    never = {**lost, "lastTransitionTime": "2026-01-01T00:00:05Z"}

    assert pod_row(pod(conditions=[lost], containerStatuses=[running(False)]))["lost"] is True
    assert "lost" not in pod_row(pod(conditions=[never], containerStatuses=[running(False)]))


def test_a_pod_without_a_node_carries_the_schedulers_reason() -> None:
    said = "0/3 nodes are available: 3 Insufficient cpu."
    body = pod(
        phase="Pending",
        conditions=[{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": said}],
    )
    del body["spec"]["nodeName"]

    row = pod_row(body)

    assert (row["state"], row["message"], "node" in row) == ("Pending", said, False)


def test_a_nodes_state_is_the_first_word_of_its_status() -> None:
    unreachable = {
        "key": "node.kubernetes.io/unreachable",
        "effect": "NoExecute",
        "timeAdded": "1970-01-01T00:00:02Z",
    }
    body = {
        "kind": "Node",
        "metadata": {"name": "worker-1", "uid": "n1", "labels": {"topology.kubernetes.io/zone": "eu-a"}},
        "spec": {"unschedulable": True, "taints": [unreachable]},
        "status": {"conditions": [{"type": "Ready", "status": "Unknown"}], "allocatable": {"cpu": "4"}},
    }

    row = node_row(body)

    assert (row["state"], row["cordoned"], row["zone"], row["cpu"], row["noExecute"]) == (
        "NotReady",
        True,
        "eu-a",
        4000,
        2000,
    )


def test_a_replicaset_knows_its_revision_and_its_deployment() -> None:
    owner = {"kind": "Deployment", "name": "web", "uid": "d1", "controller": True}
    metadata = {
        "name": "web-1",
        "namespace": "default",
        "uid": "r1",
        "ownerReferences": [owner],
        "annotations": {"deployment.kubernetes.io/revision": "3"},
    }

    row = replicaset_row({"kind": "ReplicaSet", "metadata": metadata, "spec": {"replicas": 2}, "status": {}})

    assert (row["rev"], row["owner"], row["desired"], row["readyCount"]) == (3, "d1", 2, 0)


def test_a_services_ports_are_written_as_one_reads_them() -> None:
    ports = [{"port": 80, "targetPort": 8080, "nodePort": 30080}, {"port": 53, "targetPort": 53}]
    body = {
        "kind": "Service",
        "metadata": {"name": "web", "namespace": "default", "uid": "s"},
        "spec": {"ports": ports},
    }

    assert service_row(body)["ports"] == ["80:8080 at 30080", "53"]


def test_an_endpointslice_tells_ready_pods_from_others() -> None:
    def endpoint(uid: str, ready: bool) -> Body:
        return {"conditions": {"ready": ready}, "targetRef": {"kind": "Pod", "uid": uid}}

    labels = {"kubernetes.io/service-name": "web"}
    body = {
        "metadata": {"namespace": "default", "labels": labels},
        "endpoints": [endpoint("a", True), endpoint("b", False)],
    }

    assert endpoints(body) == (("default", "web"), ["a"], ["b"])


def test_what_keeps_pods_says_how_many_it_wants_and_has() -> None:
    metadata = {"name": "db", "namespace": "default", "uid": "s1"}
    sts = {"kind": "StatefulSet", "metadata": metadata, "spec": {"replicas": 3}, "status": {"readyReplicas": 1}}
    counts = {"desiredNumberScheduled": 4, "numberReady": 2}
    ds = {"kind": "DaemonSet", "metadata": metadata, "spec": {}, "status": counts}

    found = [ROWS["statefulsets"](sts), ROWS["daemonsets"](ds)]

    assert [(row["kind"], row["desired"], row["readyCount"]) for row in found] == [
        ("StatefulSet", 3, 1),
        ("DaemonSet", 4, 2),
    ]


def test_a_job_says_how_much_is_done() -> None:
    metadata = {"name": "pi", "namespace": "default", "uid": "j1"}
    job = {"kind": "Job", "metadata": metadata, "spec": {"completions": 3}, "status": {"succeeded": 1}}
    cron = {"kind": "CronJob", "metadata": metadata, "spec": {"schedule": "* * * * *", "suspend": True}}

    row = ROWS["jobs"](job)

    assert (row["desired"], row["readyCount"], row["state"]) == (3, 1, "Running")
    assert (ROWS["cronjobs"](cron)["schedule"], ROWS["cronjobs"](cron)["paused"]) == ("* * * * *", True)


def test_an_image_that_cannot_be_pulled_stands_beside_the_one_that_exists() -> None:
    waiting = {"reason": "ImagePullBackOff", "message": 'Back-off pulling image "redis:latst"'}
    status = {"name": "web", "image": "redis:latst", "restartCount": 0, "state": {"waiting": waiting}}

    typed = pod_row(pod(containerStatuses=[status]))
    right = pod_row(pod(containerStatuses=[status | {"image": "redis:latest"}]))

    assert typed["pull"] == ["redis:latst", "redis:latest"]
    assert right["pull"] == ["redis:latest"]  # the registry is to blame, not the name
    assert "pull" not in pod_row(pod(containerStatuses=[running()]))


def test_what_is_being_deleted_says_who_holds_it() -> None:
    body = pod()
    body["metadata"] |= {"finalizers": ["example.com/keeper"]}

    assert "held" not in pod_row(body)
    body["metadata"] |= {"deletionTimestamp": "2026-01-01T00:00:00Z", "deletionGracePeriodSeconds": 0}
    assert pod_row(body)["held"] == ["example.com/keeper"]


def test_a_name_that_nobody_knows_comes_with_the_names_that_were_tried() -> None:
    flow = {"id": "a|b|", "from": "u1", "to": "", "via": "", "rate": 5, "ok": 0, "failing": 5, "reason": "DNS"}
    hops = [
        ["pod", "default/x", ""],
        ["name", "shop.default.svc.cluster.local.", "NXDOMAIN"],
        ["dns", "shop", "NXDOMAIN"],
    ]
    sighting = {"metadata": {"name": "t", "namespace": "default"}, "uid": "t1", "flows": [flow]}

    (row,) = flow_rows(sighting | {"failures": [{"name": "u1||DNS", "reason": "DNS", "hops": hops}]})

    assert row["tried"] == [["shop", "NXDOMAIN"], ["shop.default.svc.cluster.local.", "NXDOMAIN"]]
    assert "tried" not in flow_rows(sighting)[0]
