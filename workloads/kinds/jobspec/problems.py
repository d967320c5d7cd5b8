"""What may be wrong with a JobSpec beyond its shape (Kubernetes: batch validation)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clusters.kinds import names
from clusters.kinds.body import Body, dig, without
from clusters.kinds.metadata import annotation_problems, label_problems, number_problem
from clusters.kinds.problem import FieldError
from workloads.kinds.jobspec.failurepolicy import failure_policy_problems
from workloads.kinds.jobspec.successpolicy import success_policy_problems
from workloads.kinds.podspec.problems import spec_problems

MODES = ("Indexed", "NonIndexed")
REPLACEMENT = ("Failed", "TerminatingOrFailed")
RESTART = ("Never", "OnFailure")
NUMBERS = ("parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished")
PER_INDEX = ("backoffLimitPerIndex", "maxFailedIndexes")
MOST = 100_000  # parallelism and failed indexes of an Indexed Job
MOST_PER_INDEX, MANY_INDEXES = 10_000, 100_000
FIXED = ("completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy")
DIRECTIVES = ("affinity", "nodeSelector", "schedulingGates", "tolerations")


def job_spec_problems(spec: Body, path: str) -> Iterator[FieldError]:
    """Everything but the selector."""
    for name in (*NUMBERS, *PER_INDEX):
        yield from number_problem(spec.get(name), f"{path}.{name}")
    if spec.get("maxFailedIndexes") is not None and spec.get("backoffLimitPerIndex") is None:
        yield FieldError.required(f"{path}.backoffLimitPerIndex", "when maxFailedIndexes is specified")
    yield from _managed(spec.get("managedBy"), f"{path}.managedBy")
    yield from _mode(spec, path)
    if spec.get("podFailurePolicy"):
        yield from failure_policy_problems(spec, path)
    if spec.get("successPolicy"):
        yield from success_policy_problems(spec, path)
    yield from _replacement(spec, f"{path}.podReplacementPolicy")
    yield from _template(spec["template"], f"{path}.template")
    if spec.get("podFailurePolicy") and dig(spec, "template.spec.restartPolicy") != "Never":
        told = 'only "Never" is supported when podFailurePolicy is specified'
        yield FieldError.invalid(
            f"{path}.template.spec.restartPolicy", dig(spec, "template.spec.restartPolicy", ""), told
        )


def change_problems(new: Body, old: Body, *, directives: bool) -> Iterator[FieldError]:
    """Of `spec`; `directives`: where its pods go may still be changed, for it is suspended and never started."""
    if new.get("completions") != old.get("completions"):
        if new.get("completionMode") != "Indexed":
            yield FieldError.immutable("spec.completions", new.get("completions"))
        elif new.get("completions") is not None and new["completions"] != new["parallelism"]:
            told = "can only be modified in tandem with spec.parallelism"
            yield FieldError.invalid("spec.completions", new["completions"], told)
    if new.get("selector") != old.get("selector"):
        yield FieldError.immutable("spec.selector", new.get("selector"))
    if _fixed_part(new["template"], directives) != _fixed_part(old["template"], directives):
        yield FieldError.immutable("spec.template", new["template"])
    for name in FIXED:
        if new.get(name) != old.get(name):
            yield FieldError.immutable(f"spec.{name}", new.get(name))


def _fixed_part(template: Body, directives: bool) -> Body:
    if not directives:
        return template
    for name in DIRECTIVES:
        template = without(template, f"spec.{name}")
    return without(without(template, "metadata.labels"), "metadata.annotations")


def _managed(name: str | None, path: str) -> Iterator[FieldError]:
    if name is None:
        return
    if "/" not in name:
        told = 'must be a domain-prefixed path (such as "acme.io/foo")'
        yield FieldError.invalid(path, name, told)
    for wrong in names.qualified(name):
        yield FieldError.invalid(path, name, wrong)
    if len(name) > 63:
        yield FieldError.too_long(path, 63)


def _mode(spec: Body, path: str) -> Iterator[FieldError]:
    mode = spec.get("completionMode")
    if mode not in MODES:
        yield FieldError.unsupported(f"{path}.completionMode", mode, MODES)
    if mode == "NonIndexed" and spec.get("backoffLimitPerIndex") is not None:
        told = "requires indexed completion mode"
        yield FieldError.invalid(f"{path}.backoffLimitPerIndex", spec["backoffLimitPerIndex"], told)
    if mode == "Indexed":
        yield from _indexed(spec, path)


def _indexed(spec: Body, path: str) -> Iterator[FieldError]:
    completions, failing, parallel = spec.get("completions"), spec.get("maxFailedIndexes"), spec["parallelism"]
    if completions is None:
        yield FieldError.required(f"{path}.completions", "when completion mode is Indexed")
    if parallel > MOST:
        told = f"must be less than or equal to {MOST} when completion mode is Indexed"
        yield FieldError.invalid(f"{path}.parallelism", parallel, told)
    if completions is not None and failing is not None and failing > completions:
        yield FieldError.invalid(f"{path}.maxFailedIndexes", failing, "must be less than or equal to completions")
    if failing is not None and failing > MOST:
        yield FieldError.invalid(f"{path}.maxFailedIndexes", failing, f"must be less than or equal to {MOST}")
    if (completions or 0) > MANY_INDEXES and spec.get("backoffLimitPerIndex") is not None:
        if failing is None:
            told = f"must be specified when completions is above {MANY_INDEXES}"
            yield FieldError.required(f"{path}.maxFailedIndexes", told)
        for name, value in (("parallelism", parallel), ("maxFailedIndexes", failing or 0)):
            if value > MOST_PER_INDEX:
                told = f"must be less than or equal to {MOST_PER_INDEX} when completions are above {MANY_INDEXES}"
                yield FieldError.invalid(f"{path}.{name}", value, f"{told} and used with backoff limit per index")


def _replacement(spec: Body, path: str) -> Iterator[FieldError]:
    policy: Any = spec.get("podReplacementPolicy")
    allowed = ("Failed",) if spec.get("podFailurePolicy") else REPLACEMENT
    if policy not in allowed:
        yield FieldError.unsupported(path, policy, allowed)


def _template(template: Body, path: str) -> Iterator[FieldError]:
    metadata, spec = template["metadata"], template["spec"]
    yield from label_problems(metadata.get("labels") or {}, f"{path}.labels")
    yield from annotation_problems(metadata.get("annotations") or {}, f"{path}.annotations")
    yield from spec_problems(spec, f"{path}.spec")
    if spec.get("restartPolicy") == "Always":
        yield FieldError.required(f"{path}.spec.restartPolicy", 'valid values: "OnFailure", "Never"')
