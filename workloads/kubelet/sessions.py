"""exec, attach: what a client outside asks of a container, one message at a time (kubelet: streaming server, CRI).

A message says `do` (open, input, eof, resize, ack, ping, end), its session `s`, its number `q` among those that must
not be done twice, and `got`: how many pieces of output the client has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from clusters.kinds.body import Body, Key
from clusters.kinds.machine import hears_api
from clusters.kinds.octets import bytes_of, split, text_of
from clusters.reconcile.message import Handler, Message
from clusters.reconcile.view import View
from clusters.reconcile.writes import Reply, Update
from workloads.kubelet import disks, holding, running, shared
from workloads.kubelet.work import Work
from workloads.kubelet.writes import Writes
from workloads.runtime import console
from workloads.runtime import container as runtime

MOST = 100  # sessions in one cluster
TOO_MANY = f"this cluster has {MOST} open sessions already"
START = 'error executing command in container: failed to exec in container: failed to start exec "{id}": {why}'


def handle(message: Message, view: View) -> Writes:
    """One message of one session; a session that is not there any more is said to be gone."""
    work = _work(message, view)
    data = message.data
    if work is None:
        yield Reply(message.to, {"s": data["s"], "end": {"code": holding.KILLED}})
        return
    session = work.box.get("sessions", {}).get(data["s"])
    if session is None and data["do"] == "open":
        refused = _open(work, message)
        if refused:
            yield Reply(message.to, {"s": data["s"], "end": {"error": refused}})
            return
    elif session is None:
        if data["do"] != "end":
            yield Reply(message.to, {"s": data["s"], "end": {"code": holding.KILLED}})
        return
    else:
        _go_on(work, message, session)
    yield from _see(work, data)


def _see(work: Work, data: Body) -> Writes:
    """Let the container do at once what it can, tell what came of it, and keep it."""
    session = work.box["sessions"].get(data["s"])
    name = session["container"] if session else data.get("container", "")
    run = work.box["containers"].get(name, {}).get("run")
    if run is not None:
        if data.get("timeless"):
            run = console.fresh_allowance(run)
            work.set(name, run=run)
        due = runtime.due(run)
        if due is not None and due <= work.now:
            yield from running.advance(work, name)
    yield from holding.flush(work)
    box = work.box
    box["running"] = [key for key, container in box["containers"].items() if container.get("run") is not None]
    yield from disks.write(work)
    if box != work.old:
        yield Update("sandboxes", box, because=work.pod)


def _work(message: Message, view: View) -> Work | None:
    pod = view.get("pods", message.about)
    node = pod["spec"].get("nodeName") if pod else None
    machine = view.get("machines", Key("", node)) if node else None
    if pod is None or machine is None or not hears_api(machine):
        return None
    work = Work(pod, machine, view)
    if work.old is None:
        return None
    shared.catch_up(work)
    return work


def _open(work: Work, message: Message) -> str:
    """Begin the session; why not, in the kubelet's words."""
    data = message.data
    name = data["container"]
    run = work.box["containers"].get(name, {}).get("run")
    if run is None or not runtime.is_running(run):
        about = work.pod["metadata"]
        is_attach = data["kind"] == "attach"
        full = f"{about['name']}_{about['namespace']}"
        return f"container {name} not found in pod {full}" if is_attach else f'container not found ("{name}")'
    if sum(len(box.get("sessions", ())) for box in work.view.list("sandboxes")) >= MOST:
        return TOO_MANY
    session = {"kind": data["kind"], "container": name, "to": message.to, "q": data["q"], "given": 0}
    session |= {"told": -1, "base": 0, "sent": 0, "out": [], "rest": ""}
    if data["kind"] == "attach":
        run = console.tap(run, data["s"])
        session |= {"held": data["s"], "pid": 1, "stdin": bool(data.get("stdin"))}
    else:
        run, pid = console.begin(
            run, data["command"], work.now, stdin=bool(data.get("stdin")), tty=bool(data.get("tty"))
        )
        found = runtime.execution(run, pid)
        if found is not None and found.error:
            return START.format(id=data["s"], why=found.error)
        session |= {"held": str(pid), "pid": pid, "stdin": bool(data.get("stdin"))}
    work.set(name, run=run)
    holding.keep(work, data["s"], session)
    return ""


def _go_on(work: Work, message: Message, session: Body) -> None:
    data = message.data
    if data["do"] != "end" and data["q"] and data["q"] <= session["q"]:
        return  # done before the worker died that did it
    session = _confirmed({**session, "q": max(session["q"], data["q"]), "to": message.to}, data)
    holding.keep(work, data["s"], session)
    action = ACTIONS.get(data["do"])
    if action is not None:
        action(work, data, session)


def _confirmed(session: Body, data: Body) -> Body:
    """Without what the client has; at a ping it gets once more what it has not."""
    base = session["base"]
    got = min(max(data.get("got", base), base), session["sent"])
    kept = {**session, "base": got, "out": session["out"][got - base :]}
    if data["do"] == "ping" and (got < session["sent"] or session.get("ended")):
        return {**kept, "sent": got, "told": -1, "ended": False}
    return kept


def _input(work: Work, data: Body, session: Body) -> None:
    text = text_of(bytes_of(session["rest"]) + bytes_of(data["text"])) if session["rest"] else data["text"]
    whole, rest = split(text)
    _give(work, {**session, "rest": rest}, whole, data["s"])


def _give(work: Work, session: Body, text: str, name: str) -> None:
    run = holding.run_of(work, session)
    if run is not None and not session.get("end"):
        given = session["given"] + len(text)
        work.set(session["container"], run=console.give(run, session["pid"], text, work.now))
        holding.keep(work, name, {**session, "given": given})


def _eof(work: Work, data: Body, session: Body) -> None:
    if session["rest"]:
        _give(work, {**session, "rest": ""}, session["rest"], data["s"])
    run = holding.run_of(work, session)
    if run is not None and not session.get("end") and (session["kind"] == "exec" or _is_once(work, session)):
        work.set(session["container"], run=console.end_input(run, session["pid"], work.now))


def _resize(work: Work, data: Body, session: Body) -> None:
    run = holding.run_of(work, session)
    if run is not None and not session.get("end"):
        resized = console.resize(run, session["pid"], int(data["rows"]), int(data["columns"]), work.now)
        work.set(session["container"], run=resized)


def _end(work: Work, data: Body, session: Body) -> None:
    """The client has gone, or has all it wanted: a command that still runs is killed; a container goes on."""
    run = holding.run_of(work, session)
    holding.keep(work, data["s"], None)
    if run is None or session.get("end"):
        run = run if run is not None and session["kind"] == "exec" and session["held"] in run["execs"] else None
    if run is None:
        return
    if session["kind"] == "attach":
        run = console.untap(run, data["s"])
        if session["stdin"] and _is_once(work, session):
            run = console.end_input(run, 1, work.now)
    else:
        run = runtime.forget(run, session["pid"])
    work.set(session["container"], run=run)


def _is_once(work: Work, session: Body) -> bool:
    """stdinOnce: the container's stdin ends with the first client that was attached to it."""
    return any(spec["name"] == session["container"] and spec.get("stdinOnce") for spec in work.specs())


ACTIONS: Mapping[str, Callable[[Work, Body, Body], None]] = {
    "input": _input,
    "eof": _eof,
    "resize": _resize,
    "end": _end,
}


def who(key: Key, view: View) -> str:
    """The kubelet of the pod's node."""
    pod = view.get("pods", key)
    return f"kubelet/{pod['spec'].get('nodeName')}" if pod and pod["spec"].get("nodeName") else "kubelet"


HANDLER = Handler("session", handle, who)
