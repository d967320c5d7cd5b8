"""As whom a container's processes run, and under which names (Kubernetes: security context, Pod hostname)."""

from __future__ import annotations

from typing import Any

from clusters.kinds.body import Body, dig
from workloads.images import Image
from workloads.kubelet.environment import Unresolved
from workloads.kubelet.work import Work

LONGEST = 63  # of a host name, in characters
DOMAIN = "cluster.local"
HOSTS = (
    "# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n"
    "fe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n"
)


def user(work: Work, spec: Body, image: Image) -> dict[str, Any]:
    """{"uid", "gid", "groups"}. Raises Unresolved where root, or who might be root, is not allowed."""
    own, shared = spec.get("securityContext") or {}, work.spec.get("securityContext") or {}
    asked = own.get("runAsUser", shared.get("runAsUser"))
    if own.get("runAsNonRoot", shared.get("runAsNonRoot")):
        _check_not_root(work, spec, image, asked)
    named, _, group = image.user.partition(":")
    uid = asked if asked is not None else int(named) if named.isdigit() else 0
    gid = own.get("runAsGroup", shared.get("runAsGroup"))
    if gid is None:
        gid = int(group) if group.isdigit() and asked is None else 0
    more = [*(shared.get("supplementalGroups") or ()), shared.get("fsGroup")]
    return {"uid": uid, "gid": gid, "groups": list(dict.fromkeys([gid, *(one for one in more if one is not None)]))}


def _check_not_root(work: Work, spec: Body, image: Image, asked: int | None) -> None:
    metadata = work.pod["metadata"]
    about = f'(pod: "{metadata["name"]}_{metadata["namespace"]}({work.uid})", container: {spec["name"]})'
    named = image.user.partition(":")[0]
    if asked == 0:
        raise Unresolved(f"container's runAsUser breaks non-root policy {about}")
    if asked is None and named in ("", "0", "root"):
        raise Unresolved(f"container has runAsNonRoot and image will run as root {about}")
    if asked is None and not named.isdigit():
        told = f"image has non-numeric user ({named}), cannot verify user is non-root"
        raise Unresolved(f"container has runAsNonRoot and {told} {about}")


def place(work: Work, name: str) -> int:
    """Which of the pod's containers it is, counted from 1."""
    return list(work.box["containers"]).index(name) + 1


def sees(work: Work, spec: Body) -> list[int]:
    """Whose processes it sees: everybody's where the pod shares them, or those of the container that it looks into."""
    if work.spec.get("shareProcessNamespace"):
        return [place(work, name) for name in work.box["containers"]]
    target = str(spec.get("targetContainerName") or "")
    return [place(work, target)] if target in work.box["containers"] else []


def hostname(work: Work) -> str:
    """What `hostname` says inside."""
    if work.spec.get("hostNetwork"):
        return work.node
    short, domain = _short(work), _domain(work)
    return f"{short}.{domain}" if domain and work.spec.get("setHostnameAsFQDN") else short


def files(work: Work) -> dict[str, dict[str, str]]:
    """The files that a container gets from its pod's network, unless it mounts its own."""
    return {"/etc/hosts": {"": hosts(work)}, "/etc/resolv.conf": {"": work.box.get("resolv", "")}}


def hosts(work: Work) -> str:
    """The file /etc/hosts, with the pod's aliases."""
    short, domain = _short(work), _domain(work)
    names = f"{short}.{domain}\t{short}" if domain else short
    text = f"{HOSTS}{work.box['ip']}\t{names}\n"
    aliases = work.spec.get("hostAliases") or ()
    if aliases:
        lines = ["\t".join((one["ip"], *(one.get("hostnames") or ()))) for one in aliases]
        text += "\n# Entries added by HostAliases.\n" + "".join(line + "\n" for line in lines)
    return text


def _short(work: Work) -> str:
    return str(work.spec.get("hostname") or work.pod["metadata"]["name"])[:LONGEST].rstrip("-.")


def _domain(work: Work) -> str:
    subdomain = work.spec.get("subdomain")
    return f"{subdomain}.{dig(work.pod, 'metadata.namespace')}.svc.{DOMAIN}" if subdomain else ""
