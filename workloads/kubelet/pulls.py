"""Images come to a node one at a time (Kubernetes: images, imagePullPolicy; kubelet: serializeImagePulls)."""

from __future__ import annotations

import re
from typing import Any

from clusters.kinds.body import Body, Key
from clusters.reconcile.clock import MILLISECOND, SECOND, Time
from clusters.reconcile.writes import Update
from workloads.images import Image, Missing, find
from workloads.kubelet import backoff, blaming
from workloads.kubelet.durations import go_duration
from workloads.kubelet.index import Shares
from workloads.kubelet.work import Work
from workloads.kubelet.writes import Writes

PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
NAME = re.compile(
    rf"(?:[A-Za-z0-9.-]+(?::[0-9]+)?/)?{PART}(?:/{PART})*(?::[\w][\w.-]{{0,127}})?(?:@sha256:[0-9a-f]{{64}})?"
)
RESOLVE = 50 * MILLISECOND  # asking the registry for what is there already
REFUSE = 300 * MILLISECOND  # until the registry has said no
OURS = "registry.k8s.io/"
SLOWEST = 30 * SECOND  # what a pull takes at least where a fault makes it slow
UNREACHED = 'failed to resolve reference "{reference}": failed to do request: dial tcp: i/o timeout'
TOLD = SECOND  # how long ErrImagePull stands before the kubelet looks again and says ImagePullBackOff


def is_bad_name(reference: str) -> bool:
    """Not an image reference at all."""
    return NAME.fullmatch(reference) is None


def policy(spec: Body) -> str:
    """`imagePullPolicy`, or what it defaults to."""
    image = spec["image"].rpartition("/")[2]
    floating = "@" not in image and (":" not in image or image.endswith(":latest"))
    return str(spec.get("imagePullPolicy") or ("Always" if floating else "IfNotPresent"))


def step(work: Work, spec: Body, shares: Shares) -> Writes:
    """Bring the container's image nearer; `image` stands in the container when it may be created with it."""
    name, reference = spec["name"], spec["image"]
    container = work.container(name)
    if is_bad_name(reference):
        yield from _misnamed(work, name, reference)
    elif (pull := container.get("pull")) and pull["image"] == reference:
        if work.now < pull["until"]:
            work.later(pull["until"])
        else:
            yield from _finish(work, spec, pull)
    elif (failed := _failure(container, reference)) and work.now < backoff.due(failed, failed["since"]):
        yield from _wait(work, name, reference, failed)
    else:
        yield from _ensure(work, spec, shares)


def _failure(container: Body, reference: str) -> Any:
    """The back-off of this very image: another one starts without."""
    failed = container.get("pullBackoff")
    return failed if failed and failed["image"] == reference else None


def _misnamed(work: Work, name: str, reference: str) -> Writes:
    message = (
        f'Failed to apply default image tag "{reference}": couldn\'t parse image name "{reference}": '
        "invalid reference format"
    )
    if work.container(name).get("reason") != "InvalidImageName":
        work.wait(name, "InvalidImageName", message)
        yield work.say("Warning", "InspectFailed", message, name)
        yield work.say("Warning", "Failed", "Error: InvalidImageName", name)


def _ensure(work: Work, spec: Body, shares: Shares) -> Writes:
    name, reference, wanted = spec["name"], spec["image"], policy(spec)
    image = find(reference)
    if missing := _missing_secrets(work):
        told = f"Unable to retrieve some image pull secrets ({', '.join(missing)})"
        message = f"{told}; attempting to pull the image may not succeed."
        yield work.say("Warning", "FailedToRetrieveImagePullSecret", message)
    is_present = not isinstance(image, Missing) and (image.name in work.machine["images"] or is_preloaded(work, image))
    if is_present and wanted != "Always":
        assert isinstance(image, Image)
        work.set(name, image=image.name, imageID=image.id, pulled=True)
        yield work.say("Normal", "Pulled", f'Container image "{reference}" already present on machine', name)
    elif wanted == "Never":
        yield from _never(work, name, reference)
    else:
        yield work.say("Normal", "Pulling", f'Pulling image "{reference}"', name)
        queue = shares.pulls.values()
        starts = max([work.now, *(pull["until"] for pull in queue)])
        # whoever stands before us in the queue with the same image brings its layers
        until = starts + _duration(work, image, is_present or any(pull["image"] == reference for pull in queue))
        work.set(name, pull={"image": reference, "asked": work.now, "starts": starts, "until": until})
        if until > work.now:
            work.box["pulling"] = {"image": reference, "until": until}
            work.later(until)
        else:
            yield from _finish(work, spec, work.container(name)["pull"])


def is_preloaded(work: Work, image: Image) -> bool:
    """The control plane's own images came with the machine."""
    return work.is_static and work.pod["metadata"]["namespace"] == "kube-system" and image.repository.startswith(OURS)


def _missing_secrets(work: Work) -> list[str]:
    named = [one.get("name") or "" for one in work.spec.get("imagePullSecrets") or ()]
    namespace = work.pod["metadata"]["namespace"]
    return [name for name in named if work.view.get("secrets", Key(namespace, name)) is None]


def _duration(work: Work, image: Image | Missing, is_there: bool) -> Time:
    if isinstance(image, Missing):
        return REFUSE
    limit = work.view.timings.pull_limit
    whole = min(image.pull, limit) if limit else image.pull
    if work.view.hit_by("RegistrySlow", node=work.node) or work.view.hit_by("SlowNode", node=work.node):
        whole = max(whole * 10, SLOWEST) if not is_there else whole
    return min(RESOLVE, whole) if is_there else whole


def _finish(work: Work, spec: Body, pull: Body) -> Writes:
    name, reference = spec["name"], spec["image"]
    work.box.pop("pulling", None)
    image = find(reference)
    if work.view.hit_by("RegistryDown", node=work.node):
        image = Missing(UNREACHED.format(reference=reference))
    if isinstance(image, Missing):
        yield from _failed(work, name, reference, image)
        return
    work.set(
        name, pull=None, pullBackoff=None, image=image.name, imageID=image.id, pulled=True, reason=None, message=None
    )
    if image.name not in work.machine["images"]:
        work.machine = {**work.machine, "images": {**work.machine["images"], image.name: image.size}}
        yield Update("machines", work.machine, because=work.pod, why=f"{image.name} was pulled.")
    took, waited = go_duration(pull["until"] - pull["starts"]), go_duration(pull["until"] - pull["asked"])
    times = f"in {took} ({waited} including waiting)"
    message = f'Successfully pulled image "{reference}" {times}. Image size: {image.size} bytes.'
    yield work.say("Normal", "Pulled", message, name)


def _failed(work: Work, name: str, reference: str, image: Missing) -> Writes:
    # containerd's code is shown unless it is Unknown
    told = (
        f"rpc error: code = NotFound desc = {image.message}" if image.message.endswith("not found") else image.message
    )
    old = _failure(work.container(name), reference)
    wait = backoff.step(old, work.now, work.now, work.view.timings)
    work.set(name, pull=None, pullBackoff={**wait, "image": reference, "error": told})
    work.note(f"{reference} could not be pulled.", blaming.of_pull(work))
    work.wait(name, "ErrImagePull", told)
    work.later(work.now + TOLD)
    yield work.say("Warning", "Failed", f'Failed to pull image "{reference}": {told}', name)
    yield work.say("Warning", "Failed", "Error: ErrImagePull", name)


def _wait(work: Work, name: str, reference: str, failed: Body) -> Writes:
    if work.now < failed["since"] + TOLD:
        work.later(failed["since"] + TOLD)
        return
    work.later(failed["since"] + failed["wait"])
    if work.container(name).get("reason") != "ImagePullBackOff":
        said = f'Back-off pulling image "{reference}"'
        work.note(f"{reference} could not be pulled.", blaming.of_pull(work))
        work.wait(name, "ImagePullBackOff", f"{said}: ErrImagePull: {failed['error']}")
        yield work.say("Normal", "BackOff", said, name)
        yield work.say("Warning", "Failed", "Error: ImagePullBackOff", name)


def _never(work: Work, name: str, reference: str) -> Writes:
    message = f'Container image "{reference}" is not present with pull policy of Never'
    again = work.now + work.view.timings.backoff_first
    if work.container(name).get("reason") != "ErrImageNeverPull":
        yield work.say("Warning", "ErrImageNeverPull", message, name)
        yield work.say("Warning", "Failed", "Error: ErrImageNeverPull", name)
    work.wait(name, "ErrImageNeverPull", message)
    work.later(again)
