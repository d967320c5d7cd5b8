"""A pod's volumes: each has a name and exactly one source (Kubernetes: Volumes)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clusters.kinds import names
from clusters.kinds.body import Body
from clusters.kinds.persistentvolumeclaim import spec_problems as claim_problems
from clusters.kinds.problem import FieldError
from clusters.kinds.quantity import WRONG, is_quantity, parse
from workloads.kinds.podspec.containers import inside
from workloads.kinds.podspec.downward import item_problems

# what each kind of source cannot do without
NEEDS = {
    "configMap": "name",
    "secret": "secretName",
    "hostPath": "path",
    "persistentVolumeClaim": "claimName",
    "nfs": "server",
    "csi": "driver",
}
HOST_TYPES = (
    "",
    "BlockDevice",
    "CharDevice",
    "Directory",
    "DirectoryOrCreate",
    "File",
    "FileOrCreate",
    "Socket",
)
MODE_WRONG = "must be a number between 0 and 0777 (octal), both inclusive"


def volume_problems(volumes: Sequence[Body], path: str) -> Iterator[FieldError]:
    """All volumes of a pod."""
    seen: list[str] = []
    for index, volume in enumerate(volumes):
        at, name = f"{path}[{index}]", volume.get("name") or ""
        yield from _source(volume, at)
        if not name:
            yield FieldError.required(f"{at}.name")
            continue
        for wrong in names.label(name):
            yield FieldError.invalid(f"{at}.name", name, wrong)
        if name in seen:
            yield FieldError.duplicate(f"{at}.name", name)
        seen.append(name)


def _source(volume: Body, path: str) -> Iterator[FieldError]:
    given = [kind for kind, source in volume.items() if kind != "name" and source is not None]
    if not given:
        yield FieldError.required(path, "must specify a volume type")
    for kind in given[1:]:
        yield FieldError.forbidden(f"{path}.{kind}", "may not specify more than 1 volume type")
    for kind in given[:1]:
        source, at = volume[kind], f"{path}.{kind}"
        need = NEEDS.get(kind)
        if need and not source.get(need):
            yield FieldError.required(f"{at}.{need}")
        yield from _mode(source.get("defaultMode"), f"{at}.defaultMode")
        yield from _items(source.get("items") or (), kind, at)
        if kind == "hostPath":
            yield from _host_path(source, at)
        if kind == "ephemeral":
            yield from _ephemeral(source, at)
        if kind == "emptyDir":
            yield from _size(source.get("sizeLimit"), f"{at}.sizeLimit")
        for index, part in enumerate(source.get("sources") or ()):
            yield from _projection(part, f"{at}.sources[{index}]")


def _host_path(source: Body, path: str) -> Iterator[FieldError]:
    if ".." in (source.get("path") or "").split("/"):
        yield FieldError.invalid(f"{path}.path", source["path"], "must not contain '..'")
    if (source.get("type") or "") not in HOST_TYPES:
        yield FieldError.unsupported(f"{path}.type", source["type"], HOST_TYPES)


def _ephemeral(source: Body, path: str) -> Iterator[FieldError]:
    template = source.get("volumeClaimTemplate")
    if not template:
        yield FieldError.required(f"{path}.volumeClaimTemplate")
    else:
        yield from claim_problems(template.get("spec") or {}, f"{path}.volumeClaimTemplate.spec")


def _projection(part: Body, path: str) -> Iterator[FieldError]:
    given = [kind for kind, source in part.items() if source is not None]
    if not given:
        yield FieldError.required(path, "must specify a volume type")
    for kind in given[1:]:
        yield FieldError.forbidden(f"{path}.{kind}", "may not specify more than 1 volume type")
    for kind in given[:1]:
        if kind in ("configMap", "secret") and not part[kind].get("name"):
            yield FieldError.required(f"{path}.{kind}.name")
        if kind == "serviceAccountToken":
            yield from _path(part[kind].get("path") or "", f"{path}.{kind}.path")
        yield from _items(part[kind].get("items") or (), kind, f"{path}.{kind}")


def _items(items: Sequence[Body], kind: str, path: str) -> Iterator[FieldError]:
    for index, item in enumerate(items):
        at = f"{path}.items[{index}]"
        if kind in ("configMap", "secret") and not item.get("key"):
            yield FieldError.required(f"{at}.key")
        yield from _path(item.get("path") or "", f"{at}.path")
        yield from _mode(item.get("mode"), f"{at}.mode")
        if kind == "downwardAPI":
            yield from item_problems(item, at)


def _path(place: str, path: str) -> Iterator[FieldError]:
    if not place:
        yield FieldError.required(path)
    yield from inside(place, path)


def _mode(mode: int | None, path: str) -> Iterator[FieldError]:
    if mode is not None and not 0 <= mode <= 0o777:
        yield FieldError.invalid(path, mode, MODE_WRONG)


def _size(size: str | None, path: str) -> Iterator[FieldError]:
    if size is not None and not is_quantity(size):
        yield FieldError.invalid(path, size, WRONG)
    elif size is not None and parse(size) < 0:
        yield FieldError.invalid(path, size, "must be greater than or equal to 0")
