"""A pod's volumes as the files that its containers see (Kubernetes: Volumes, Projected Volumes)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from clusters.kinds.body import Body, Key
from clusters.kinds.token import claims, signed
from clusters.reconcile.clock import SECOND
from workloads.kubelet.environment import Unresolved, data_of, field_of, resource_of
from workloads.kubelet.lasting import Unmounted, place
from workloads.kubelet.work import Work

Files = Mapping[str, str]  # path inside the volume -> text
SEALED = ("configMap", "secret", "projected", "downwardAPI")  # what Kubernetes writes, and a container only reads
LASTING = ("persistentVolumeClaim", "ephemeral", "hostPath")  # what outlives the pod
HONOURED = ("emptyDir", *SEALED, *LASTING)
MODE = 0o644


def unsupported(pod: Body) -> str:
    """What a pod asks for that no machine here has, in one sentence; "" when all can be honoured."""
    for volume in pod["spec"].get("volumes") or ():
        kinds = [kind for kind in volume if kind != "name"]
        if kinds and kinds[0] not in HONOURED:
            return f'volume "{volume["name"]}": {kinds[0]} volumes are not simulated'
    return ""


def volumes(work: Work) -> dict[str, Files]:
    """Each volume's files. Raises Unmounted for the first that cannot be set up."""
    if work.files is None:
        work.files = {volume["name"]: content(work, volume) for volume in work.spec.get("volumes") or ()}
    return work.files


def content(work: Work, volume: Body) -> Files:
    """One volume's files, as they are now."""
    if any(volume.get(kind) for kind in LASTING):
        _find(work, volume)
        return {}
    try:
        for kind, read in READERS.items():
            if kind in volume:
                return read(work, volume[kind] or {})
    except Unresolved as problem:
        raise Unmounted(f'MountVolume.SetUp failed for volume "{volume["name"]}" : {problem}') from None
    return {}


def mounts(spec: Body, held: Mapping[str, Files]) -> dict[str, Files]:
    """Where a container sees its volumes' files: mount path -> files; a part of a volume is not among them."""
    return {
        mount["mountPath"].rstrip("/") or "/": held.get(mount["name"], {})
        for mount in spec.get("volumeMounts") or ()
        if not mount.get("subPath") and not mount.get("subPathExpr")
    }


def part_of(files: Files, part: str) -> Files:
    """What a subPath shows: a folder's files, or a file's text at ""."""
    if not part:
        return files
    inner = {name[len(part) + 1 :]: text for name, text in files.items() if name.startswith(f"{part}/")}
    return {"": files[part]} if part in files else inner


def modes(volume: Body, part: str) -> dict[str, Any]:
    """The modes of a volume's files where they are not the usual one: {"mode", "modes": {name: mode}}."""
    kind = next((kind for kind in SEALED if volume.get(kind)), "")
    if not kind:
        return {}
    source = volume[kind]
    usual, single = source.get("defaultMode", MODE), {}
    for one in (source, *(inner for projected in source.get("sources") or () for inner in projected.values())):
        for item in one.get("items") or ():
            if item.get("mode") is not None and item["mode"] != usual:
                single[item["path"]] = item["mode"]
    seen = dict(part_of(single, part)) if part else single
    return {"mode": usual, **({"modes": seen} if seen else {})} if seen or usual != MODE else {}


def _find(work: Work, volume: Body) -> None:
    """Remember where a lasting volume is: it is looked for once."""
    known = work.box.get("volumes") or {}
    if volume["name"] not in known:
        work.box["volumes"] = {**known, volume["name"]: place(work, volume)}


def _empty(_: Work, __: Body) -> Files:
    return {}


def _configmap(work: Work, source: Body) -> Files:
    return _items(work, source, "configmaps", source.get("name", ""), "configmap", "configmap references non-existent")


def _secret(work: Work, source: Body) -> Files:
    name = source.get("secretName") or source.get("name", "")
    return _items(work, source, "secrets", name, "secret", "references non-existent secret")


def _items(work: Work, source: Body, resource: str, name: str, noun: str, missing: str) -> Files:
    data, optional = data_of(work, resource, name), source.get("optional")
    if data is None:
        if optional:
            return {}
        raise Unresolved(f'{noun} "{name}" not found')
    items = source.get("items")
    if not items:
        return data
    for item in items:
        if item["key"] not in data and not optional:
            word = "config key" if noun == "configmap" else "key"
            raise Unresolved(f"{missing} {word}: {item['key']}")
    return {item["path"]: data[item["key"]] for item in items if item["key"] in data}


def _downward(work: Work, source: Body) -> Files:
    found = {}
    for item in source.get("items") or ():
        if "fieldRef" in item:
            found[item["path"]] = field_of(work, item["fieldRef"]["fieldPath"])
        else:
            found[item["path"]] = resource_of(work, {}, item["resourceFieldRef"])
    return found


def _projected(work: Work, source: Body) -> Files:
    found: dict[str, str] = {}
    for part in source.get("sources") or ():
        if "serviceAccountToken" in part:
            found[part["serviceAccountToken"]["path"]] = token(work, part["serviceAccountToken"])
        for kind in ("configMap", "secret", "downwardAPI"):
            if kind in part:
                found |= READERS[kind](work, part[kind])
    return found


def token(work: Work, wanted: Body) -> str:
    """A token of the pod's ServiceAccount, bound to the pod."""
    metadata = work.pod["metadata"]
    named = Key(metadata["namespace"], work.spec.get("serviceAccountName") or "default")
    nobody = {"metadata": {"namespace": named.namespace, "name": named.name}}
    account = work.view.get("serviceaccounts", named) or nobody
    since = work.box["since"] // SECOND
    about = {"node": {"name": work.node}, "pod": {"name": metadata["name"], "uid": work.uid}}
    until = since + int(wanted.get("expirationSeconds") or 3600)
    audiences = [wanted["audience"]] if wanted.get("audience") else []
    return signed(claims(account, since, until, audiences, about), work.machine)


READERS: Mapping[str, Callable[[Work, Body], Files]] = {
    "emptyDir": _empty,
    "configMap": _configmap,
    "secret": _secret,
    "projected": _projected,
    "downwardAPI": _downward,
}
