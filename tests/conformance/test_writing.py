"""`kubectl create`, `apply`, `edit`, `patch`, `replace`, `label`, `annotate`, `delete`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conformance.kubectl import Kubectl
from tests.conformance.manifests import SERVICE, SETTINGS, WEB


def test_create_makes_an_object_once(kubectl: Kubectl) -> None:
    assert kubectl("create", "-f", "-", stdin=SETTINGS).out == "configmap/settings created\n"

    refused = kubectl.refused("create", "-f", "-", stdin=SETTINGS)

    assert 'Error from server (AlreadyExists): error when creating "STDIN"' in refused
    assert 'configmaps "settings" already exists' in refused


def test_generated_names_differ(kubectl: Kubectl) -> None:
    manifest = SETTINGS.replace("name: settings", "generateName: settings-")

    first = kubectl("create", "-f", "-", "-o", "name", stdin=manifest).out
    second = kubectl("create", "-f", "-", "-o", "name", stdin=manifest).out

    assert first.startswith("configmap/settings-")
    assert first != second


def test_a_dry_run_writes_nothing(kubectl: Kubectl) -> None:
    said = kubectl("create", "-f", "-", "--dry-run=server", stdin=SETTINGS)

    assert said.out == "configmap/settings created (server dry run)\n"
    assert "NotFound" in kubectl.refused("get", "cm", "settings")


def test_a_dry_run_has_no_revision_of_its_own(kubectl: Kubectl) -> None:
    fresh = kubectl("create", "-f", "-", "--dry-run=server", "-o", "json", stdin=SETTINGS).json
    kubectl("apply", "-f", "-", stdin=SETTINGS)
    before = kubectl.get("cm", "settings")["metadata"]["resourceVersion"]

    changed = kubectl("label", "cm", "settings", "a=b", "--dry-run=server", "-o", "json").json

    assert "resourceVersion" not in fresh["metadata"]
    assert changed["metadata"]["resourceVersion"] == before


def test_apply_creates_then_configures_then_leaves_alone(kubectl: Kubectl) -> None:
    both = f"{WEB}---{SERVICE}"

    assert kubectl("apply", "-f", "-", stdin=both).out == "deployment.apps/web created\nservice/web created\n"
    assert kubectl("apply", "-f", "-", stdin=both).out == "deployment.apps/web unchanged\nservice/web unchanged\n"
    changed = kubectl("apply", "-f", "-", stdin=both.replace("1.27", "1.28"))

    assert changed.out == "deployment.apps/web configured\nservice/web unchanged\n"
    containers = kubectl.get("deployment", "web")["spec"]["template"]["spec"]["containers"]
    assert containers[0]["image"] == "nginx:1.28"
    assert containers[0]["ports"] == [{"containerPort": 80, "protocol": "TCP"}]


def test_apply_removes_what_the_manifest_no_longer_says(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=SETTINGS.replace("{colour: blue}", "{colour: blue, size: big}"))

    kubectl("apply", "-f", "-", stdin=SETTINGS)

    assert kubectl.get("cm", "settings")["data"] == {"colour": "blue"}


def test_server_side_apply_owns_its_fields(kubectl: Kubectl) -> None:
    said = kubectl("apply", "--server-side", "-f", "-", stdin=WEB)

    assert said.out == "deployment.apps/web serverside-applied\n"
    fields = kubectl("get", "deploy", "web", "-o", "json", "--show-managed-fields").json["metadata"]["managedFields"]
    mine = next(entry for entry in fields if entry["operation"] == "Apply")
    assert mine["manager"] == "kubectl"
    assert mine["fieldsV1"]["f:spec"]["f:replicas"] == {}
    container = 'k:{"name":"nginx"}'
    assert "f:image" in mine["fieldsV1"]["f:spec"]["f:template"]["f:spec"]["f:containers"][container]


def test_server_side_apply_refuses_what_others_own_until_forced(kubectl: Kubectl) -> None:
    kubectl("apply", "--server-side", "-f", "-", stdin=WEB)
    kubectl("scale", "deployment", "web", "--replicas=4")

    refused = kubectl.refused("apply", "--server-side", "-f", "-", stdin=WEB)

    assert "Apply failed with 1 conflict: conflict with" in refused
    assert ".spec.replicas" in refused
    assert kubectl.get("deploy", "web")["spec"]["replicas"] == 4
    kubectl("apply", "--server-side", "--force-conflicts", "-f", "-", stdin=WEB)
    assert kubectl.get("deploy", "web")["spec"]["replicas"] == 2


def test_server_side_apply_removes_what_nobody_wants_any_more(kubectl: Kubectl) -> None:
    kubectl("apply", "--server-side", "-f", "-", stdin=SETTINGS.replace("{colour: blue}", "{colour: blue, size: big}"))

    kubectl("apply", "--server-side", "-f", "-", stdin=SETTINGS)

    assert kubectl.get("cm", "settings")["data"] == {"colour": "blue"}


def test_client_side_apply_can_go_over_to_server_side(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=WEB)

    kubectl("apply", "--server-side", "-f", "-", stdin=WEB.replace("replicas: 2", "replicas: 3"))

    assert kubectl.get("deploy", "web")["spec"]["replicas"] == 3


@pytest.mark.parametrize(
    ("kind", "patch"),
    [
        ("strategic", {"spec": {"template": {"spec": {"containers": [{"name": "side", "image": "busybox"}]}}}}),
        ("json", [{"op": "add", "path": "/spec/template/spec/containers/-", "value": {"name": "side", "image": "b"}}]),
    ],
)
def test_a_patch_adds_a_container(kubectl: Kubectl, kind: str, patch: object) -> None:
    kubectl("apply", "-f", "-", stdin=WEB)

    said = kubectl("patch", "deployment", "web", f"--type={kind}", "-p", json.dumps(patch))

    assert said.out == "deployment.apps/web patched\n"
    containers = kubectl.get("deployment", "web")["spec"]["template"]["spec"]["containers"]
    assert sorted(one["name"] for one in containers) == ["nginx", "side"]


def test_a_merge_patch_removes_by_null(kubectl: Kubectl) -> None:
    kubectl("create", "-f", "-", stdin=SETTINGS)

    kubectl("patch", "cm", "settings", "--type=merge", "-p", '{"data":{"colour":null,"size":"big"}}')

    assert kubectl.get("cm", "settings")["data"] == {"size": "big"}


def test_edit_writes_what_the_editor_left(kubectl: Kubectl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kubectl("create", "-f", "-", stdin=SETTINGS)
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nsed -i "s/blue/green/" "$1"\n')
    editor.chmod(0o755)
    monkeypatch.setenv("KUBE_EDITOR", str(editor))

    assert kubectl("edit", "configmap", "settings").out == "configmap/settings edited\n"

    assert kubectl.get("cm", "settings")["data"] == {"colour": "green"}


def test_replace_writes_the_whole_object(kubectl: Kubectl) -> None:
    kubectl("create", "-f", "-", stdin=SETTINGS)

    said = kubectl("replace", "-f", "-", stdin=SETTINGS.replace("colour: blue", "size: big"))

    assert said.out == "configmap/settings replaced\n"
    assert kubectl.get("cm", "settings")["data"] == {"size": "big"}


def test_an_old_version_is_a_conflict(kubectl: Kubectl) -> None:
    kubectl("create", "-f", "-", stdin=SETTINGS)
    old = kubectl("get", "cm", "settings", "-o", "yaml").out
    kubectl("label", "cm", "settings", "new=yes")

    refused = kubectl.refused("replace", "-f", "-", stdin=old)

    assert "Error from server (Conflict)" in refused
    assert 'Operation cannot be fulfilled on configmaps "settings": the object has been modified' in refused


def test_labels_and_annotations_come_and_go(kubectl: Kubectl) -> None:
    kubectl("create", "-f", "-", stdin=SETTINGS)

    kubectl("label", "cm", "settings", "tier=front")
    kubectl("annotate", "cm", "settings", "note=hello")
    kubectl("label", "cm", "settings", "tier-")

    metadata = kubectl.get("cm", "settings")["metadata"]
    assert "labels" not in metadata
    assert metadata["annotations"] == {"note": "hello"}


def test_delete_takes_it_away(kubectl: Kubectl) -> None:
    kubectl("create", "-f", "-", stdin=SETTINGS)

    assert kubectl("delete", "cm", "settings").out.startswith('configmap "settings" deleted')

    assert "NotFound" in kubectl.refused("delete", "cm", "settings")


def test_delete_by_label_leaves_the_others(kubectl: Kubectl) -> None:
    for name, tier in (("a", "front"), ("b", "back")):
        kubectl("create", "configmap", name)
        kubectl("label", "configmap", name, f"tier={tier}")

    kubectl("delete", "cm", "-l", "tier=front")

    names = kubectl("get", "cm", "-o", "name").lines
    assert "configmap/b" in names
    assert "configmap/a" not in names


def test_a_deployments_end_takes_its_pods_along(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=WEB)
    kubectl("rollout", "status", "deployment/web", "--timeout=120s")

    kubectl("delete", "deployment", "web", "--cascade=foreground", "--timeout=120s")

    assert "No resources found" in kubectl("get", "replicasets,pods").err


def test_orphans_stay(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=WEB)
    kubectl("rollout", "status", "deployment/web", "--timeout=120s")

    kubectl("delete", "deployment", "web", "--cascade=orphan", "--timeout=120s")

    sets = kubectl.get("replicasets")["items"]
    assert len(sets) == 1
    assert "ownerReferences" not in sets[0]["metadata"]
    assert len(kubectl.get("pods")["items"]) == 2
