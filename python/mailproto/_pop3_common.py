"""POP3 sessions without I/O: what the blocking and the asyncio client have in common.

Everything that takes replies is a generator. It yields `None` when it has to wait: the driver
then sends what is to be sent, receives once, and resumes it. `START_TLS` asks for the handshake;
a *stream* also yields its items. So each command is written once, and a driver is a loop:

    for step in stream:
        if step is None:
            exchange()       # or: await exchange()
        else:
            yield step

Replies come in the order of the commands (RFC 2449 §6.6). `Session` keeps one `Reply` for each
command in flight and fills the oldest. Who loses interest in a reply abandons it, and the
session goes on: a loop left early or a cancelled task breaks nothing.
"""

from __future__ import annotations

from collections import deque
from typing import IO, TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

from mailproto._errors import (
    CommandError,
    ConnectionLost,
    PipelineFull,
    SecurityError,
    ServerUnavailable,
    _kind,
)
from mailproto.sansio.pop3 import (
    Capability,
    Client,
    Completed,
    Data,
    Greeting,
    Language,
    ScanListing,
    Started,
    UniqueId,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
    from typing import Protocol, TypeAlias

    from mailproto._pop3_login import Login
    from mailproto.sansio.pop3 import Event

    T = TypeVar("T")
    Octets: TypeAlias = bytes | memoryview
    Tls: TypeAlias = Literal["implicit", "starttls", "insecure"]
    # What an operation yields: None is "exchange octets, then resume me", the text is START_TLS.
    Step: TypeAlias = Literal["start-tls"] | None
    Operation: TypeAlias = Generator[Step, None, T]
    Stream: TypeAlias = Generator[T | None, None, None]
    Trace: TypeAlias = Callable[[bytes | None, Event | None], object]

    class Writable(Protocol):
        """What a message can be written to: any binary file."""

        def write(self, data: Octets, /) -> object: ...


LIST_ITEMS = (ScanListing, UniqueId, Capability, Language)
START_TLS: Literal["start-tls"] = "start-tls"

SECURITY: dict[Tls, Literal["private", "stls-required", "danger-cleartext"]] = {
    "implicit": "private",
    "starttls": "stls-required",
    "insecure": "danger-cleartext",
}
PORTS = {"implicit": 995, "starttls": 110, "insecure": 110}
# How many octets of messages are asked for ahead of the reader.
WINDOW = 1 << 20
# The engine takes 256 commands; what is left over is for commands given in between.
WINDOW_COMMANDS = 200
SHORT_OCTETS = 8192
# What of a body that nobody reads while another command waits is kept in memory, before a
# temporary file takes it.
SPOOL_OCTETS = 1 << 20


class DropListing(NamedTuple):
    """The reply to STAT (RFC 1939 §5)."""

    messages: int
    """How many messages are in the maildrop."""
    octets: int
    """Their length in octets, as the server counts it."""


class MessageInfo:
    """A message in the maildrop: `number` (valid in this session only), `size` in octets as the
    server counts it, and `uid`, which stays the same from session to session (`None` where the
    server lacks UIDL)."""

    __slots__ = ("number", "size", "uid")

    def __init__(self, number: int, size: int, uid: str | None) -> None:
        self.number = number
        self.size = size
        self.uid = uid

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.number}: {self.size} octets, uid {self.uid!r}>"


class Reply:
    """What has come in answer to one command."""

    __slots__ = ("abandoned", "chunks", "completed", "items", "spool", "started")

    def __init__(self) -> None:
        self.chunks: list[Octets] = []
        self.items: list[Any] = []
        self.started: Started | None = None
        self.completed: Completed | None = None
        self.abandoned = False
        self.spool: IO[bytes] | None = None

    def abandon(self) -> None:
        """Nobody wants the rest: it is dropped when it comes."""
        self.abandoned = True
        self.chunks = []
        if self.spool is not None:
            self.spool.close()
            self.spool = None

    def check(self) -> Completed:
        """The completion, which must have come, or the exception that a refusal means."""
        completed = self.completed
        if completed is None:
            raise RuntimeError("the reply has not come yet")
        if completed.status != "ok":
            raise CommandError.from_completed(completed)
        return completed

    def take(self) -> Iterator[Octets]:
        """The octets that have come and were not taken yet."""
        spool, self.spool = self.spool, None
        if spool is not None:
            yield from read_back(spool)
        chunks, self.chunks = self.chunks, []
        yield from chunks

    def whole(self) -> bytes:
        """All octets of a reply that was never taken in parts."""
        if self.completed is None or self.completed.status != "ok":
            self.check()
        return b"".join(self.chunks if self.spool is None else self.take())

    def set_aside(self) -> None:
        """Moves what nobody has read yet out of memory, where it is much."""
        if self.spool is None:
            if sum(map(len, self.chunks)) <= SPOOL_OCTETS:
                return
            # Imported late: it takes time, and few need it.
            import tempfile  # noqa: PLC0415

            self.spool = tempfile.TemporaryFile()  # noqa: SIM115
        for chunk in self.chunks:
            self.spool.write(chunk)
        self.chunks = []


def read_back(spool: IO[bytes]) -> Iterator[bytes]:
    """What was set aside; the file is gone then."""
    with spool:
        spool.seek(0)
        while octets := spool.read(1 << 16):
            yield octets


class Session:
    """The commands of one connection."""

    def __init__(self, client: Client, trace: Trace | None = None) -> None:
        self.client = client
        self.trace = trace
        self.greeting: Greeting | None = None
        self.capabilities: dict[str, tuple[str, ...]] = {}
        self._outstanding: deque[Reply] = deque()

    # The driver's side.

    def to_send(self) -> bytes:
        """What is to be sent now."""
        data = self.client.data_to_send()
        if data and self.trace is not None:
            self.trace(data, None)
        return data

    def received(self, data: bytes) -> None:
        """Takes what the server sent; empty when it has hung up."""
        if not data:
            self._hung_up()
        self.client.receive_data(data)
        self._absorb()

    def _hung_up(self) -> None:
        greeted = self.greeting is not None
        if greeted and not self._outstanding:
            raise ConnectionLost("the server closed the connection")
        raise ConnectionLost("the server hung up in mid-session", self.client.bytes_received)

    def _absorb(self) -> None:
        """Hands each event to the reply that it belongs to: the oldest."""
        outstanding, take = self._outstanding, self.client.events
        # An error comes behind the events that came before it.
        while events := take():
            if self.trace is not None:
                for event in events:
                    self.trace(None, event)
            reply = outstanding[0] if outstanding else Reply()
            # This loop runs ten times a message and more: no look-ups that can be spared.
            keep = reply.chunks.append
            for event in events:
                if type(event) is Data:
                    # Mail has many short pieces, since each stuffed dot ends one: they are
                    # copied in a tenth of the time that a memoryview takes.
                    keep(event.__bytes__() if len(event) < SHORT_OCTETS else event.data)
                elif type(event) is Completed:
                    reply.completed = event
                    if reply.abandoned:
                        reply.chunks.clear()
                    outstanding.popleft()
                    reply = outstanding[0] if outstanding else Reply()
                    keep = reply.chunks.append
                elif type(event) is Started:
                    reply.started = event
                elif isinstance(event, LIST_ITEMS):
                    reply.items.append(event)
                elif type(event) is Greeting:
                    self.greeting = event
                # Unrecognized, Oversize and Quirk are for the trace.
            if reply.abandoned:
                reply.chunks.clear()

    # Waiting for replies.

    def submit(self, command: Callable[..., int], *arguments: str | int) -> Reply:
        """Queues a command; its reply is filled as octets come."""
        command(*arguments)
        return self.expect()

    def submit_each(self, command: Callable[[int], int], numbers: Iterable[int]) -> list[Reply]:
        """As `submit` for one number after the other, as far as the commands find room."""
        replies: list[Reply] = []
        outstanding = self._outstanding
        try:
            for number in numbers:
                command(number)
                reply = Reply()
                outstanding.append(reply)
                replies.append(reply)
        except PipelineFull:
            if not replies:
                raise
        except BaseException:
            for reply in replies:
                reply.abandon()
            raise
        return replies

    def expect(self) -> Reply:
        """The reply to the command that was queued just now."""
        reply = Reply()
        self._outstanding.append(reply)
        return reply

    def wait(self, reply: Reply) -> Operation[Completed]:
        """Waits until the command is done; a refusal is an exception."""
        try:
            while reply.completed is None:
                self.make_way(reply)
                yield None
        except GeneratorExit:
            reply.abandon()
            raise
        return reply.check()

    def make_way(self, reply: Reply) -> None:
        """Before waiting for `reply`: what comes before it must not fill the memory."""
        oldest = self._outstanding[0] if self._outstanding else reply
        if oldest is not reply and oldest.chunks:
            oldest.set_aside()

    def run(self, command: Callable[..., int], *arguments: str | int) -> Operation[Completed]:
        """One command with its reply."""
        return (yield from self.wait(self.submit(command, *arguments)))

    def listed(self, command: Callable[..., int]) -> Operation[list[Any]]:
        """One command whose reply is a list."""
        reply = self.submit(command)
        yield from self.wait(reply)
        return reply.items

    # The beginning of a session.

    def start(self, tls: Tls, login: Login) -> Operation[None]:
        """From the greeting to the transaction state."""
        yield from self._greeted()
        if tls == "starttls":
            yield from self._stls()
        yield from self.learn_capabilities()
        yield from login.run(self)
        # A server may announce more once it knows who asks (RFC 2449 §5), and Gmail does.
        if "PIPELINING" not in self.capabilities or "UIDL" not in self.capabilities:
            yield from self.learn_capabilities()

    def _greeted(self) -> Operation[None]:
        while self.greeting is None:
            yield None
        greeting = self.greeting
        if not greeting.ok:
            raise refused_greeting(greeting)

    def _stls(self) -> Operation[None]:
        try:
            yield from self.run(self.client.stls)
        except CommandError as refusal:
            words = f"the server does not begin TLS: {refusal.text}"
            raise SecurityError("stls-refused", self.client.bytes_received, words) from refusal
        yield START_TLS
        self.client.tls_established()

    def learn_capabilities(self) -> Operation[None]:
        """CAPA, which old servers do not know."""
        reply = self.submit(self.client.capa)
        yield from self._outcome(reply)
        self.capabilities = {item.name.upper(): tuple(item.arguments) for item in reply.items}

    # Listings.

    def stat(self) -> Operation[DropListing]:
        completed = yield from self.run(self.client.stat)
        value: Any = completed.value
        return DropListing(value.messages, value.octets)

    def sizes(self) -> Operation[dict[int, int]]:
        listing = yield from self.listed(self.client.list)
        return {item.message: item.octets for item in listing}

    def size(self, number: int) -> Operation[int]:
        completed = yield from self.run(self.client.list, number)
        value: Any = completed.value
        return int(value.octets)

    def uids(self) -> Operation[dict[int, str]]:
        listing = yield from self.listed(self.client.uidl)
        return {item.message: item.uid for item in listing}

    def uid(self, number: int) -> Operation[str]:
        completed = yield from self.run(self.client.uidl, number)
        value: Any = completed.value
        return str(value.uid)

    def overview(self) -> Operation[list[tuple[int, int, str | None]]]:
        """Number, size and uid of all messages, asked for in one go."""
        sizes = self.submit(self.client.list)
        uids = self.submit(self.client.uidl)
        yield from self.wait(sizes)
        yield from self._outcome(uids)  # UIDL is optional (RFC 1939 §7).
        uid_of: Callable[[int], str | None] = {item.message: item.uid for item in uids.items}.get
        return [(item.message, item.octets, uid_of(item.message)) for item in sizes.items]

    # Messages.

    def begin(self, reply: Reply) -> Operation[None]:
        """Waits until a message begins to come, so that a refusal shows at once."""
        try:
            while reply.started is None and reply.completed is None:
                self.make_way(reply)
                yield None
        except GeneratorExit:
            reply.abandon()
            raise
        if reply.started is None:
            reply.check()

    def octets(self, reply: Reply) -> Stream[Octets]:
        """The octets of a message as they come."""
        while True:
            yield from reply.take()
            if reply.completed is not None:
                yield from reply.take()
                reply.check()
                return
            self.make_way(reply)
            yield None

    def save(self, reply: Reply, file: Writable) -> Operation[int]:
        """Writes a message to a file as it comes; returns its length."""
        count = 0
        try:
            for chunk in self.octets(reply):
                if chunk is None:
                    yield None
                else:
                    file.write(chunk)
                    count += len(chunk)
        finally:
            reply.abandon()
        return count

    def whole(self, reply: Reply) -> Operation[bytes]:
        """A message in memory."""
        yield from self.wait(reply)
        return reply.whole()

    def top(self, number: int, lines: int) -> Operation[bytes]:
        return (yield from self.whole(self.submit(self.client.top, number, lines)))

    def delete(self, numbers: Sequence[int]) -> Operation[None]:
        """DELE for each. The first refusal is raised when all are answered."""
        for refusal in (yield from self.delete_each(numbers)):
            if refusal is not None:
                raise refusal

    def delete_each(self, numbers: Sequence[int]) -> Operation[list[CommandError | None]]:
        """DELE for each, pipelined; returns what was refused, in the order of `numbers`."""
        outcomes: list[CommandError | None] = []
        for start in range(0, len(numbers), WINDOW_COMMANDS):
            batch = numbers[start : start + WINDOW_COMMANDS]
            replies = [self.submit(self.client.dele, number) for number in batch]
            for reply in replies:
                outcome = yield from self._outcome(reply)
                outcomes.append(outcome)
        return outcomes

    def _outcome(self, reply: Reply) -> Operation[CommandError | None]:
        try:
            yield from self.wait(reply)
        except CommandError as refusal:
            return refusal
        return None


def new_session(tls: Tls, login: Login, trace: Trace | None, *, pipelining: bool) -> Session:
    """A session that holds the channel for as private as `tls` makes it."""
    if tls not in SECURITY:
        raise ValueError(f"tls must be one of {', '.join(SECURITY)}, not {tls!r}")
    security = SECURITY[tls]
    client = Client(security=security, pipelining=pipelining, apop=login.wants_apop)
    return Session(client, trace)


def refused_greeting(greeting: Greeting) -> CommandError:
    """What a negative greeting means. It may carry the codes of a reply (RFC 2449 §8)."""
    kind = _kind("greeting", "err", greeting.code)
    kind = ServerUnavailable if kind is CommandError else kind
    return kind("greeting", "err", greeting.code, greeting.text)
