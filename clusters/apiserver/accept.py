"""What form of answer a client wants (Kubernetes: API concepts, alternate representations)."""

from __future__ import annotations

from dataclasses import dataclass

from clusters.kinds.problem import Status

JSON, YAML, PROTOBUF = "application/json", "application/yaml", "application/vnd.kubernetes.protobuf"
SERVED = f"only the following media types are accepted: {JSON}, {YAML}, {PROTOBUF}"
META = "meta.k8s.io"
TRANSFORMED = ("Table", "PartialObjectMetadata", "PartialObjectMetadataList")


@dataclass(frozen=True, slots=True)
class Form:
    """`type`: JSON or YAML. `transform`: "" for the object itself."""

    type: str = JSON
    transform: str = ""
    group: str = ""
    version: str = ""


def form(accept: str) -> Form:
    """The first that Podium can give, as the real server picks it. Who asks for protobuf alone gets JSON.

    Raises NotAcceptable.
    """
    protobuf = False
    for wanted in (accept or "*/*").split(","):
        media, *given = (part.strip() for part in wanted.split(";"))
        parameters = dict(part.split("=", 1) for part in given if "=" in part)
        found = _form(media, parameters)
        if found is not None:
            return found
        protobuf = protobuf or (media == PROTOBUF and not parameters.get("as"))
    if protobuf:
        return Form()
    raise Status(406, "NotAcceptable", SERVED)


def _form(media: str, parameters: dict[str, str]) -> Form | None:
    served = {JSON: JSON, YAML: YAML, "*/*": JSON, "application/*": JSON}
    if media not in served:
        return None
    transform, group, version = (parameters.get(name, "") for name in ("as", "g", "v"))
    if transform in TRANSFORMED and (group, version) == (META, "v1"):
        return Form(served[media], transform, group, version)
    if transform == "APIGroupDiscoveryList" and (group, version) == ("apidiscovery.k8s.io", "v2"):
        return Form(served[media], transform, group, version)
    return None if transform else Form(served[media])
