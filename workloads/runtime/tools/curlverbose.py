"""What curl -v tells of a transfer, and whether it trusts who answers (TLS)."""

from workloads.runtime import certificates
from workloads.runtime.dialling import Dialled
from workloads.runtime.rawhttp import phrase
from workloads.runtime.server import date_of
from workloads.runtime.tools.curlrequest import Transfer, request_of

WRONG_VERSION = "OpenSSL/3.0.13: error:0A00010B:SSL routines::wrong version number"


def verbose(transfer: Transfer, found: Dialled) -> None:
    url, say = transfer.url, transfer.say
    if not found.address:
        say(f"* Could not resolve host: {url.host}\n* Closing connection\n")
        return
    if found.address != url.host:
        say(f"* Host {url.host}:{url.port} was resolved.\n* IPv6: (none)\n* IPv4: {found.address}\n")
    say(f"*   Trying {found.address}:{url.port}...\n")
    if not found.ok and found.reason != "wrong version number":
        say(f"* connect to {found.address} port {url.port} failed: {found.words}\n* Closing connection\n")
        return
    say(f"* Connected to {url.host} ({found.address}) port {url.port}\n")
    if url.scheme == "https" and not _handshake(transfer, found):
        return
    request = request_of(transfer.options, url, cookie=transfer.call.memory.get("cookie", ""))
    sent = "".join(f"> {name}: {value}\n" for name, value in request.headers)
    got = "".join(f"< {name}: {value}\n" for name, value in found.headers)
    say(f"> {request.method} {request.path} HTTP/1.1\n"
        f"{sent}> \n< HTTP/1.1 {found.status} {phrase(found.status)}\n{got}< \n"
        f"{{ [{len(found.body)} bytes data]\n* Connection #0 to host {url.host} left intact\n")  # fmt: skip


def _handshake(transfer: Transfer, found: Dialled) -> bool:
    """TLS as -v tells it. False: it ends there."""
    say = transfer.say
    say("* ALPN: curl offers h2,http/1.1\n* TLSv1.3 (OUT), TLS handshake, Client hello (1):\n")
    if not found.ok:
        say(f"* {WRONG_VERSION}\n* Closing connection\n")
        return False
    say("* TLSv1.3 (IN), TLS handshake, Server hello (2):\n* TLSv1.3 (IN), TLS handshake, Certificate (11):\n")
    why = distrusted(transfer, found)
    if why and "k" not in transfer.options:
        say(f"* TLSv1.3 (OUT), TLS alert, unknown CA (560):\n* {why}\n* Closing connection\n")
        return False
    say("* TLSv1.3 (IN), TLS handshake, Finished (20):\n* TLSv1.3 (OUT), TLS handshake, Finished (20):\n"
        "* SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384\n* ALPN: server accepted http/1.1\n")  # fmt: skip
    shown = certificates.read(found.certificate)
    if shown is not None:
        say(f"* Server certificate:\n*  subject: {shown.subject}\n*  start date: {shown.begins:%b %e %H:%M:%S %Y} GMT\n"
            f"*  expire date: {shown.ends:%b %e %H:%M:%S %Y} GMT\n*  issuer: {shown.issuer}\n")  # fmt: skip
    problem = why.removeprefix("SSL certificate problem: ")
    code = f" ({certificates.CODES[problem]})" if problem in certificates.CODES else ""
    say(f"*  SSL certificate verify result: {problem}{code}, continuing anyway.\n" if why
        else "*  SSL certificate verify ok.\n")  # fmt: skip
    return True


def distrusted(transfer: Transfer, found: Dialled) -> str:
    """Why the server's certificate is not good enough, as curl says it; no authority is known by itself."""
    call, options, url = transfer.call, transfer.options, transfer.url
    if url.scheme != "https":
        return ""
    if not found.certificate:  # nobody knows what was shown: it is what the one who gave --cacert expects
        return "" if "cacert" in options else f"SSL certificate problem: {certificates.UNKNOWN}"
    known = call.files.read(options.last("cacert")) if "cacert" in options else ""
    why = certificates.distrust(found.certificate, known or "", date_of(call.now))
    if why:
        return f"SSL certificate problem: {why}"
    shown = certificates.read(found.certificate)
    if shown is not None and not shown.covers(url.host):
        return f"SSL: no alternative certificate subject name matches target host name '{url.host}'"
    return ""
