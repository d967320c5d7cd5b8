"""Names, labels, annotations, owners: what may be wrong with any object's metadata (apimachinery: ObjectMeta)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from clusters.kinds import names
from clusters.kinds.body import Body
from clusters.kinds.problem import FieldError

ANNOTATIONS_MOST = 256 * 1024


def problems(body: Body, rule: names.Rule, *, namespaced: bool = True) -> Iterator[FieldError]:
    """All of `metadata`; `rule` says what a name may be."""
    metadata = body["metadata"]
    yield from _name(metadata, rule)
    if namespaced and not metadata.get("namespace"):
        yield FieldError.required("metadata.namespace")
    if metadata.get("labels"):
        yield from label_problems(metadata["labels"], "metadata.labels")
    if metadata.get("annotations"):
        yield from annotation_problems(metadata["annotations"], "metadata.annotations")
    if metadata.get("ownerReferences"):
        yield from _owners(metadata["ownerReferences"])
    for index, finalizer in enumerate(metadata.get("finalizers") or ()):
        for wrong in names.qualified(finalizer):
            yield FieldError.invalid(f"metadata.finalizers[{index}]", finalizer, wrong)


def label_problems(labels: Mapping[str, Any], path: str) -> Iterator[FieldError]:
    """Keys and values of labels."""
    for name, value in labels.items():
        for wrong in names.qualified(name):
            yield FieldError.invalid(path, name, wrong)
        for wrong in names.value(value or ""):
            yield FieldError.invalid(path, value, wrong)


def annotation_problems(annotations: Mapping[str, Any], path: str) -> Iterator[FieldError]:
    """Keys of annotations, and how much all together may hold."""
    for name in annotations:
        for wrong in names.qualified(name.lower()):
            yield FieldError.invalid(path, name, wrong)
    if sum(len(name.encode()) + len((value or "").encode()) for name, value in annotations.items()) > ANNOTATIONS_MOST:
        yield FieldError.too_long(path, ANNOTATIONS_MOST)


def selector_problems(selector: Body, path: str) -> Iterator[FieldError]:
    """A metav1.LabelSelector."""
    yield from label_problems(selector.get("matchLabels") or {}, f"{path}.matchLabels")
    for index, rule in enumerate(selector.get("matchExpressions") or ()):
        yield from _expression(rule, f"{path}.matchExpressions[{index}]")


def number_problem(number: int | None, path: str) -> Iterator[FieldError]:
    """A count: nothing below zero."""
    if number is not None and number < 0:
        yield FieldError.invalid(path, number, "must be greater than or equal to 0")


def _name(metadata: Body, rule: names.Rule) -> Iterator[FieldError]:
    prefix, name = metadata.get("generateName"), metadata.get("name")
    if prefix:
        # a name is made of it, so its end may be what only the middle of a name may be
        for wrong in rule(prefix[:-1] + "a" if prefix.endswith("-") else prefix):
            yield FieldError.invalid("metadata.generateName", prefix, wrong)
    if not name:
        yield FieldError.required("metadata.name", "name or generateName is required")
        return
    for wrong in rule(name):
        yield FieldError.invalid("metadata.name", name, wrong)


def _owners(owners: Sequence[Body]) -> Iterator[FieldError]:
    path, controller = "metadata.ownerReferences", ""
    for index, owner in enumerate(owners):
        for name in ("apiVersion", "kind", "name", "uid"):
            if not owner.get(name):
                yield FieldError.invalid(f"{path}[{index}].{name}", owner.get(name) or "", "must not be empty")
        if owner.get("controller"):
            if controller:
                both = f'Found "true" in references for {controller} and {owner["name"]}'
                one = f"Only one reference can have Controller set to true. {both}"
                yield FieldError.invalid(path, list(owners), one)
            controller = owner.get("name") or ""


def _expression(rule: Body, path: str) -> Iterator[FieldError]:
    operator, values = rule.get("operator") or "", rule.get("values") or ()
    if operator in ("In", "NotIn"):
        if not values:
            yield FieldError.required(f"{path}.values", "must be specified when `operator` is 'In' or 'NotIn'")
    elif operator in ("Exists", "DoesNotExist"):
        if values:
            detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
            yield FieldError.forbidden(f"{path}.values", detail)
    else:
        yield FieldError.invalid(f"{path}.operator", operator, "not a valid selector operator")
    for wrong in names.qualified(rule.get("key") or ""):
        yield FieldError.invalid(f"{path}.key", rule.get("key") or "", wrong)
    for index, value in enumerate(values):
        for wrong in names.value(value):
            yield FieldError.invalid(f"{path}.values[{index}]", value, wrong)
