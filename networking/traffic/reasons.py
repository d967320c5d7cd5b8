"""Why a request failed, in the one word under which it is counted."""

from __future__ import annotations

from clusters.kernel import Outcome
from clusters.reconcile.clock import Time
from networking.network.trip import BAD_ADDRESS, NO_ROUTE, NO_TLS, REFUSED, TIMEOUT, UNREACHABLE

NO_ENDPOINTS, POLICY, STALE, NO_NAME = "no endpoints", "policy", "stale rule", "DNS"
OVERLOADED, RESET, TLS = "overloaded", "connection reset", "TLS"
EXPLAINED = {
    NO_ENDPOINTS: "No ready pod stands behind the Service, so the node's rules reject what is sent to it.",
    REFUSED: "The address is there, but nobody listens on that port (yet, or any more).",
    STALE: "The node's rules still lead to a pod or machine that is gone: nobody answers there.",
    NO_ROUTE: "Nobody has that address, or its machine has no power.",
    POLICY: "A NetworkPolicy drops the packets. The client hears nothing and gives up.",
    TIMEOUT: "No answer came before the client lost patience.",
    NO_NAME: "The name could not be turned into an address.",
    OVERLOADED: "The pod had more to do than it can: the request waited too long, or found the queue full.",
    RESET: "The server ended while it had the request in its hands.",
    UNREACHABLE: "The sender has no network.",
    TLS: "The client speaks https, and whoever listens there does not.",
}


def reason_of(outcome: Outcome, patience: Time) -> str:
    """Empty for a success."""
    if outcome.ok:
        if outcome.takes > patience:
            return TIMEOUT
        return "" if outcome.status < 400 else f"HTTP {outcome.status}"
    last = outcome.hops[-1] if outcome.hops else None
    if outcome.reason == BAD_ADDRESS:
        return NO_NAME
    if last is not None and last.what == "policy":
        return POLICY
    if outcome.reason == NO_TLS:
        return TLS
    by_rule = any(hop.what == "service" for hop in outcome.hops)
    if last is not None and last.what == "service" and "endpoint" in last.detail:
        return NO_ENDPOINTS
    led_astray = outcome.reason == NO_ROUTE or (last is not None and last.what == "address")
    if by_rule and led_astray:  # who is there and silent is no rule's fault
        return STALE
    return outcome.reason or "no answer"


def explained(reason: str) -> str:
    """A sentence for whoever asks what that means."""
    if reason.startswith("HTTP "):
        code = reason.removeprefix("HTTP ")
        return f"The server answered with status {code}: " + (
            "it says that the request was wrong." if code.startswith("4") else "it could not do what it was asked."
        )
    return EXPLAINED.get(reason, "No answer came back.")


def learned_after(outcome: Outcome, patience: Time) -> Time:
    """When the client knows that it failed."""
    return min(outcome.takes, patience)
