"""What the kinds that make pods from a template have in common (Kubernetes: PodTemplateSpec)."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds.body import Body
from clusters.kinds.kind import Column
from clusters.kinds.labelselector import shown
from clusters.kinds.metadata import annotation_problems, label_problems, selector_problems
from clusters.kinds.problem import FieldError
from clusters.kinds.selectors import matches
from workloads.kinds.podspec.defaults import fill_in_spec
from workloads.kinds.podspec.problems import spec_problems

WIDE = (
    Column("Containers", lambda body, _: _each(body, "name"), wide=True),
    Column("Images", lambda body, _: _each(body, "image"), wide=True),
    Column("Selector", lambda body, _: shown(body["spec"].get("selector")), wide=True),
)


def fill_in_template(spec: Body) -> None:
    """Of a kind's `spec.template`."""
    template = spec.setdefault("template", {})
    template["metadata"] = template.get("metadata") or {}
    template["spec"] = template.get("spec") or {}
    fill_in_spec(template["spec"])


def selector_and_template_problems(spec: Body, old: Body | None) -> Iterator[FieldError]:
    """Of `spec`: a selector that says something, never changes, and matches the template."""
    selector = spec.get("selector")
    if selector is None:
        yield FieldError.required("spec.selector")
    else:
        yield from selector_problems(selector, "spec.selector")
        if not selector.get("matchLabels") and not selector.get("matchExpressions"):
            # Kubernetes says so of ReplicaSets, too
            yield FieldError.invalid("spec.selector", selector, "empty selector is invalid for deployment")
    yield from _template(spec["template"], selector)
    if old is not None and old.get("selector") != selector:
        yield FieldError.immutable("spec.selector", selector)


def _template(template: Body, selector: Body | None) -> Iterator[FieldError]:
    metadata, spec = template["metadata"], template["spec"]
    labels = metadata.get("labels") or {}
    if selector and not matches(selector, labels):
        detail = "`selector` does not match template `labels`"
        yield FieldError.invalid("spec.template.metadata.labels", labels, detail)
    yield from label_problems(labels, "spec.template.labels")
    yield from annotation_problems(metadata.get("annotations") or {}, "spec.template.annotations")
    yield from spec_problems(spec, "spec.template.spec")
    if spec.get("ephemeralContainers"):
        told = "ephemeral containers not allowed in pod template"
        yield FieldError.forbidden("spec.template.spec.ephemeralContainers", told)
    if spec.get("restartPolicy") in ("Never", "OnFailure"):
        yield FieldError.unsupported("spec.template.spec.restartPolicy", spec["restartPolicy"], ("Always",))
    if spec.get("activeDeadlineSeconds") is not None:
        detail = "activeDeadlineSeconds in ReplicaSet is not Supported"
        yield FieldError.forbidden("spec.template.spec.activeDeadlineSeconds", detail)


def _each(body: Body, field: str) -> str:
    containers = body["spec"]["template"]["spec"].get("containers") or ()
    return ",".join(str(container.get(field) or "") for container in containers)
