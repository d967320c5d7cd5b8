"""`kubectl get`, `describe`, `explain`, and what finds the API."""

from __future__ import annotations

import json

from tests.conformance.kubectl import Kubectl
from tests.conformance.manifests import SETTINGS, TALKER, WEB


def test_nodes_are_a_table(admin: Kubectl) -> None:
    said = admin("get", "nodes")

    assert said.lines[0].split() == ["NAME", "STATUS", "ROLES", "AGE", "VERSION"]
    assert said.row("control-plane")[1:3] == ["Ready", "control-plane"]
    assert said.row("worker-1")[4].startswith("v1.34")


def test_a_wide_table_has_more_columns(admin: Kubectl) -> None:
    said = admin("get", "nodes", "-o", "wide")

    assert "INTERNAL-IP" in said.lines[0]
    assert "CONTAINER-RUNTIME" in said.lines[0]


def test_the_control_plane_runs_as_pods_of_its_node(admin: Kubectl) -> None:
    said = admin("get", "pods", "-A")

    assert said.lines[0].split() == ["NAMESPACE", "NAME", "READY", "STATUS", "RESTARTS", "AGE"]
    for part in ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"):
        assert f"{part}-control-plane" in said.out


def test_all_outputs_show_the_same_object(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=SETTINGS)

    assert kubectl("get", "cm", "settings", "-o", "name").out == "configmap/settings\n"
    assert kubectl.get("cm", "settings")["data"] == {"colour": "blue"}
    assert "colour: blue" in kubectl("get", "cm", "settings", "-o", "yaml").out
    assert kubectl("get", "cm", "settings", "-o", "jsonpath={.data.colour}").out == "blue"
    assert "colour:\n----\nblue" in kubectl("describe", "cm", "settings").out


def test_get_all_shows_what_runs(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=WEB)

    kubectl("rollout", "status", "deployment/web", "--timeout=120s")
    said = kubectl("get", "all")

    assert said.row("deployment.apps/web")[1:4] == ["2/2", "2", "2"]
    assert said.out.count("pod/web-") == 2
    assert said.out.count("replicaset.apps/web-") == 1


def test_labels_and_fields_select(kubectl: Kubectl) -> None:
    for name, tier in (("a", "front"), ("b", "back")):
        kubectl("create", "configmap", name)
        kubectl("label", "configmap", name, f"tier={tier}")

    assert kubectl("get", "cm", "-l", "tier=front", "-o", "name").out == "configmap/a\n"
    assert kubectl("get", "cm", "-l", "tier in (back),!gone", "-o", "name").out == "configmap/b\n"
    assert kubectl("get", "cm", "-l", "tier!=front,tier", "-o", "name").out == "configmap/b\n"
    assert kubectl("get", "cm", "--field-selector", "metadata.name=b", "-o", "name").out == "configmap/b\n"


def test_pods_are_found_by_their_phase(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=TALKER)

    kubectl("wait", "--for=condition=Ready", "pod/talker", "--timeout=120s")

    assert "talker" in kubectl("get", "pods", "--field-selector", "status.phase=Running").out
    assert "No resources found" in kubectl("get", "pods", "--field-selector", "status.phase=Failed").err


def test_a_field_that_cannot_be_selected_is_named(kubectl: Kubectl) -> None:
    assert "field label not supported: spec.colour" in kubectl.refused("get", "pods", "--field-selector=spec.colour=x")


def test_what_is_not_there_is_not_found(kubectl: Kubectl) -> None:
    assert kubectl.refused("get", "pod", "ghost") == 'Error from server (NotFound): pods "ghost" not found\n'
    gone = kubectl.refused("get", "deployment", "ghost")
    assert gone == 'Error from server (NotFound): deployments.apps "ghost" not found\n'
    assert "the server doesn't have a resource type" in kubectl.refused("get", "unicorns")


def test_long_lists_come_in_pieces(kubectl: Kubectl) -> None:
    for number in range(5):
        kubectl("create", "configmap", f"piece-{number}")

    said = kubectl("get", "cm", "--chunk-size=2", "-o", "name")

    assert [line for line in said.lines if "piece" in line] == [f"configmap/piece-{number}" for number in range(5)]


def test_describe_tells_a_pods_events(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=TALKER)

    kubectl("wait", "--for=condition=Ready", "pod/talker", "--timeout=120s")
    said = kubectl.eventually("Started container talker", "describe", "pod", "talker")

    assert "Successfully assigned" in said.out
    assert "Image:" in said.out


def test_resources_and_versions_are_listed(admin: Kubectl) -> None:
    resources = admin("api-resources")

    assert resources.row("deployments") == ["deployments", "deploy", "apps/v1", "true", "Deployment"]
    assert resources.row("nodes") == ["nodes", "no", "v1", "false", "Node"]
    assert resources.row("faults")[1:] == ["podium.dev/v1", "false", "Fault"]
    assert {"v1", "apps/v1", "coordination.k8s.io/v1"} <= set(admin("api-versions").lines)


def test_the_version_is_said(admin: Kubectl) -> None:
    assert admin("version", "-o", "json").json["serverVersion"]["minor"] == "34"


def test_the_cluster_says_where_it_is(admin: Kubectl) -> None:
    assert "control plane" in admin("cluster-info").out


def test_fields_are_explained(admin: Kubectl) -> None:
    said = admin("explain", "deployment.spec.replicas")

    assert "FIELD: replicas <integer>" in said.out
    assert "Number of desired pods" in said.out
    assert "strategy" in admin("explain", "deployment.spec").out
    assert "What is broken, and where" in admin("explain", "fault.spec").out


def test_raw_answers_are_json(admin: Kubectl) -> None:
    found = json.loads(admin("get", "--raw", "/api/v1/namespaces/default").out)

    assert found["kind"] == "Namespace"
    assert admin("get", "--raw", "/readyz").out == "ok"


def test_who_am_i_and_what_may_i(admin: Kubectl) -> None:
    assert "Username" in admin("auth", "whoami").out
    assert admin("auth", "can-i", "create", "pods").out == "yes\n"


def test_events_are_listed(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=TALKER)

    said = kubectl.eventually("Scheduled", "events")

    assert said.lines[0].split() == ["LAST", "SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"]
    assert "Pod/talker" in said.out
