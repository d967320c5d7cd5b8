"""The web server: daphne with two endpoints, back-pressure, and a limit on what a request may carry."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
from collections.abc import Awaitable, Callable
from io import BytesIO
from typing import Any

from daphne.server import Server as DaphneServer  # isort: skip  (first: it installs Twisted's asyncio reactor)
from daphne.http_protocol import HTTPFactory, WebRequest
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from twisted.internet import defer, reactor
from twisted.internet.endpoints import quoteStringArgument, serverFromString
from twisted.logger import STDLibLogObserver, globalLogBeginner
from twisted.web import http

from playground.supervise import addresses, certificates
from playground.supervise.backpressure import Gate
from playground.supervise.environment import Environment

logger = logging.getLogger("podium.web")

LARGEST_BODY = 3 * 1024 * 1024  # kube-apiserver's own limit
PATIENCE = 64 * 1024 * 1024  # so much of a body too large is read and dropped, that its sender may hear the answer
BACKLOG = 512  # a class opens its link at one moment
MANY = 64  # messages of a websocket that wait for its application
HELD = 0.02  # seconds between two looks whether they are fewer
STALLED = 60.0  # seconds after which a reader that reads nothing is let go

Application = Callable[..., Awaitable[None]]


def serve(application: Application, environment: Environment) -> int:
    """Listen on both ports until stopped; the exit code."""
    files = certificates.ensure(environment.home, addresses.certificate_names(environment))
    interface = quoteStringArgument(environment.bind)
    tls = f"privateKey={quoteStringArgument(str(files.key))}:certKey={quoteStringArgument(str(files.certificate))}"
    endpoints = [
        f"tcp:port={environment.port}:interface={interface}:backlog={BACKLOG}",
        f"ssl:port={environment.api_port}:interface={interface}:backlog={BACKLOG}:{tls}",
    ]
    http.H2_ENABLED = False  # it is pure Python and three times slower; kubectl is content with 1.1
    server = Server(application, endpoints=endpoints, server_name="podium", application_close_timeout=2)
    gc.collect()
    gc.freeze()  # what was imported stays: looking through it again would halt every request for a tenth of a second
    server.run()
    return server.exit_code


class Server(DaphneServer):
    """daphne, but an application that sends faster than its client reads is made to wait."""

    exit_code = 0

    def run(self) -> None:
        self.connections: dict[Any, dict[str, Any]] = {}
        self.http_factory = Factory(self)
        self.ws_factory = SocketFactory(self, server=self.server_name)
        self.ws_factory.setProtocolOptions(
            autoPingTimeout=self.ping_timeout,
            allowNullOrigin=True,  # the application checks origins: it knows which socket needs which
            openHandshakeTimeout=self.websocket_handshake_timeout,
            maxMessagePayloadSize=self.websocket_max_message_size,
            maxFramePayloadSize=self.websocket_max_frame_size,
        )
        globalLogBeginner.beginLoggingTo([STDLibLogObserver("twisted")], redirectStandardIO=False, discardBuffer=True)
        reactor.callLater(1, self.application_checker)
        reactor.callLater(2, self.timeout_checker)
        for endpoint in self.endpoints:
            serverFromString(reactor, endpoint).listen(self.http_factory).addErrback(self.listen_error)
        asyncio.set_event_loop(reactor._asyncioEventloop)
        reactor.addSystemEventTrigger("before", "shutdown", self.kill_all_applications)
        if not self.abort_start:
            reactor.run()

    def listen_error(self, failure: Any) -> None:
        self.exit_code = 1
        super().listen_error(failure)

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        await super().handle_reply(protocol, message)
        await protocol.gate.passage()

    def kill_all_applications(self) -> Any:
        """Cancel what still runs; a connection may well have no application at the moment."""
        found = [details.get("application_instance") for details in self.connections.values()]
        running = [application for application in found if application and not application.done()]
        for application in running:
            application.cancel()
        if not running:
            return None
        return defer.Deferred.fromFuture(asyncio.gather(*running, return_exceptions=True))


class Request(WebRequest):
    """One request: counts its body, and lets a streaming answer flow only as fast as it is read."""

    error_template = "<!doctype html><title>%(title)s</title><h1>%(title)s</h1><p>%(body)s</p>"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.gate = Gate()
        self.received = 0
        super().__init__(*args, **kwargs)

    def gotLength(self, length: int | None) -> None:  # noqa: N802 (Twisted's name)
        self.content = BytesIO()  # Twisted would open a file for 100 kB
        self.received = 0
        if length is not None and length > PATIENCE:
            self.hang_up()
        elif length is not None and length > LARGEST_BODY:
            self.received = LARGEST_BODY + 1

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802
        self.received += len(data)
        if self.received <= LARGEST_BODY:
            self.content.write(data)
            return
        self.content = BytesIO()
        if self.received > PATIENCE:
            self.hang_up()

    def hang_up(self) -> None:
        head = f"HTTP/1.1 413 Request Entity Too Large\r\nConnection: close\r\nContent-Length: {len(TOO_LARGE)}\r\n"
        self.channel.transport.write(head.encode() + b"Content-Type: application/json\r\n\r\n" + TOO_LARGE)
        self.channel.loseConnection()

    def process(self) -> Any:
        if self.received <= LARGEST_BODY:
            return super().process()
        headers = [(b"Content-Type", b"application/json"), (b"Connection", b"close")]
        self.handle_reply({"type": "http.response.start", "status": 413, "headers": headers})
        self.handle_reply({"type": "http.response.body", "body": TOO_LARGE})
        return None

    def handle_reply(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.body" and not self.finished and self.channel is not None:
            if message.get("more_body"):
                if not self.producer:
                    self.registerProducer(self.gate, True)
            elif self.producer:
                self.unregisterProducer()
        super().handle_reply(message)

    def check_timeouts(self) -> None:
        if self.gate.shut_for() > STALLED and self.channel is not None:
            self.channel.transport.abortConnection()
        super().check_timeouts()

    def connectionLost(self, reason: Any) -> None:  # noqa: N802
        self.gate.stopProducing()
        super().connectionLost(reason)


class Factory(HTTPFactory):
    def buildProtocol(self, address: Any) -> Any:  # noqa: N802
        protocol = super().buildProtocol(address)
        protocol.requestFactory = Request
        return protocol

    def log(self, request: Any) -> None:
        """No line a request: nobody reads them, and each costs as much as finding the object that was asked for."""


class Socket(WebSocketProtocol):
    """One websocket: its consumer waits while the browser does not read."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.gate = Gate()
        self.is_held = False

    def onOpen(self) -> None:  # noqa: N802
        self.transport.unregisterProducer()  # until now that was the http channel which this socket came from
        self.transport.registerProducer(self.gate, True)
        super().onOpen()

    def sendMessage(self, *args: Any, **kwargs: Any) -> None:  # noqa: N802
        """Autobahn holds us to the limit that browsers have: a picture of thousands of pods is larger."""
        limit: int = self.maxMessagePayloadSize  # type: ignore[has-type]
        self.maxMessagePayloadSize = 0
        try:
            super().sendMessage(*args, **kwargs)
        finally:
            self.maxMessagePayloadSize = limit

    def onMessage(self, payload: bytes, isBinary: bool) -> None:  # noqa: N802, N803
        """A client that sends faster than its application takes is not read from for a while."""
        super().onMessage(payload, isBinary)
        queue = getattr(self, "application_queue", None)
        if queue is not None and queue.qsize() > MANY and not self.is_held:
            self.is_held = True
            self.transport.pauseProducing()
            reactor.callLater(HELD, self.let_go)

    def let_go(self) -> None:
        if self.application_queue.qsize() > MANY // 4:
            reactor.callLater(HELD, self.let_go)
            return
        self.is_held = False
        self.transport.resumeProducing()

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:  # noqa: N802, N803
        self.gate.stopProducing()
        super().onClose(wasClean, code, reason)

    def check_timeouts(self) -> None:
        if self.gate.shut_for() > STALLED:
            self.transport.abortConnection()
        else:
            super().check_timeouts()


class SocketFactory(WebSocketFactory):
    protocol = Socket


TOO_LARGE = json.dumps(
    {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": f"Request entity too large: limit is {LARGEST_BODY}",
        "reason": "RequestEntityTooLarge",
        "code": 413,
    }
).encode()
