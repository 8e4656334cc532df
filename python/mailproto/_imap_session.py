"""IMAP sessions without I/O: what the blocking and the asyncio client have in common.

Everything that waits is a generator, as in `_pop3_common`. What it yields is a *step*, for the
driver: `None` to send what is to be sent and to receive once; a number, the same, but for so many
seconds at most and without complaint; `SEND` to send only; `START_TLS` to make the handshake. A
*stream* also yields its items. So each command is written once, and a driver is a loop.

Untagged data do not say whom they are for (RFC 9051 §7). `Session` gives each to the oldest
command in flight that asked for such data, of that message: the others were not asked for. They
are never merged into anybody's result but kept for `events()` and for who watches the mailbox.
Who loses interest in a reply abandons it, and the session goes on: a loop left early or a
cancelled task breaks nothing.
"""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

from mailproto._errors import (
    CommandError,
    ConnectionLost,
    LimitExceeded,
    PipelineFull,
    SecurityError,
    ServerUnavailable,
    WrongState,
    imap_error,
)
from mailproto.sansio.imap import (
    BodyData,
    BodyEnd,
    BodyStart,
    Bye,
    Capabilities,
    Challenge,
    Client,
    Completed,
    Continuation,
    Enabled,
    Esearch,
    Exists,
    Expunge,
    Fetch,
    Greeting,
    Id,
    IdleDue,
    Idling,
    Oversize,
    Quirk,
    Recent,
    Status,
    Upload,
    Vanished,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Iterator, Mapping
    from typing import TypeAlias

    from mailproto._errors import LocalProtocolError
    from mailproto._imap_compress import Deflate
    from mailproto._imap_login import Login
    from mailproto.sansio.imap import Event, UidSet

    T = TypeVar("T")
    R = TypeVar("R", bound="Reply")
    Octets: TypeAlias = bytes | memoryview
    Tls: TypeAlias = Literal["implicit", "starttls", "insecure"]
    Step: TypeAlias = float | Literal["start-tls", "send"] | None
    Operation: TypeAlias = Generator[Step, None, T]
    Stream: TypeAlias = Generator[T | Step, None, None]
    Trace: TypeAlias = Callable[[bytes | None, Event | None], object]

__all__ = [
    "PORTS",
    "SEND",
    "START_TLS",
    "BodyReply",
    "FetchReply",
    "Operation",
    "Reply",
    "Selection",
    "Session",
    "Step",
    "Stream",
    "Tls",
    "Trace",
    "client_identity",
    "new_session",
]

START_TLS: Literal["start-tls"] = "start-tls"
SEND: Literal["send"] = "send"

SECURITY: dict[Tls, Literal["private", "starttls-required", "danger-cleartext"]] = {
    "implicit": "private",
    "starttls": "starttls-required",
    "insecure": "danger-cleartext",
}
PORTS = {"implicit": 993, "starttls": 143, "insecure": 143}
# What of a body that nobody reads yet is kept in memory, before a temporary file takes it.
SPOOL_OCTETS = 1 << 20
# The largest command: what the engine's outgoing buffer holds.
OUTGOING_OCTETS = 1 << 16
# The longest answer to SEARCH: the UIDs of some million messages. More ends the session, since
# a part of them would pass for all.
LISTING_OCTETS = 1 << 25
# How long others' commands are waited for before IDLE, until it is looked again.
IDLE_AGAIN_SECONDS = 0.2
# How many events that belong to no command are kept for who asks for them.
UNSOLICITED = 4096

# What tells of changes in the selected mailbox.
CHANGES = frozenset({Exists, Expunge, Vanished, Fetch})
# What is the session's own business.
INTERNAL = frozenset(
    {Capabilities, Challenge, Continuation, Enabled, IdleDue, Oversize, Quirk, Recent}
)
# The items of a FETCH that a server may send unasked, as bits of `Fetch.present`.
UID, FLAGS, MOD_SEQ = 1, 2, 4
UNASKED = UID | FLAGS | MOD_SEQ


class Reply:
    """What has come in answer to one command.

    `wants` are the types of untagged data that the command asks for, `codes` the response codes
    of untagged status responses that belong to it, and `selection` the mailbox that must still be
    selected when it is given.
    """

    __slots__ = ("abandoned", "codes", "completed", "items", "selection", "upload", "wants")

    def __init__(
        self,
        wants: Collection[type] = (),
        codes: Collection[str] = (),
        selection: Selection | None = None,
    ) -> None:
        self.wants = wants
        self.codes = codes
        self.selection = selection
        self.items: list[Any] = []
        self.completed: Completed | None = None
        self.abandoned = False
        # How many octets of a message the server awaits.
        self.upload: int | None = None

    def abandon(self) -> None:
        """Nobody wants the rest: it is dropped when it comes."""
        self.abandoned = True
        self.items = []

    def takes(self, event: Event) -> bool:
        """Whether untagged data may be an answer to this command."""
        if type(event) is Status:
            return event.code is not None and event.code.name in self.codes
        return type(event) in self.wants

    def take(self, event: Event) -> None:
        """Takes an answer."""
        if not self.abandoned:
            self.items.append(event)

    def check(self) -> Completed:
        """The completion, which must have come, or the exception that a refusal means."""
        completed = self.completed
        if completed is None:
            raise RuntimeError("the reply has not come yet")
        if completed.status != "ok":
            raise refusal(completed)
        return completed


class FetchReply(Reply):
    """What has come in answer to a FETCH: responses, in `arrived`.

    A response is an answer when it is of a message that was asked for and carries what was asked
    for: what a server tells unasked is flags at most (RFC 9051 §7.5.2). Where nothing but flags
    was asked for, the first response that has all of it answers.
    """

    __slots__ = ("answered", "arrived", "essential", "needs", "pieces", "sections", "uids")

    def __init__(
        self, uids: UidSet, needs: int, sections: Collection[str], selection: Selection
    ) -> None:
        super().__init__(selection=selection)
        self.uids = uids
        self.needs = needs
        self.essential = needs & ~UNASKED
        self.sections = sections
        self.arrived: deque[Fetch | Letter] = deque()
        self.answered: set[int] = set()
        # Large sections of the message that is coming.
        self.pieces: list[Piece] = []

    def abandon(self) -> None:
        super().abandon()
        self.arrived.clear()
        self.drop_pieces()

    def drop_pieces(self) -> None:
        """Forgets the sections that have come of a message that has not come whole."""
        for piece in self.pieces:
            piece.close()
        self.pieces = []

    def answers(self, event: Fetch) -> bool:
        """Whether a response is an answer to this command."""
        uid = event.uid
        if uid is None or uid not in self.uids:
            return False
        if self.essential:
            return bool(event.present & ~UNASKED) or self.has_sections()
        if event.present & self.needs != self.needs or uid in self.answered:
            return False
        self.answered.add(uid)
        return True

    def take(self, event: Event) -> None:
        if type(event) is not Fetch:
            super().take(event)
        elif self.abandoned:
            self.drop_pieces()
        elif self.pieces:
            pieces, self.pieces = self.pieces, []
            self.arrived.append(Letter(event, pieces))
        else:
            self.arrived.append(event)

    def has_sections(self) -> bool:
        """Whether large sections, which no FETCH event holds, came with the response at hand."""
        return bool(self.pieces)

    def begins(self, event: BodyStart) -> bool:
        """Whether a section that begins to come was asked for by this command."""
        named = event.uid is None or event.uid in self.uids
        return named and section_name(event) in self.sections

    def piece(self, event: BodyStart) -> Piece:
        """Where the octets of a section go."""
        piece = Piece(section_name(event))
        if not self.abandoned:
            self.pieces.append(piece)
        else:
            piece.close()
        return piece

    def set_aside(self) -> None:
        """Before others wait: what has come must not fill the memory. A window bounds it here."""


class RawReply(Reply):
    """What has come in answer to a command that is not known here: all that comes meanwhile."""

    __slots__ = ()

    def takes(self, event: Event) -> bool:
        return type(event) not in CHANGES and type(event) not in INTERNAL

    def answers(self, event: Fetch) -> bool:
        """Whether a FETCH response may be an answer to this command."""
        return True

    def begins(self, event: BodyStart) -> bool:
        """Whether a section may be an answer to this command."""
        return True

    def piece(self, event: BodyStart) -> Piece:
        """Where the octets of a section go: among the others, as events."""
        self.take(event)
        return RawPiece(self)

    def drop_pieces(self) -> None:
        """There are none apart."""

    def set_aside(self) -> None:
        """There is nothing apart."""


class BodyReply(FetchReply):
    """What has come in answer to a FETCH of one section, to be read as it comes."""

    __slots__ = ("stream",)

    def __init__(
        self, uids: UidSet, needs: int, sections: Collection[str], selection: Selection
    ) -> None:
        super().__init__(uids, needs, sections, selection)
        self.stream: Piece | None = None

    def abandon(self) -> None:
        super().abandon()
        if self.stream is not None:
            self.stream.close()

    def piece(self, event: BodyStart) -> Piece:
        piece = Piece(section_name(event), keep=True)
        if self.abandoned:
            piece.close()
        elif self.stream is None:
            self.stream = piece
        return piece

    def take(self, event: Event) -> None:
        if not self.abandoned and type(event) is Fetch:
            self.arrived.append(event)

    def has_sections(self) -> bool:
        return self.stream is not None

    def set_aside(self) -> None:
        if self.stream is not None:
            self.stream.set_aside()


def section_name(event: BodyStart) -> str:
    """A section as the keys of `Fetch.bodies` have it."""
    return f"BINARY[{event.section}]" if event.binary else event.section


class Piece:
    """The octets of a large section, in memory as long as they are few, else in a temporary file.
    With `keep` they stay in memory until `set_aside`, because somebody reads them meanwhile."""

    __slots__ = ("chunks", "closed", "ended", "keep", "octets", "section", "spool")

    def __init__(self, section: str, *, keep: bool = False) -> None:
        self.section = section
        self.keep = keep
        self.chunks: list[Octets] = []
        self.octets = 0
        self.ended = False
        self.closed = False
        self.spool: IO[bytes] | None = None

    def end(self) -> None:
        """All octets have come."""
        self.ended = True

    def add(self, data: memoryview) -> None:
        """Takes the next octets."""
        if self.closed:
            return
        if self.keep:
            self.chunks.append(data)
            return
        # Copied: a view would keep alive all that was received with it.
        self.chunks.append(bytes(data))
        self.octets += len(data)
        if self.octets > SPOOL_OCTETS:
            self._spill()

    def take(self) -> Iterator[Octets]:
        """The octets that have come and were not taken yet."""
        spool, self.spool = self.spool, None
        if spool is not None:
            with spool:
                spool.seek(0)
                while octets := spool.read(1 << 16):
                    yield octets
        chunks, self.chunks = self.chunks, []
        yield from chunks

    def read_again(self) -> Iterator[bytes]:
        """All octets of a section that came whole, any number of times."""
        if self.spool is not None:
            self.spool.seek(0)
            while octets := self.spool.read(1 << 16):
                yield octets
        yield from map(bytes, self.chunks)

    def set_aside(self) -> None:
        """Moves what nobody has read yet out of memory, where it is much."""
        if self.spool is not None or sum(map(len, self.chunks)) > SPOOL_OCTETS:
            self._spill()

    def close(self) -> None:
        """Nobody wants the octets."""
        self.closed = True
        self.chunks = []
        if self.spool is not None:
            self.spool.close()
            self.spool = None

    def __del__(self) -> None:
        self.close()

    def _spill(self) -> None:
        if self.spool is None:
            # Imported late: it takes time, and few need it.
            import tempfile  # noqa: PLC0415

            self.spool = tempfile.TemporaryFile()  # noqa: SIM115
        for chunk in self.chunks:
            self.spool.write(chunk)
        self.chunks = []
        self.octets = 0


class RawPiece(Piece):
    """The octets of a section, as events."""

    __slots__ = ("reply",)

    def __init__(self, reply: RawReply) -> None:
        super().__init__("")
        self.reply = reply

    def add(self, data: memoryview) -> None:
        self.reply.take(BodyData(bytes(data)))

    def end(self) -> None:
        self.reply.take(BodyEnd())


class Letter:
    """A FETCH response of which some sections were too large for `Fetch.bodies`."""

    __slots__ = ("fetch", "pieces")

    def __init__(self, fetch: Fetch, pieces: list[Piece]) -> None:
        self.fetch = fetch
        self.pieces = pieces


class Selection:
    """A mailbox while it is selected."""

    __slots__ = ("changes", "counts", "flags", "name", "permanent_flags", "readonly")

    def __init__(self, name: str, *, readonly: bool) -> None:
        self.name = name
        self.readonly = readonly
        self.flags: frozenset[str] = frozenset()
        self.permanent_flags: frozenset[str] | None = None
        # Whether the server counts changes in it (RFC 7162 §3.1.2.2).
        self.counts = True
        # What happened in it, for those who watch.
        self.changes: list[deque[Event]] = []


class Session:
    """The commands of one connection."""

    def __init__(self, client: Client, trace: Trace | None = None) -> None:
        self.client = client
        self.trace = trace
        self.greeting: Greeting | None = None
        self.bye: Bye | None = None
        self.selection: Selection | None = None
        self.unsolicited: deque[Event] = deque(maxlen=UNSOLICITED)
        # Why the connection cannot go on although both ends are well.
        self.broken: str | None = None
        self._replies: dict[str, Reply] = {}
        self._fetches: list[FetchReply | RawReply] = []
        self._piece: Piece | None = None
        self._idle: Idle | None = None
        # How many wait until they may give a command.
        self._queuing = 0
        self._leaving = False
        self._deflate: Deflate | None = None

    # The driver's side.

    def to_send(self) -> bytes:
        """What is to be sent now."""
        data = self.client.data_to_send()
        if data and self.trace is not None:
            self.trace(data, None)
        if self._deflate is not None and data:
            return self._deflate.compress(data)
        return data

    def received(self, data: bytes) -> None:
        """Takes what the server sent; empty when it has hung up."""
        if self._deflate is not None:
            self._deflate.feed(data)
            self.resume()
            while not data and self.resume():
                pass
        elif data:
            self.client.receive_data(data)
            self.absorb()
        if not data:
            self._hung_up()

    def resume(self) -> bool:
        """Takes more of what was received before and had no room when it was inflated; returns
        whether there was any."""
        plain = self._deflate.inflate() if self._deflate is not None else b""
        if plain:
            self.client.receive_data(plain)
            self.absorb()
        return bool(plain)

    def _hung_up(self) -> None:
        if self.bye is not None:
            raise self.farewell()
        if self.greeting is not None and not self._replies:
            raise ConnectionLost("the server closed the connection")
        raise ConnectionLost("the server hung up in mid-session", self.client.bytes_received)

    def farewell(self) -> ConnectionLost:
        """The exception that BYE means (RFC 9051 §7.1.5)."""
        words = self.bye.text if self.bye is not None else ""
        offset = self.client.bytes_received
        return ConnectionLost(f"the server closes the connection: {words}", offset)

    def absorb(self) -> None:
        """Hands each event to whom it belongs."""
        take, trace, fetches = self.client.events, self.trace, self._fetches
        # An error comes behind the events that came before it.
        while events := take():
            if trace is not None:
                for event in events:
                    trace(None, event)
            # This loop runs once a message: no look-ups that can be spared.
            for event in events:
                if type(event) is Fetch:
                    for reply in fetches:
                        if reply.answers(event):
                            reply.take(event)
                            break
                    else:
                        self._stray(event)
                elif type(event) is BodyData:
                    if self._piece is not None:
                        self._piece.add(event.data)
                else:
                    self._other(event)

    def _other(self, event: Event) -> None:
        if type(event) is Completed:
            self._complete(event)
        elif type(event) is BodyStart:
            self._begin_body(event)
        elif type(event) is BodyEnd:
            if self._piece is not None:
                self._piece.end()
            self._piece = None
        elif type(event) is Upload:
            reply = self._replies.get(event.tag)
            if reply is not None:
                reply.upload = event.octets
        elif type(event) is Idling:
            self._idling(event)
        elif type(event) is Greeting:
            self.greeting = event
        else:
            if type(event) is Bye:
                self.bye = event
            self._untagged(event)

    def _untagged(self, event: Event) -> None:
        if type(event) is Esearch and event.tag is not None:
            # It says whom it is for (RFC 4466 §2.6.2).
            named = self._replies.get(event.tag)
            if named is not None:
                named.take(event)
            return
        for reply in self._replies.values():
            if reply.takes(event):
                reply.take(event)
                return
        self._stray(event)

    def _stray(self, event: Event) -> None:
        """Nobody asked for this."""
        if type(event) in INTERNAL:
            return
        self.unsolicited.append(event)
        if self.selection is not None and type(event) in CHANGES:
            for changes in self.selection.changes:
                changes.append(event)

    def _complete(self, event: Completed) -> None:
        reply = self._replies.pop(event.tag, None)
        if reply is None:
            return
        reply.completed = event
        if isinstance(reply, FetchReply | RawReply):
            self._fetches.remove(reply)
            reply.drop_pieces()
        if self._idle is not None and self._idle.tag == event.tag:
            self._idle = None

    def _begin_body(self, event: BodyStart) -> None:
        for reply in self._fetches:
            if reply.begins(event):
                self._piece = reply.piece(event)
                return
        self._piece = None

    # Giving commands.

    def begin(
        self, reply: Reply, command: Callable[..., str], *args: object, **options: object
    ) -> bool:
        """Queues a command, if it may be now: not behind one that goes alone, nor when too many
        are in flight. `reply` is filled as octets come."""
        self.check_open()
        self.check_selected(reply.selection)
        if self._idle is not None:
            self.end_idle()
        try:
            tag = command(*args, **options)
        except (WrongState, PipelineFull, LimitExceeded) as refused:
            if self._replies and is_passing(refused):
                return False
            raise
        self._replies[tag] = reply
        if isinstance(reply, FetchReply | RawReply):
            self._fetches.append(reply)
        return True

    def check_open(self) -> None:
        """Refuses what cannot be answered any more."""
        if self.bye is not None:
            raise self.farewell()
        if self.broken is not None:
            raise ConnectionLost(self.broken)

    def check_selected(self, selection: Selection | None) -> None:
        """Refuses what was meant for a mailbox that is not selected any more."""
        if selection is not None and selection is not self.selection:
            words = f"the folder {selection.name!r} is no longer selected"
            raise WrongState("wrong-state", words)

    def expect(
        self, reply: R, command: Callable[..., str], *args: object, **options: object
    ) -> Operation[R]:
        """Queues a command as soon as it may be."""
        while not self.begin(reply, command, *args, **options):
            yield from self.turn()
        return reply

    def turn(self) -> Operation[None]:
        """Waits once, because a command may not be given yet. Nobody begins IDLE meanwhile."""
        self._queuing += 1
        try:
            yield None
        finally:
            self._queuing -= 1

    def wait(self, reply: Reply) -> Operation[Completed]:
        """Waits until the command is done; a refusal is an exception."""
        try:
            while reply.completed is None:
                yield from self.pause(reply)
        except BaseException:
            reply.abandon()
            raise
        return self.checked(reply)

    def checked(self, reply: Reply) -> Completed:
        """The completion of a command that is done, or the exception that a refusal means."""
        completed = reply.completed
        if completed is not None and completed.status == "not-sent":
            self.check_open()
        return reply.check()

    def pause(self, reply: Reply) -> Operation[None]:
        """Waits once, for `reply`: what comes for others must not fill the memory."""
        if self.bye is not None and not self._leaving:
            raise self.farewell()
        for other in self._fetches:
            if other is not reply:
                other.set_aside()
        yield None

    def run(
        self, command: Callable[..., str], *args: object, **options: object
    ) -> Operation[Completed]:
        """One command with its reply."""
        reply = yield from self.expect(Reply(), command, *args, **options)
        return (yield from self.wait(reply))

    def run_in(
        self, selection: Selection, command: Callable[..., str], *args: object, **options: object
    ) -> Operation[Completed]:
        """One command with its reply, while a certain mailbox is selected."""
        reply = yield from self.expect(Reply(selection=selection), command, *args, **options)
        return (yield from self.wait(reply))

    def ask(
        self, reply: Reply, command: Callable[..., str], *args: object, **options: object
    ) -> Operation[list[Any]]:
        """One command whose reply is untagged data.

        No two that want the same are in flight together: what is for whom would be ambiguous
        (RFC 9051 §5.5).
        """
        while any(
            wanted in other.wants for other in self._replies.values() for wanted in reply.wants
        ):
            yield from self.turn()
        yield from self.expect(reply, command, *args, **options)
        yield from self.wait(reply)
        return reply.items

    # IDLE (RFC 9051 §6.3.13).

    def idle(self, selection: Selection) -> Operation[Reply]:
        """Begins IDLE. It ends by `end_idle`, or when another command is given."""
        reply = Reply(selection=selection)
        while self._queuing or self._replies or not self.begin(reply, self._queue_idle):
            # Whoever is waited for may give up, and then nothing comes.
            yield IDLE_AGAIN_SECONDS
        return reply

    def _queue_idle(self) -> str:
        tag = self.client.idle()
        self._idle = Idle(tag)
        return tag

    def _idling(self, event: Idling) -> None:
        idle = self._idle
        if idle is not None and idle.tag == event.tag:
            idle.begun = True
            if idle.ending:
                self.client.done()

    def end_idle(self) -> None:
        """Says DONE, now or as soon as the server has begun."""
        idle = self._idle
        if idle is not None and not idle.ending:
            idle.ending = True
            if idle.begun:
                self.client.done()

    @property
    def is_leaving_idle(self) -> bool:
        """Whether DONE was said, or will be as soon as the server has begun."""
        return self._idle is not None and self._idle.ending

    # The beginning and the end of a session.

    def start(self, tls: Tls, login: Login, options: Options) -> Operation[None]:
        """From the greeting to the authenticated state."""
        greeting = yield from self._greeted()
        if tls == "starttls":
            yield from self._starttls()
        yield from self._learn_capabilities()
        if greeting.kind != "preauth":
            yield from login.run(self)
            yield from self._learn_capabilities()
        if options.identity is not None and "ID" in self.client.capabilities:
            # Some servers demand it before SELECT.
            with suppress(CommandError):
                yield from self.ask(Reply((Id,)), self.client.id, options.identity)
        if options.enable:
            yield from self.run(self.client.enable, *options.enable)
        if options.compress and "COMPRESS=DEFLATE" in self.client.capabilities:
            yield from self._compress()

    def _greeted(self) -> Operation[Greeting]:
        while self.greeting is None:
            yield None
        if self.greeting.kind == "bye":
            raise refused_greeting(self.greeting)
        return self.greeting

    def _starttls(self) -> Operation[None]:
        try:
            yield from self.run(self.client.starttls)
        except CommandError as refused:
            words = f"the server does not begin TLS: {refused.text}"
            offset = self.client.bytes_received
            raise SecurityError("starttls-refused", offset, words) from refused
        yield START_TLS
        self.client.tls_established()

    def _learn_capabilities(self) -> Operation[None]:
        """CAPABILITY, unless the server has told by itself."""
        if not self.client.capabilities:
            yield from self.run(self.client.capability)

    def _compress(self) -> Operation[None]:
        # Imported late: few need it.
        from mailproto._imap_compress import Deflate  # noqa: PLC0415

        try:
            yield from self.run(self.client.compress)
        except CommandError:
            return
        compressed = self.client.take_unread()
        self.client.compression_established()
        self._deflate = Deflate()
        if compressed:
            self.received(compressed)

    def logout(self) -> Operation[None]:
        """LOGOUT. A server that refuses it is as good."""
        self._leaving = True
        with suppress(CommandError):
            yield from self.run(self.client.logout)


class Idle:
    """An IDLE in flight."""

    __slots__ = ("begun", "ending", "tag")

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.begun = False
        self.ending = False


class Options(NamedTuple):
    """What `connect` switches on."""

    enable: tuple[str, ...]
    compress: bool
    identity: Mapping[str, str | None] | None


def client_identity(
    given: Mapping[str, str | None] | bool,  # noqa: FBT001
) -> Mapping[str, str | None] | None:
    """What to tell with ID (RFC 2971)."""
    if isinstance(given, bool):
        # Imported here: the package's face imports this module.
        from mailproto import __version__  # noqa: PLC0415

        return {"name": "mailproto", "version": __version__} if given else None
    return given


def new_session(tls: Tls, trace: Trace | None, *, pipelining: bool) -> Session:
    """A session that holds the channel for as private as `tls` makes it."""
    if tls not in SECURITY:
        raise ValueError(f"tls must be one of {', '.join(SECURITY)}, not {tls!r}")
    client = Client(security=SECURITY[tls], pipelining=pipelining, max_listing=LISTING_OCTETS)
    return Session(client, trace)


def is_passing(refused: LocalProtocolError | LimitExceeded) -> bool:
    """Whether the engine refuses a command only until others are answered."""
    if isinstance(refused, LimitExceeded):
        return refused.needed is not None and refused.needed <= OUTGOING_OCTETS
    return refused.reason in ("busy", "full")


def refusal(completed: Completed) -> CommandError:
    """The exception that fits a completion whose status is not ``ok``."""
    code = completed.code.name if completed.code is not None else None
    return imap_error(completed.command, completed.status, code, completed.text)


def refused_greeting(greeting: Greeting) -> CommandError:
    """What BYE means where a greeting is due (RFC 9051 §7.1.5)."""
    code = greeting.code.name if greeting.code is not None else None
    error = imap_error("greeting", "bye", code, greeting.text)
    if type(error) is CommandError:
        return ServerUnavailable("greeting", "bye", code, greeting.text)
    return error
