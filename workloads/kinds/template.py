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


def selector_and_template_problems(
    spec: Body, old: Body | None, *, kind: str = "deployment", maker: str = "ReplicaSet"
) -> Iterator[FieldError]:
    """Of `spec`: a selector that says something, never changes, and matches the template.

    `kind` and `maker`: whom the sentences name. Kubernetes says "deployment" of ReplicaSets, too.
    """
    selector = spec.get("selector")
    if selector is None:
        yield FieldError.required("spec.selector")
    else:
        yield from selector_problems(selector, "spec.selector")
        if not selector.get("matchLabels") and not selector.get("matchExpressions"):
            yield FieldError.invalid("spec.selector", selector, f"empty selector is invalid for {kind}")
    labels = spec["template"]["metadata"].get("labels") or {}
    yield from template_problems(spec["template"], not selector or matches(selector, labels), maker)
    if old is not None and old.get("selector") != selector:
        yield FieldError.immutable("spec.selector", selector)


def template_problems(template: Body, fits: bool, maker: str) -> Iterator[FieldError]:
    """Of `spec.template`; `fits`: the owner's selector matches its labels."""
    yield from label_problems_of(template, fits)
    yield from spec_problems(template["spec"], "spec.template.spec")
    yield from lifetime_problems(template["spec"], maker)


def label_problems_of(template: Body, fits: bool) -> Iterator[FieldError]:
    """The template's labels and annotations."""
    metadata = template["metadata"]
    labels = metadata.get("labels") or {}
    if not fits:
        detail = "`selector` does not match template `labels`"
        yield FieldError.invalid("spec.template.metadata.labels", labels, detail)
    yield from label_problems(labels, "spec.template.labels")
    yield from annotation_problems(metadata.get("annotations") or {}, "spec.template.annotations")


def lifetime_problems(spec: Body, maker: str) -> Iterator[FieldError]:
    """Pods that are replaced when they end must not be meant to end."""
    if spec.get("restartPolicy") in ("Never", "OnFailure"):
        yield FieldError.unsupported("spec.template.spec.restartPolicy", spec["restartPolicy"], ("Always",))
    if spec.get("activeDeadlineSeconds") is not None:
        detail = f"activeDeadlineSeconds in {maker} is not Supported"
        yield FieldError.forbidden("spec.template.spec.activeDeadlineSeconds", detail)


def _each(body: Body, field: str) -> str:
    containers = body["spec"]["template"]["spec"].get("containers") or ()
    return ",".join(str(container.get(field) or "") for container in containers)
