"""What sessions (exec, attach) hold of a pod's containers: output on its way to clients, and how much may be on it.

A session is data in the sandbox: `out` is what its client has not confirmed yet, from piece `base` on; `sent` is the
number of the next piece. So a new worker goes on where another died, and what was lost on the way is sent again.
"""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds.body import Body
from clusters.reconcile.writes import Reply
from workloads.kubelet.work import Work
from workloads.runtime import console
from workloads.runtime import container as runtime

WINDOW = 128 * 1024  # characters on their way to one client; the rest waits in the container
STEP = 16 * 1024  # so much of its input has to be read before the client is told
KILLED = 137
LAGGED = "the client reads too slowly: output was lost"


def flush(work: Work) -> Iterator[Reply]:
    """Send what has come since, as far as the windows reach."""
    for name, session in list(work.box.get("sessions", {}).items()):
        collected = session if session.get("end") else _collect(work, session)
        reply = _news(name, collected, _consumed(work, collected))
        if reply:
            sent = collected["base"] + len(collected["out"])
            collected = {**collected, "sent": sent, "told": reply["in"], "ended": "end" in reply}
            yield Reply(collected["to"], reply)
        if collected is not session:
            keep(work, name, collected)


def last(work: Work, container: str) -> None:
    """The container's run ends: whatever it still holds for sessions is taken out of it."""
    for name, session in list(work.box.get("sessions", {}).items()):
        if session["container"] == container and not session.get("end"):
            collected = _collect(work, session, everything=True)
            code = 0 if session["kind"] == "attach" else KILLED
            keep(work, name, {"end": {"code": code}, **collected})


def keep(work: Work, name: str, session: Body | None) -> None:
    """Put it into the sandbox; None: take it out."""
    others = {key: held for key, held in work.box.get("sessions", {}).items() if key != name}
    work.box["sessions"] = {**others, name: session} if session is not None else others


def run_of(work: Work, session: Body) -> Body | None:
    found: Body | None = work.box["containers"].get(session["container"], {}).get("run")
    return found


def _collect(work: Work, session: Body, *, everything: bool = False) -> Body:
    """With what the container has for it now, and its end when that is all."""
    run = run_of(work, session)
    is_attached = session["kind"] == "attach"
    shelf = (run or {}).get("taps" if is_attached else "execs", {})
    if run is None or session["held"] not in shelf:
        return {**session, "end": {"code": KILLED}}
    room = WINDOW - sum(len(text) for _, text in session["out"])
    most = 1 << 40 if everything else room
    if most > 0:
        take = console.tapped(run, session["held"], most) if is_attached else console.taken(run, session["pid"], most)
        if take[1]:
            run = take[0]
            work.set(session["container"], run=run)
            session = {**session, "out": [*session["out"], *([stream, text] for stream, text in take[1])]}
    return session if is_attached else _finished(run, session)


def _finished(run: Body, session: Body) -> Body:
    found = runtime.execution(run, session["pid"])
    if found is None or run["execs"][session["held"]]["output"]:
        return session
    return {**session, "end": {"error": found.error} if found.error else {"code": found.code}}


def _consumed(work: Work, session: Body) -> int:
    """How many characters of the client's input have been read."""
    given: int = session["given"]
    run = run_of(work, session)
    if session.get("end") or run is None:
        return given
    left = given - console.unread(run, session["pid"])
    is_news = left - session["told"] >= STEP or (left == given and left > session["told"])
    return left if is_news else max(session["told"], 0)


def _news(name: str, session: Body, consumed: int) -> Body | None:
    fresh = session["out"][session["sent"] - session["base"] :]
    is_lost = any(stream == 0 for stream, _ in fresh)
    end = {"error": LAGGED} if is_lost else session.get("end")
    if not fresh and consumed == session["told"] and (end is None or session.get("ended")):
        return None
    return {"s": name, "n": session["sent"], "out": fresh, "in": consumed, **({"end": end} if end else {})}
