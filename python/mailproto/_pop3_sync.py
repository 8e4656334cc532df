"""Synchronisation: downloads what is new, and deletes on the server what need not stay there.

The order is what makes it safe. A message gets its final name when it is whole and on the disk;
only then is its unique-id remembered; and only when that is on the disk too is the message
deleted on the server. What is interrupted is done again: a message may come twice, none is lost.
"""

from __future__ import annotations

import time
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias, cast

from mailproto._errors import CommandError, MailError
from mailproto._pop3_common import MessageInfo, Reply, Session
from mailproto._pop3_fetch import ReadAhead

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import timedelta

    from mailproto._pop3_common import Octets, Operation, Stream

    Keep: TypeAlias = Literal["all", "none"] | timedelta | Callable[[MessageInfo, float], bool]
    Progress: TypeAlias = Callable[["SyncProgress"], object]

# How many whole messages may wait to be committed together. As many may come twice after a kill,
# or where the sink has a writer those that are in its batches.
COMMIT_MESSAGES = 32
# Longer messages are not gathered in memory for a writer.
WHOLE_OCTETS = 1 << 18

__all__ = ["Delivery", "Seen", "Sink", "SyncProgress", "SyncReport", "Writer", "synchronise"]


class Delivery(Protocol):
    """One message on its way into a sink."""

    def write(self, data: bytes | memoryview, /) -> object:
        """Takes the next octets."""

    def commit(self) -> object:
        """The message is whole: puts it under its final name, and returns that name when the
        message would survive a power failure."""

    def abort(self) -> object:
        """The rest will not come: leaves no trace."""


class Sink(Protocol):
    """Where messages go. See `mailproto.stores` for Maildir, mbox and plain files."""

    def begin(self, message: MessageInfo, /) -> Delivery:
        """A message follows. Earlier ones may be whole and not committed yet.

        A sink may have a method `commit_all(deliveries)` besides, which commits them in their
        order and returns the list of names: many at a time can be made durable faster. It may
        have a method `writer()`, which returns a `Writer` for the shorter messages.
        """
        ...


class Writer(Protocol):
    """Stores whole messages, in batches, while the next ones come."""

    def add(self, octets: list[Octets], /) -> bool:
        """Takes a message in pieces; returns whether there is something for `settled`."""
        ...

    def push(self) -> bool:
        """It would be waited for the network now: begins to store. Returns what `add` does."""
        ...

    def settled(self) -> list[str]:
        """The names of what is durable since the last call, in the order of `add`."""
        ...

    def flush(self) -> None:
        """Returns when every message is durable, or fails when nothing is under way any more."""

    def abort(self) -> None:
        """Forgets what is not under way; waits for what is."""


class Seen(Protocol):
    """Which messages were fetched already. `mailproto.stores.UidlStore` is one."""

    def fetched_at(self, uid: str, /) -> float | None:
        """When the message was fetched, in seconds since 1970; `None` when it was not."""

    def add(self, uid: str, when: float, /) -> object:
        """The message was fetched and committed. To be written at once, so that it is known even
        if this process is killed. There may be a method `add_many(uids, when)` besides."""

    def retain(self, uids: Iterable[str], now: float, /) -> object:
        """These are all that the server has: others may be forgotten, by and by."""

    def flush(self) -> object:
        """Returns when every message added would be remembered after a power failure."""


class SyncProgress:
    """How far a synchronisation is."""

    __slots__ = {  # noqa: RUF023 (in the order of reading: help() shows it)
        "messages": "How many messages are done.",
        "total_messages": "How many there will be.",
        "octets": "How many octets have come.",
        "total_octets": "How many there will be, by the sizes that the server tells.",
        "message": "The message that comes now, or that is told of below.",
        "stored_as": "Where it was stored; told once, when it is safe.",
        "failure": "Why it did not come; told once.",
    }

    def __init__(self, total_messages: int, total_octets: int) -> None:
        self.messages = 0
        self.total_messages = total_messages
        self.octets = 0
        self.total_octets = total_octets
        self.message: MessageInfo | None = None
        self.stored_as: str | None = None
        self.failure: MailError | None = None


class SyncReport:
    """What a synchronisation did."""

    __slots__ = {  # noqa: RUF023 (in the order of reading: help() shows it)
        "on_server": "How many messages the server had.",
        "fetched": "How many were new and are stored now.",
        "octets": "Their length.",
        "deleted": "How many are marked as deleted. The server removes them at QUIT.",
        "left": "How many new messages remain, because of `limit` or `stop`.",
        "failed": "What the server refused to give or to delete: pairs of message and error.",
    }

    def __init__(self) -> None:
        self.on_server = 0
        self.fetched = 0
        self.octets = 0
        self.deleted = 0
        self.left = 0
        self.failed: list[tuple[MessageInfo, MailError]] = []

    def __repr__(self) -> str:
        facts = [f"{name}={getattr(self, name)!r}" for name in self.__slots__]
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


def if_possible(tell: Progress) -> Progress:
    """Tells it, but it does not matter if that fails."""

    def try_to_tell(progress: SyncProgress) -> None:
        with suppress(Exception):
            tell(progress)

    return try_to_tell


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

    # Not everybody checks types.
    if not isinstance(cast("object", keep), timedelta):
        raise TypeError(f"keep must be 'all', 'none', a timedelta or a function, not {keep!r}")
    if seen is None:
        raise ValueError("to keep messages for a time, remember when they came: seen=UidlStore(…)")
    until = time.time() - keep.total_seconds()
    return lambda message, fetched: fetched > until


def commit_all(sink: Sink, deliveries: list[Delivery]) -> list[str]:
    """Commits them, in the sink's own way where it has one."""
    together: Callable[[list[Delivery]], list[object]] | None = getattr(sink, "commit_all", None)
    if together is not None:
        return list(map(str, together(deliveries)))
    return [str(delivery.commit()) for delivery in deliveries]


def add_all(seen: Seen, uids: list[str], when: float) -> None:
    """Remembers them, in the memory's own way where it has one."""
    together: Callable[[list[str], float], object] | None = getattr(seen, "add_many", None)
    if together is not None:
        together(uids, when)
        return
    for uid in uids:
        seen.add(uid, when)


def new_writer(sink: Sink) -> Writer | None:
    """The sink's writer, where it has one."""
    make: Callable[[], Writer] | None = getattr(sink, "writer", None)
    return None if make is None else make()


def repeated(uids: Iterable[str | None]) -> set[str]:
    """Those that stand there more than once."""
    once: set[str] = set()
    more: set[str] = set()
    for uid in uids:
        if uid is not None:
            (more if uid in once else once).add(uid)
    return more


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
        # Unique-ids that several messages have, against RFC 1939 §7: they name none of them.
        self._ambiguous: set[str] = set()
        self._report = SyncReport()
        # Whole messages that were not committed yet, and their octets.
        self._whole: list[tuple[MessageInfo, int]] = []
        self._deliveries: list[Delivery] = []
        # Shorter messages go to the writer, if there is one; these are on their way through it.
        self._writer = new_writer(sink)
        self._written: deque[tuple[MessageInfo, int]] = deque()

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
        self._ambiguous = repeated(message.uid for message in listing)
        new: list[MessageInfo] = []
        for message in listing:
            if message.uid is None:
                raise CommandError("UIDL", "err", None, "without unique-ids nothing is remembered")
            ambiguous = message.uid in self._ambiguous
            fetched_at = None if ambiguous else self._seen.fetched_at(message.uid)
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
                    break
                if not self._take_whole(*asked, progress, tell):
                    yield from self._fetch(*asked, progress, tell)
            self._finish(progress, tell)
        except BaseException:
            # What is whole is not thrown away for an error behind it.
            with suppress(OSError):
                self._finish(progress, if_possible(tell))
            raise
        finally:
            ahead.close()

    def _take_whole(
        self, message: MessageInfo, reply: Reply, progress: SyncProgress, tell: Progress
    ) -> bool:
        """Gives a message that is there already to the writer: the short way that most go."""
        completed = reply.completed
        if completed is None or self._writer is None or completed.status != "ok":
            return False
        octets = sum(map(len, reply.chunks))
        if octets > WHOLE_OCTETS or reply.spool is not None:
            return False
        progress.message = message
        progress.octets += octets
        self._write(message, reply.chunks, octets, progress, tell)
        return True

    def _write(
        self,
        message: MessageInfo,
        pieces: list[Octets],
        octets: int,
        progress: SyncProgress,
        tell: Progress,
    ) -> None:
        assert self._writer is not None  # noqa: S101
        self._written.append((message, octets))
        if self._writer.add(pieces):
            self._settle(progress, tell)

    def _fetch(
        self, message: MessageInfo, reply: Reply, progress: SyncProgress, tell: Progress
    ) -> Operation[None]:
        if reply.completed is None or len(self._whole) >= COMMIT_MESSAGES:
            # Time that would be spent waiting.
            self._commit(progress, tell)
            self._before_waiting(progress, tell)
        progress.message = message
        try:
            yield from self._receive(message, reply, progress, tell)
        except CommandError as refusal:
            self._report.failed.append((message, refusal))
            progress.failure = refusal
            progress.messages += 1
            tell(progress)
            progress.failure = None
        finally:
            reply.abandon()

    def _receive(
        self, message: MessageInfo, reply: Reply, progress: SyncProgress, tell: Progress
    ) -> Operation[None]:
        """Waits for a message and gathers it for the writer, or stores it as it comes."""
        yield from self._session.begin(reply)
        incoming = self._session.octets(reply)
        gathered: list[Octets] = []
        octets, most = 0, WHOLE_OCTETS if self._writer is not None else -1
        for chunk in incoming:
            if chunk is None:
                self._before_waiting(progress, tell)
                yield None
                continue
            gathered.append(chunk)
            octets += len(chunk)
            progress.octets += len(chunk)
            if octets > most:
                break
        else:
            if self._writer is not None:
                self._write(message, gathered, octets, progress, tell)
                return
        yield from self._store(message, gathered, incoming, progress, tell)

    def _store(
        self,
        message: MessageInfo,
        gathered: list[Octets],
        incoming: Stream[Octets],
        progress: SyncProgress,
        tell: Progress,
    ) -> Operation[None]:
        """Stores a message of which a part has come, and the rest as it comes."""
        delivery = self._sink.begin(message)
        octets, whole = 0, False
        try:
            for piece in gathered:
                delivery.write(piece)
                octets += len(piece)
            gathered.clear()
            for chunk in incoming:
                if chunk is None:
                    self._before_waiting(progress, tell)
                    yield None
                else:
                    delivery.write(chunk)
                    octets += len(chunk)
                    progress.octets += len(chunk)
            whole = True
        finally:
            if not whole:
                delivery.abort()
        self._whole.append((message, octets))
        self._deliveries.append(delivery)

    def _before_waiting(self, progress: SyncProgress, tell: Progress) -> None:
        tell(progress)
        if self._writer is not None and self._writer.push():
            self._settle(progress, tell)

    def _finish(self, progress: SyncProgress, tell: Progress) -> None:
        """Makes everything durable that is whole."""
        try:
            if self._writer is not None:
                self._writer.flush()
        finally:
            self._settle(progress, tell)
            self._commit(progress, tell)

    def _settle(self, progress: SyncProgress, tell: Progress) -> None:
        """Remembers what the writer has stored."""
        names = [] if self._writer is None else self._writer.settled()
        if names:
            written = self._written
            self._note([written.popleft() for _ in names], names, progress, tell)

    def _commit(self, progress: SyncProgress, tell: Progress) -> None:
        """Commits what was stored as it came, and only then remembers it."""
        whole, deliveries = self._whole, self._deliveries
        if not whole:
            return
        self._whole, self._deliveries = [], []
        try:
            names = commit_all(self._sink, deliveries)
        except BaseException:
            for delivery in deliveries:
                delivery.abort()
            raise
        self._note(whole, names, progress, tell)

    def _note(
        self,
        stored: list[tuple[MessageInfo, int]],
        names: list[str],
        progress: SyncProgress,
        tell: Progress,
    ) -> None:
        """These are durable now: remembers it, then tells."""
        now = time.time()
        for message, octets in stored:
            self._fetched_at[message.number] = now
            self._report.octets += octets
        self._report.fetched += len(stored)
        if self._seen is not None:
            uids = [message.uid for message, _ in stored if message.uid is not None]
            add_all(self._seen, [uid for uid in uids if uid not in self._ambiguous], now)
        coming = progress.message
        for (message, _), name in zip(stored, names, strict=True):
            progress.message, progress.stored_as = message, name
            progress.messages += 1
            tell(progress)
        progress.message, progress.stored_as = coming, None

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
