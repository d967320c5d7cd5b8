"""What a browser asks before a page of another host may ask (ingress-nginx: Enable CORS)."""

from __future__ import annotations

from clusters.kernel import Outcome
from networking.ingress.decision import Asked, Headers, page
from networking.ingress.settings import ALLOWED, METHODS, Settings


def preflight(rules: Settings) -> Outcome:
    own = (("Access-Control-Max-Age", rules.text("cors-max-age", "1728000")),)
    return page(204, "", "text/plain charset=UTF-8", (*allowed(rules, "*"), *own))


def cors_headers(asked: Asked, rules: Settings) -> Headers:
    return allowed(rules, asked.header("origin")) if rules.is_on("enable-cors") else ()


def allowed(rules: Settings, origin: str) -> Headers:
    origins = rules.words("cors-allow-origin") or ["*"]
    named = "*" if "*" in origins else origin if origin in origins else origins[0]
    with_credentials = (
        (("Access-Control-Allow-Credentials", "true"),) if rules.is_on("cors-allow-credentials", True) else ()
    )
    return (
        ("Access-Control-Allow-Origin", named),
        *with_credentials,
        ("Access-Control-Allow-Methods", rules.text("cors-allow-methods", METHODS)),
        ("Access-Control-Allow-Headers", rules.text("cors-allow-headers", ALLOWED)),
    )
