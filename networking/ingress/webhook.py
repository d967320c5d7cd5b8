"""ingress-nginx looks at an Ingress before it is stored, and may refuse it (validate.nginx.ingress.kubernetes.io)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clusters.admission.step import Step
from clusters.kinds.body import Body, annotations_of, dig, key_of
from clusters.kinds.problem import Status
from clusters.reconcile.view import View
from networking.ingress.brands import NGINX, Claim, claim_of
from networking.ingress.routes import OWN, is_claimed
from networking.ingress.settings import PREFIX, settings_of

NAME = "validate.nginx.ingress.kubernetes.io"
IMAGE = "ingress-nginx/controller"
SNIPPETS = (
    "configuration-snippet", "server-snippet", "stream-snippet", "auth-snippet", "modsecurity-snippet"
)  # fmt: skip
PLAIN = re.compile(r"/[A-Za-z0-9._/-]*")  # what a path that is no regular expression may have
ANYBODY = "_"  # nginx' name for rules without host


def admit(new: Body | None, old: Body | None, view: View) -> Body | Status | None:
    """Only while a controller is there to be asked, and for its own class alone."""
    if new is None or "spec" not in new or not has_news(new, old):
        return new
    if not any(is_claimed(new, claim, view) for claim in watching(view)):
        return new
    why = next(problems(new, view), "")
    return Status.bad_request(f'admission webhook "{NAME}" denied the request: {why}') if why else new


def has_news(new: Body, old: Body | None) -> bool:
    return old is None or new["spec"] != old.get("spec") or annotations_of(new) != annotations_of(old)


def watching(view: View) -> Iterator[Claim]:
    """Of the controllers that answer."""
    for resource, count in (("deployments", "readyReplicas"), ("daemonsets", "numberReady")):
        for body in view.list(resource):
            if dig(body, f"status.{count}"):
                for container in dig(body, "spec.template.spec.containers") or ():
                    if IMAGE in container.get("image", ""):
                        yield claim_of(NGINX, (*(container.get("command") or ()), *(container.get("args") or ())))


def problems(new: Body, view: View) -> Iterator[str]:
    for name in SNIPPETS:
        if PREFIX + name in annotations_of(new):
            yield (f"{PREFIX}{name} annotation cannot be used. Snippet directives are disabled by the Ingress "
                   "administrator")  # fmt: skip
    wrong = [f"path {path['path']} cannot be used with pathType {path['pathType']}" for _, path in paths(new)
             if path["pathType"] != OWN and path.get("path") and not PLAIN.fullmatch(path["path"])]  # fmt: skip
    if wrong:
        yield "ingress contains invalid paths: " + "\n".join(wrong)
    if not settings_of(new).is_canary:
        yield from overlaps(new, view)


def overlaps(new: Body, view: View) -> Iterator[str]:
    """A host and path have one Ingress, beside its canaries."""
    claims = [claim for claim in watching(view) if is_claimed(new, claim, view)]
    held = {
        (host, path.get("path") or "/"): key_of(other)
        for other in sorted(view.list("ingresses"), key=age, reverse=True)
        if not settings_of(other).is_canary and any(is_claimed(other, claim, view) for claim in claims)
        for host, path in paths(other)
    }
    for host, path in paths(new):
        there = held.get((host, path.get("path") or "/"))
        if there is not None and there != key_of(new):
            yield f'host "{host}" and path "{path.get("path") or "/"}" is already defined in ingress {there}'


def age(ingress: Body) -> str:
    return str(ingress["metadata"].get("creationTimestamp") or "")


def paths(ingress: Body) -> Iterator[tuple[str, Body]]:
    """Each with its host."""
    for rule in dig(ingress, "spec.rules") or ():
        for path in dig(rule, "http.paths") or ():
            yield rule.get("host") or ANYBODY, path


STEP = Step("ValidatingAdmissionWebhook", ("ingresses",), ("CREATE", "UPDATE"), admit)
