"""Where volumes are whose contents outlive the pod: claims' disks, and the machine's own (kubelet: volume manager)."""

from __future__ import annotations

from collections.abc import Mapping

from clusters.kinds.body import Body, Key, dig, is_deleting, labels_of
from clusters.kinds.nodeselectors import selects_node
from clusters.kinds.persistentvolume import DRIVER, is_for, source_of
from clusters.kinds.quantity import memory_bytes
from workloads.kubelet.environment import Unresolved
from workloads.kubelet.index import pod_of
from workloads.kubelet.work import Work
from workloads.runtime.files import SPACE

HOST = "host"  # the disk of a machine, in the namespace of its node
OUT_OF_SERVICE = "node.kubernetes.io/out-of-service"
# folders that every machine has
FOLDERS = (
    "", "boot", "dev", "etc", "etc/kubernetes", "etc/ssl", "home", "lib", "lib/modules", "mnt", "opt", "proc", "root",
    "run", "srv", "sys", "tmp", "usr", "usr/local", "var", "var/lib", "var/lib/kubelet", "var/log", "var/log/pods",
    "var/run",
)  # fmt: skip
KINDS = {
    "Directory": "a directory",
    "DirectoryOrCreate": "a directory",
    "File": "a file",
    "FileOrCreate": "a file",
    "Socket": "a socket file",
    "CharDevice": "a character device",
    "BlockDevice": "a block device",
}


class Unmounted(Exception):
    """A volume that cannot be set up; the text is the event's. `reason`, `component`: who says it, and under what."""

    def __init__(self, text: str, reason: str = "FailedMount", component: str = "") -> None:
        super().__init__(text)
        self.reason, self.component = reason, component


def place(work: Work, volume: Body) -> Body:
    """{"node", "disk", "path"}: the disk by its key, and where on it; maybe "space", its bytes. Raises Unmounted."""
    if "hostPath" in volume:
        source = volume["hostPath"]
        return on_host(work, volume["name"], source["path"], source.get("type") or "")
    name = dig(volume, "persistentVolumeClaim.claimName") or f"{work.pod['metadata']['name']}-{volume['name']}"
    try:
        pv = claimed(work, name)
    except Unresolved as problem:
        key = Key(work.pod["metadata"]["namespace"], name)
        told = f"unattached volumes=[], failed to process volumes=[{volume['name']}]: error processing PVC {key}"
        unmounted = f"Unable to attach or mount volumes: unmounted volumes=[{volume['name']}]"
        raise Unmounted(f"{unmounted}, {told}: {problem}") from None
    return behind(work, pv)


def claimed(work: Work, name: str) -> Body:
    """The volume of a claim that is bound. Raises Unresolved."""
    claim = work.view.get("persistentvolumeclaims", Key(work.pod["metadata"]["namespace"], name))
    if claim is None:
        missing = f'persistentvolumeclaims "{name}" not found'
        raise Unresolved(f"failed to fetch PVC from API server: {missing}")
    if is_deleting(claim):
        raise Unresolved("PVC is being deleted")
    if dig(claim, "status.phase") != "Bound":
        raise Unresolved("PVC is not bound")
    volume = claim["spec"]["volumeName"]
    pv = work.view.get("persistentvolumes", Key("", volume))
    if pv is None or not is_for(pv, claim):
        raise Unresolved(f'failed to fetch PV {volume} from API server: persistentvolumes "{volume}" not found')
    return pv


def behind(work: Work, pv: Body) -> Body:
    """What a PersistentVolume stands for."""
    name = pv["metadata"]["name"]
    kind, source = source_of(pv["spec"])
    node = work.view.get("nodes", Key("", work.node))
    required = dig(pv, "spec.nodeAffinity.required")
    if required is not None and node is not None and not selects_node(required, labels_of(node), work.node):
        why = "no matching NodeSelectorTerms"
        raise Unmounted(f'MountVolume.NodeAffinity check failed for volume "{name}" : {why}')
    if kind in ("hostPath", "local"):
        return on_host(work, name, source["path"], source.get("type") or "")
    if kind != "csi":
        raise Unmounted(f'MountVolume.SetUp failed for volume "{name}" : {kind} volumes are not simulated here')
    if source["driver"] != DRIVER:
        why = f"driver name {source['driver']} not found in the list of registered CSI drivers"
        what = "kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient"
        raise Unmounted(f'MountVolume.MountDevice failed for volume "{name}" : {what}: {why}')
    handle = source["volumeHandle"]
    if work.view.get("disks", Key("", handle)) is None:
        why = f"rpc error: code = NotFound desc = disk {handle} does not exist"
        raise Unmounted(f'MountVolume.SetUp failed for volume "{name}" : {why}')
    attach(work, name, handle)
    space = memory_bytes(dig(pv, "spec.capacity.storage", "0"))
    return {"node": "", "disk": handle, "path": "", "pv": name, **({"space": space} if 0 < space < SPACE else {})}


def attach(work: Work, name: str, handle: str) -> None:
    """A disk is at one machine at a time. Raises Unmounted while it is at another."""
    others = [box for box in work.view.cache.holding(Key("", handle)) if is_kept(work, box)]
    if not others:
        return
    told = f'Multi-Attach error for volume "{name}" '
    here = [pod_of(box) for box in others if pod_of(box).namespace == work.pod["metadata"]["namespace"]]
    if here:
        told += f"Volume is already used by pod(s) {', '.join(sorted(key.name for key in here))}"
    else:
        told += "Volume is already exclusively attached to one node and can't be attached to another"
    raise Unmounted(told, "FailedAttachVolume", "attachdetach-controller")


def is_kept(work: Work, box: Body) -> bool:
    """Whether a sandbox elsewhere still has the disk. One that is cut off loses it, once its pod is gone, in time."""
    node = box["metadata"]["namespace"]
    if node == work.node:
        return False
    pod = work.view.get("pods", pod_of(box))
    machine = work.view.get("machines", Key("", node))
    if machine is None:
        return False
    if machine["power"] != "off" or (pod is not None and pod["metadata"]["uid"] == box["metadata"]["name"]):
        return True
    taints = dig(work.view.get("nodes", Key("", node)), "spec.taints") or ()
    is_given_up = any(taint["key"] == OUT_OF_SERVICE for taint in taints)
    return not is_given_up and work.now < box.get("lost", work.now) + work.view.timings.force_detach


def on_host(work: Work, name: str, path: str, type_: str) -> Body:
    """A path of the machine's own disk. Raises Unmounted where it is not what the pod wants there."""
    inner = path.strip("/")
    disk = work.disk(Key(work.node, HOST))
    files: Mapping[str, str] = disk["files"] if disk else {}
    is_file = inner in files
    is_folder = inner in FOLDERS or any(other.startswith(f"{inner}/") for other in files)
    wanted = {"Directory": is_folder, "DirectoryOrCreate": not is_file, "File": is_file, "FileOrCreate": not is_folder}
    if type_ and not wanted.get(type_, False):
        why = f"hostPath type check failed: {path} is not {KINDS.get(type_, type_)}"
        raise Unmounted(f'MountVolume.SetUp failed for volume "{name}" : {why}')
    found: Body = {"node": work.node, "disk": HOST, "path": inner}
    return {**found, "file": True} if type_ == "FileOrCreate" and not is_file else found


def disk_key(place_: Body) -> Key:
    return Key(place_["node"], place_["disk"])


def new_disk(key: Key) -> Body:
    head = {"apiVersion": "machine.podium.dev/v1", "kind": "Disk"}
    return {**head, "metadata": {"namespace": key.namespace, "name": key.name}, "files": {}}
