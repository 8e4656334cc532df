"""Synchronisation: downloads what is new, and deletes on the server what need not stay there.

The order is what makes it safe. A message gets its final name when it is whole and on the disk;
only then is its unique-id remembered; and only when that is on the disk too is the message
deleted on the server. What is interrupted is done again: a message may come twice, none is lost.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

from mailproto._errors import CommandError, MailError
from mailproto._pop3_common import MessageInfo, Reply, Session
from mailproto._pop3_fetch import ReadAhead

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import timedelta

    from mailproto._pop3_common import Operation

    Keep: TypeAlias = Literal["all", "none"] | timedelta | Callable[[MessageInfo, float], bool]
    Progress: TypeAlias = Callable[["SyncProgress"], object]

__all__ = ["Delivery", "Seen", "Sink", "SyncProgress", "SyncReport", "synchronise"]


class Delivery(Protocol):
    """One message on its way into a sink."""

    def write(self, data: bytes, /) -> object:
        """Takes the next octets."""

    def commit(self) -> object:
        """The message is whole: puts it under its final name, and returns that name when the
        message would survive a power failure."""

    def abort(self) -> object:
        """The rest will not come: leaves no trace."""


class Sink(Protocol):
    """Where messages go. See `mailproto.stores` for Maildir, mbox and plain files."""

    def begin(self, message: MessageInfo, /) -> Delivery:
        """A message follows. There is one delivery at a time."""


class Seen(Protocol):
    """Which messages were fetched already. `mailproto.stores.UidlStore` is one."""

    def fetched_at(self, uid: str, /) -> float | None:
        """When the message was fetched, in seconds since 1970; `None` when it was not."""

    def add(self, uid: str, when: float, /) -> object:
        """The message was fetched and committed. To be written at once, so that it is known even
        if this process is killed."""

    def retain(self, uids: Iterable[str], now: float, /) -> object:
        """These are all that the server has: others may be forgotten, by and by."""

    def flush(self) -> object:
        """Returns when every message added would be remembered after a power failure."""


class SyncProgress:
    """How far a synchronisation is."""

    __slots__ = (
        "failure",
        "message",
        "messages",
        "octets",
        "stored_as",
        "total_messages",
        "total_octets",
    )

    def __init__(self, total_messages: int, total_octets: int) -> None:
        self.messages = 0
        """How many messages are done."""
        self.total_messages = total_messages
        """How many there will be."""
        self.octets = 0
        """How many octets have come."""
        self.total_octets = total_octets
        """How many there will be, by the sizes that the server tells."""
        self.message: MessageInfo | None = None
        """The message that comes now."""
        self.stored_as: str | None = None
        """Where it was stored; told once, when it is whole."""
        self.failure: MailError | None = None
        """Why it did not come; told once."""


class SyncReport:
    """What a synchronisation did."""

    __slots__ = ("deleted", "failed", "fetched", "left", "octets", "on_server")

    def __init__(self) -> None:
        self.on_server = 0
        """How many messages the server had."""
        self.fetched = 0
        """How many were new and are stored now."""
        self.octets = 0
        """Their length."""
        self.deleted = 0
        """How many are marked as deleted. The server removes them at QUIT."""
        self.left = 0
        """How many new messages remain, because of `limit` or `stop`."""
        self.failed: list[tuple[MessageInfo, MailError]] = []
        """What the server refused to give or to delete."""

    def __repr__(self) -> str:
        facts = [f"{name}={getattr(self, name)!r}" for name in sorted(self.__slots__)]
        return f"SyncReport({', '.join(facts)})"


def synchronise(
    session: Session,
    sink: Sink,
    *,
    keep: Keep,
    seen: Seen | None,
    limit: int | None,
    window: int,
    progress: Progress | None,
    stop: Callable[[], bool] | None,
) -> Operation[SyncReport]:
    """See `mailproto.pop3.Maildrop.sync`."""
    sync = Synchronisation(session, sink, seen, keep_rule(keep, seen))
    return (yield from sync.run(limit, window, progress or ignore, stop or never))


def ignore(progress: SyncProgress) -> None:
    """For who does not want to know."""


def never() -> bool:
    """For who does not want to stop."""
    return False


def keep_rule(keep: Keep, seen: Seen | None) -> Callable[[MessageInfo, float], bool]:
    """Tells of a message that was fetched at a time whether it stays on the server."""
    if callable(keep):
        return keep
    if keep == "all":
        return lambda message, fetched: True
    if keep == "none":
        return lambda message, fetched: False
    # Imported late, because few need it; whoever gives a timedelta has it already.
    from datetime import timedelta  # noqa: PLC0415

    if not isinstance(keep, timedelta):
        raise TypeError(f"keep must be 'all', 'none', a timedelta or a function, not {keep!r}")
    if seen is None:
        raise ValueError("to keep messages for a time, remember when they came: seen=UidlStore(…)")
    until = time.time() - keep.total_seconds()
    return lambda message, fetched: fetched > until


class Synchronisation:
    """One run."""

    def __init__(
        self,
        session: Session,
        sink: Sink,
        seen: Seen | None,
        keep: Callable[[MessageInfo, float], bool],
    ) -> None:
        self._session = session
        self._sink = sink
        self._seen = seen
        self._keep = keep
        self._fetched_at: dict[int, float] = {}
        self._report = SyncReport()

    def run(
        self, limit: int | None, window: int, progress: Progress, stop: Callable[[], bool]
    ) -> Operation[SyncReport]:
        """Lists, downloads, makes durable, deletes: in this order."""
        overview = yield from self._session.overview()
        listing = [MessageInfo(*message) for message in overview]
        self._report.on_server = len(listing)
        new = self._new(listing)
        wanted = new if limit is None else new[:limit]
        try:
            yield from self._download(wanted, window, progress, stop)
        finally:
            if self._seen is not None:
                self._seen.flush()
        self._report.left = len(new) - self._report.fetched - len(self._report.failed)
        yield from self._delete(listing)
        if self._seen is not None:
            self._seen.retain([message.uid for message in listing if message.uid], time.time())
        return self._report

    def _new(self, listing: list[MessageInfo]) -> list[MessageInfo]:
        if self._seen is None:
            return listing
        new = []
        for message in listing:
            if message.uid is None:
                raise CommandError("UIDL", "err", None, "without unique-ids nothing is remembered")
            fetched_at = self._seen.fetched_at(message.uid)
            if fetched_at is None:
                new.append(message)
            else:
                self._fetched_at[message.number] = fetched_at
        return new

    def _download(
        self, wanted: list[MessageInfo], window: int, tell: Progress, stop: Callable[[], bool]
    ) -> Operation[None]:
        total = sum(message.size for message in wanted)
        progress = SyncProgress(len(wanted), total)
        ahead = ReadAhead(self._session, wanted, window)
        try:
            while True:
                if stop():
                    ahead.stop()
                asked = ahead.next()
                if asked is None:
                    return
                yield from self._fetch(*asked, progress, tell)
        finally:
            ahead.close()

    def _fetch(
        self, message: MessageInfo, reply: Reply, progress: SyncProgress, tell: Progress
    ) -> Operation[None]:
        progress.message, progress.stored_as, progress.failure = message, None, None
        before = progress.octets
        try:
            stored_as = yield from self._store(message, reply, progress, tell)
        except CommandError as refusal:
            self._report.failed.append((message, refusal))
            progress.failure = refusal
        else:
            progress.stored_as = str(stored_as)
            self._remember(message)
            self._report.octets += progress.octets - before
        progress.messages += 1
        tell(progress)

    def _store(
        self, message: MessageInfo, reply: Reply, progress: SyncProgress, tell: Progress
    ) -> Operation[Any]:
        yield from self._session.begin(reply)
        delivery = self._sink.begin(message)
        whole = False
        try:
            for chunk in self._session.octets(reply):
                if chunk is None:
                    tell(progress)
                    yield None
                else:
                    delivery.write(chunk)
                    progress.octets += len(chunk)
            stored_as = delivery.commit()
            whole = True
            return stored_as
        finally:
            reply.abandon()
            if not whole:
                delivery.abort()

    def _remember(self, message: MessageInfo) -> None:
        now = time.time()
        self._fetched_at[message.number] = now
        self._report.fetched += 1
        if self._seen is not None and message.uid is not None:
            self._seen.add(message.uid, now)

    def _delete(self, listing: list[MessageInfo]) -> Operation[None]:
        fetched = self._fetched_at
        deletable = [
            message
            for message in listing
            if message.number in fetched and not self._keep(message, fetched[message.number])
        ]
        refusals = yield from self._session.delete_each([m.number for m in deletable])
        for message, refusal in zip(deletable, refusals, strict=True):
            if refusal is None:
                self._report.deleted += 1
            else:
                self._report.failed.append((message, refusal))
