"""A request that comes from outside the cluster: to a pod itself (port-forward, proxy) or by the network."""

from __future__ import annotations

from clusters.kernel import Outcome, Request
from clusters.kinds.body import Body, Key
from clusters.kinds.octets import bytes_of, text_of
from clusters.reconcile.loop import Writes
from clusters.reconcile.message import Handler, Message
from clusters.reconcile.view import View
from clusters.reconcile.writes import Reply

ACTOR = "kube-apiserver"


def handle(message: Message, view: View) -> Writes:
    """`host` "": the pod that it is about answers, as at its own localhost; else the packet's way begins outside."""
    data = message.data
    request = request_of(data["request"])
    if data.get("host"):
        outcome = view.kernel.network.send(view, None, data["host"], request)
    else:
        pod = view.get("pods", message.about)
        gone = Outcome(ok=False, reason="no route to host")
        outcome = view.kernel.containers.answer(view, pod, request) if pod is not None else gone
    for write in outcome.writes:  # noqa: UP028 (a tuple cannot be sent what the writes are answered with)
        yield write
    yield Reply(message.to, {"s": data["s"], **told(outcome)})


def asked(request: Request) -> Body:
    """A request as a message carries it."""
    fields = ("protocol", "port", "method", "path", "host", "client", "tls")
    headers = [list(header) for header in request.headers]
    return {**{name: getattr(request, name) for name in fields}, "headers": headers, "body": text_of(request.body)}


def request_of(data: Body) -> Request:
    headers = tuple((name, value) for name, value in data["headers"])
    body = bytes_of(data["body"])
    whence, tls = data["client"], bool(data.get("tls"))
    return Request(
        data["protocol"], data["port"], data["method"], data["path"], headers, body, data["host"], client=whence,
        tls=tls
    )  # fmt: skip


def told(outcome: Outcome) -> Body:
    """What came of it, as a reply carries it."""
    hops = [[hop.what, hop.name, hop.detail] for hop in outcome.hops]
    fields = {"ok": outcome.ok, "reason": outcome.reason, "status": outcome.status, "takes": outcome.takes}
    return {
        **fields,
        "headers": [list(header) for header in outcome.headers],
        "body": text_of(outcome.body),
        "hops": hops,
    }


def who(_key: Key, _view: View) -> str:
    return ACTOR


HANDLER = Handler("request", handle, who)
