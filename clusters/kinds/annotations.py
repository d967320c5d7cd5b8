"""Annotations by which others than Kubernetes itself are told what to do: which have their effect here."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds.body import Body, annotations_of

NGINX = "nginx.ingress.kubernetes.io/"
# all that networking/ingress/ reads; a buffer has no effect that one could see
HONOURED = (
    "affinity", "allowlist-source-range", "app-root", "auth-realm", "auth-secret", "auth-secret-type", "auth-type",
    "canary", "canary-by-cookie", "canary-by-header", "canary-by-header-pattern", "canary-by-header-value",
    "canary-weight", "canary-weight-total", "cors-allow-credentials", "cors-allow-headers", "cors-allow-methods",
    "cors-allow-origin", "cors-max-age", "custom-http-errors", "default-backend", "denylist-source-range",
    "enable-cors", "force-ssl-redirect", "limit-burst-multiplier", "limit-rps", "permanent-redirect",
    "permanent-redirect-code", "proxy-body-size", "proxy-buffer-size", "proxy-buffering", "proxy-connect-timeout",
    "proxy-read-timeout", "proxy-send-timeout", "rewrite-target", "session-cookie-max-age", "session-cookie-name",
    "session-cookie-path", "session-cookie-samesite", "session-cookie-secure", "ssl-redirect", "temporal-redirect",
    "temporal-redirect-code", "upstream-vhost", "use-regex", "whitelist-source-range", "x-forwarded-prefix",
)  # fmt: skip
OTHERS = ("haproxy.org/", "haproxy-ingress.github.io/", "virtual-server.f5.com/")
OF_OTHERS = ("virtual-server.f5.com/ip", "virtual-server.f5.com/http-port")
VALUES = {"backend-protocol": ("HTTP", "AUTO_HTTP", "HTTPS"), "affinity-mode": ("persistent",)}
SNIPPETS = "is refused by ingress-nginx as it comes (allow-snippet-annotations: false), and has no effect here"
NO_EFFECT = "is not simulated here and has no effect"


def unhonoured(body: Body) -> Iterator[str]:
    """A sentence for each annotation of an Ingress that nobody here follows."""
    for name, value in annotations_of(body).items():
        if name.startswith(OTHERS) and name not in OF_OTHERS:
            yield f"metadata.annotations[{name}]: {NO_EFFECT}"
        short = name.removeprefix(NGINX)
        if not name.startswith(NGINX) or short in HONOURED or value in VALUES.get(short, ()):
            continue
        told = SNIPPETS if short.endswith("-snippet") else NO_EFFECT
        yield f"metadata.annotations[{name}]: {told}"
