"""The control loop: one heap of keys in order of due time, each reconciled against what all earlier ones wrote."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from heapq import heappop, heappush

from clusters.admission.apply import DELETED, Change, apply
from clusters.kinds.body import Body, Key, key_of, revision_of
from clusters.kinds.problem import Status
from clusters.reconcile.batch import Entry, once_each, stamped
from clusters.reconcile.clock import SECOND, Time
from clusters.reconcile.component import Component, Controller, Mapper
from clusters.reconcile.controlplane import is_running, may_decide
from clusters.reconcile.events import recorded
from clusters.reconcile.listening import Listeners
from clusters.reconcile.live import LiveView
from clusters.reconcile.message import Handler, Message
from clusters.reconcile.objects import Objects
from clusters.reconcile.world import Due, World
from clusters.reconcile.writes import Create, Delete, Emit, LookAgain, Output, Reply, Update, Write

Failed = Callable[[str, Key, Exception], None]
Writes = Generator[Write, Body | Status | None, None]
NOBODY = -1  # the place in the heap of who is not in it
# what a component's failure costs it: the first wait, doubled each time up to the last (client-go's rate limiter)
RETRY_FIRST, RETRY_MOST = SECOND // 5, 60 * SECOND


class Loop:
    """Feeds changes to components and collects what they write. Knows neither database nor wall clock."""

    def __init__(self, world: World, revision: int = 0, failed: Failed | None = None) -> None:
        """`failed(component, key, error)` is told of a component that raises; without it the error goes on."""
        self.world = world
        self.objects = Objects()
        self.revision = revision
        self.entries: list[Entry] = []
        self.outputs: list[tuple[Output, Time]] = []
        self.replies: list[Reply] = []
        self.reached: Time = 0  # the due time of the last key that was looked at
        self._base = revision  # what the store holds; all above is only laid over
        self._batch: list[Entry] = []
        self._listeners = Listeners(world)
        self._patient = [component.patient for component in world.components]
        self._heap: list[tuple[Time, bool, int, int, Key]] = []
        self._due: dict[tuple[int, Key], Due] = {}
        self._failures: dict[tuple[int, Key], int] = {}
        self._ran: dict[tuple[int, Key], Due] = {}
        self._alive: dict[str, bool] = {}
        self._view = LiveView(world, self.objects)
        self._failed = failed or _raise

    # what comes from outside

    def load(self, bodies: Iterable[tuple[str, Key, Body]], now: Time) -> None:
        """Everything there is, at the start; each component looks at all its keys once."""
        for resource, key, body in bodies:
            self._set(resource, key, body)
        for index in range(len(self.world.components)):
            self._look_at_all(index, now)

    def take(self, op: str, resource: str, key: Key, body: Body, revision: int, at: Time) -> None:
        """A change that somebody else committed."""
        old = self._set(resource, key, None if op == DELETED else body)
        self._base = self.revision = max(self.revision, revision)
        self._notify(resource, None if op == DELETED else body, old, Due(at, 0, revision))

    def hear(self, message: Message, now: Time) -> None:
        """A message from outside: its handler writes as a component does. Nobody answers to a name we do not know."""
        handler = self.world.handlers.get(message.name)
        if handler is None:
            return
        component = _as_component(handler)
        due = Due(now, 0, 0)
        self._view.begin(component, message.about, due, None)
        try:
            self._carry_out(handler.handle(message, self._view), component, NOBODY, message.about, due)
        except Exception as error:
            self._failed(component.controller.name, message.about, error)
            self.replies.append(Reply(message.to, {**message.data, "failed": True}))

    # running

    def next_due(self) -> Time | None:
        """When there is something to do again; None when nothing is waited for."""
        while self._heap and not self._stands(self._heap[0]):
            heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def run(self, until: Time, enough: Callable[[int], bool]) -> None:
        """Reconcile all that is due up to `until`, in order, or less when `enough(writes so far)` says so."""
        while (due := self.next_due()) is not None and due <= until:
            *_, index, key = heappop(self._heap)
            entry = self._due.pop((index, key))
            self.reached = entry.time
            if self._is_alive(self.world.components[index]):
                self._reconcile(index, key, entry)
                if enough(len(self.entries)):
                    return

    def _reconcile(self, index: int, key: Key, due: Due) -> None:
        component = self.world.components[index]
        self._ran.setdefault((index, key), due)
        self._view.begin(component, key, due, self._listeners.caches[index])
        try:
            self._carry_out(component.reconcile(key, self._view), component, index, key, due)
            self._failures.pop((index, key), None)
        except Exception as error:
            self._failed(component.controller.name, key, error)
            times = self._failures.get((index, key), 0)
            self._failures[index, key] = times + 1
            wait = min(RETRY_FIRST << min(times, 16), RETRY_MOST)
            self._ask(index, key, Due(due.time + wait, 0, due.cause))

    def _carry_out(self, writes: Writes, component: Component, index: int, key: Key, due: Due) -> None:
        answer: Body | Status | None = None
        while True:
            try:
                write = writes.send(answer)
            except StopIteration:
                return
            answer = self._write(write, component, index, key, due)

    def _write(self, write: Write, component: Component, index: int, key: Key, due: Due) -> Body | Status | None:
        if isinstance(write, Reply):
            self.replies.append(write)
            return None
        if isinstance(write, LookAgain):
            assert index != NOBODY, "a handler is called once: it has no key to look at again"
            later = write.at > due.time
            self._ask(index, key, Due(write.at, 0, due.cause) if later else Due(due.time, due.round + 1, due.cause))
            return None
        if isinstance(write, Output):
            self.outputs.append((write, due.time))
            return None
        if isinstance(write, Emit):
            self._record(write, component, due)
            return None
        return self._apply(write, self._view.actor, due)

    def _record(self, event: Emit, component: Component, due: Due) -> None:
        """Nothing is said about what stands in a namespace that is being taken down: it would never be empty."""
        if not self._is_closing(event.about):
            source, _, host = self._view.actor.partition("/")
            told = self.objects.events_about(event.about["metadata"].get("uid", ""))
            change = recorded(event, component.controller.source or source, host, self._view, told)
            cause = revision_of(event.because) if event.because else due.cause
            self.commit(change, self._view.actor, cause, "", due)

    def _apply(self, write: Create | Update | Delete, actor: str, due: Due) -> Body | Status | None:
        change = apply(write, self._view, self.world.steps)
        if change is None:
            return self.objects.get(write.resource, key_of(write.body))
        if isinstance(change, Status):
            return change
        cause = revision_of(write.because) if write.because else due.cause
        return self.commit(change, actor, cause, write.why, due)

    def commit(self, change: Change, actor: str, cause: int, why: str, due: Due) -> Body:
        """Lay a change over the objects; it is durable once the batch that `drain` gives is stored."""
        new = change.new
        if change.kind.served:
            self.revision += 1
            new = stamped(new, self.revision)
            change = Change(change.op, change.kind, change.key, new, change.old)
        revision = self.revision if change.kind.served else 0
        self.entries.append(Entry(change, actor, cause, why, due.time, revision))
        after = None if change.op == DELETED else new
        old = self._set(change.kind.plural, change.key, after)
        self._notify(change.kind.plural, after, old, Due(due.time, due.round + 1, revision or cause))
        return new

    # a batch, as the store wants it

    def drain(self) -> list[Entry]:
        """What was written since the last drain, in order of revision; machine objects last, once each."""
        served = [entry for entry in self.entries if entry.change.kind.served]
        machine = once_each([entry for entry in self.entries if not entry.change.kind.served])
        for entry in machine:
            self.revision += 1
            entry.revision = self.revision
            new = stamped(entry.change.new, self.revision)
            entry.change = Change(entry.change.op, entry.change.kind, entry.change.key, new, entry.change.old)
            if entry.change.op != DELETED:
                self._set(entry.change.kind.plural, entry.change.key, new)
        self._batch = served + machine
        return self._batch

    def stored(self, shift: int = 0) -> None:
        """The batch is durable, `shift` revisions later than thought when the API wrote in between."""
        if shift:
            self._restamp(shift)
        self._base = self.revision
        self.entries, self.outputs, self.replies, self._batch = [], [], [], []
        self._ran.clear()

    def undo(self) -> None:
        """The batch was refused: forget what was laid over the objects, and look at the same keys again."""
        for entry in reversed(self.entries):
            self._set(entry.change.kind.plural, entry.change.key, entry.change.old)
        for (index, key), due in self._ran.items():
            self._ask(index, key, due)
        self.revision = self._base
        self.stored()

    def _restamp(self, shift: int) -> None:
        self.revision += shift
        for entry in self._batch:
            change = entry.change
            held = self.objects.get(change.kind.plural, change.key)
            if held is not None and revision_of(held) == entry.revision:
                self._set(change.kind.plural, change.key, stamped(held, entry.revision + shift))

    # the queue

    def _ask(self, index: int, key: Key, due: Due) -> None:
        known = self._due.get((index, key))
        if known is None or (due.time, due.round) < (known.time, known.round):
            self._due[index, key] = due
            heappush(self._heap, (due.time, self._patient[index], due.round, index, key))

    def _stands(self, item: tuple[Time, bool, int, int, Key]) -> bool:
        time, _, round_, index, key = item
        due = self._due.get((index, key))
        return due is not None and (due.time, due.round) == (time, round_)

    def _set(self, resource: str, key: Key, body: Body | None) -> Body | None:
        old = self.objects.put(resource, key, body)
        for index, cache in self._listeners.told.get(resource, ()):
            try:
                cache.changed(resource, body, old)
            except Exception as error:  # one odd object must not stop the others, slice after slice
                self._failed(self.world.components[index].controller.name, key, error)
        return old

    def _notify(self, resource: str, new: Body | None, old: Body | None, due: Due) -> None:
        if may_decide(resource, new or old):
            self._control_plane_changed(due)
        self._view.listen(due)
        for index, mapper in self._listeners.woken.get(resource, ()):
            self._view.cache = self._listeners.caches[index]
            for key in self._mapped(index, mapper, new, old):
                self._ask(index, key, due)
        self._view.resume()

    def _mapped(self, index: int, mapper: Mapper, new: Body | None, old: Body | None) -> Iterable[Key]:
        try:
            return list(mapper(new, old, self._view))
        except Exception as error:
            self._failed(self.world.components[index].controller.name, key_of(new or old or {}), error)
            return ()

    def _look_at_all(self, index: int, now: Time) -> None:
        """As new informers do: everything that the component watches is as if it had just come."""
        self._view.listen(Due(now, 0, 0))
        self._view.cache = self._listeners.caches[index]
        for resource, mapper in self._listeners.watched_by(index):
            for body in self.objects.list(resource):
                for key in self._mapped(index, mapper, body, None):
                    self._ask(index, key, Due(now, 0, revision_of(body)))  # all that is known of the cause
        self._view.resume()

    # what lives in kube-system decides what runs

    def _is_alive(self, component: Component) -> bool:
        part = component.runs_in
        if not part:
            return True
        if part not in self._alive:
            self._alive[part] = is_running(part, self.objects)
        return self._alive[part]

    def _control_plane_changed(self, due: Due) -> None:
        before, self._alive = self._alive, {}
        for index, component in enumerate(self.world.components):
            if before.get(component.runs_in) is False and self._is_alive(component):
                # it starts as a new process does: it lists everything and looks at each key
                self._look_at_all(index, due.time)

    def _is_closing(self, about: Body) -> bool:
        namespace = about["metadata"].get("namespace")
        found = self.objects.get("namespaces", Key("", namespace)) if namespace else None
        return bool(found and found["metadata"].get("deletionTimestamp"))


def _as_component(handler: Handler) -> Component:
    return Component(Controller(handler.name, primary="", actor=handler.actor), lambda _key, _view: _nothing())


def _nothing() -> Writes:
    yield from ()


def _raise(_component: str, _key: Key, error: Exception) -> None:
    raise error
