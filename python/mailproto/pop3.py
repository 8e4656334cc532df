"""POP3 for programs: fetch mail from a server.

    from mailproto import pop3

    with pop3.connect("pop.example.com", "mrose", "secret") as box:
        for message in box:
            print(message.number, message.size, message.uid)
            with open(f"{message.number}.eml", "wb") as file:
                message.save(file)

TLS is on and the server's certificate is verified, unless `tls="insecure"` is given. Messages
are streamed: memory does not grow with their size. What the server deletes, it deletes when the
`with` block ends well; after an exception the connection is dropped and nothing is deleted.

To download what is new and never the same message twice:

    from mailproto.stores import MaildirSink, UidlStore

    with UidlStore("seen.uidl") as seen, pop3.connect("pop.example.com", "mrose", "secret") as box:
        report = box.sync(MaildirSink("Mail"), seen=seen)
        print(report.fetched, "new messages")

Errors are exceptions that derive from `mailproto.MailError`; their types tell who is at fault.
`mailproto.aio.pop3` has the same names for asyncio.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, overload

from mailproto import _pop3_fetch
from mailproto._errors import ConnectionLost
from mailproto._net import Connection
from mailproto._pop3_common import (
    PORTS,
    START_TLS,
    WINDOW,
    DropListing,
    MessageInfo,
    Reply,
    Session,
    new_session,
)
from mailproto._pop3_login import Login
from mailproto._pop3_sync import SyncProgress, SyncReport, synchronise

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
    from ssl import SSLContext
    from types import TracebackType
    from typing import Self

    from mailproto._pop3_common import Octets, Operation, Step, Stream, Tls, Trace, Writable
    from mailproto._pop3_sync import Keep, Seen, Sink
    from mailproto.sansio.pop3 import Credentials

__all__ = [
    "Body",
    "DropListing",
    "Maildrop",
    "Message",
    "MessageInfo",
    "SyncProgress",
    "SyncReport",
    "connect",
]

T = TypeVar("T")


def connect(
    host: str,
    user: str | None = None,
    password: str | None = None,
    *,
    port: int | None = None,
    tls: Tls = "implicit",
    ssl_context: SSLContext | None = None,
    credentials: Credentials | None = None,
    oauth: str | Callable[[], str] | None = None,
    mechanism: str | None = None,
    timeout: float | None = 30.0,
    pipelining: bool = True,
    window: int = WINDOW,
    trace: Trace | None = None,
) -> Maildrop:
    """Connects, makes the channel private and logs in.

    host, port: the server. The port is 995 by default, 110 for "starttls" and "insecure".
    user, password: for the strongest mechanism that the server offers: a SASL mechanism, or
        USER and PASS.
    tls: "implicit" begins with TLS (RFC 8314); "starttls" begins in the clear and goes on only
        if the server accepts STLS (RFC 2595); "insecure" sends everything, the password too,
        for anyone on the way to read.
    ssl_context: how TLS verifies the server; `ssl.create_default_context()` by default.
    credentials: instead of a user and a password, a `Password`, `Token`, `External` or
        `Anonymous` of `mailproto.sansio.pop3`.
    oauth: an OAuth 2.0 access token for `user`, or a function that returns one.
    mechanism: this one and no other: a SASL name, "USER" or "APOP".
    timeout: how many seconds to wait for the server before `Timeout` is raised; None: for ever.
    pipelining: whether commands may be sent before earlier ones are answered, where the server
        allows it.
    window: how many octets of messages to ask for ahead of the reader.
    trace: is called with what is sent, `(octets, None)`, secrets included, and with each event
        received, `(None, event)`.

    Raises AuthenticationError, Throttled, InUse or ServerUnavailable when the server does not
    let you in; SecurityError when TLS cannot be had or the certificate does not verify;
    ConnectionLost or Timeout when the network is at fault.
    """
    login = Login(user, password, credentials, oauth, mechanism)
    session = new_session(tls, login, trace, pipelining=pipelining)
    connection = Connection(host, port or PORTS[tls], timeout)
    box = Maildrop(session, connection, ssl_context, window)
    try:
        if tls == "implicit":
            connection.start_tls(ssl_context)
        box._run(session.start(tls, login))
    except BaseException:
        box.close()
        raise
    return box


class Message(MessageInfo):
    """A message in the maildrop, not yet fetched.

    Messages that are read one after the other, as in `for message in box`, are asked for ahead
    of the reader.
    """

    __slots__ = ("_box", "_index", "_reader")

    def __init__(self, number: int, size: int, uid: str | None, box: Maildrop) -> None:
        super().__init__(number, size, uid)
        self._box = box
        self._reader: _pop3_fetch.LazyReader[Message] | None = None
        self._index = 0

    def open(self) -> Body:
        """The message as a stream."""
        if self._reader is None:
            return self._box.retrieve(self.number)
        return self._box._body(self._reader.read(self._index))

    def read(self) -> bytes:
        """The whole message, in memory."""
        with self.open() as body:
            return body.read()

    def save(self, file: Writable) -> int:
        """Writes the message to a binary file as it comes; returns its length."""
        with self.open() as body:
            return body.save(file)

    def __iter__(self) -> Iterator[bytes]:
        """The message in chunks, as they come."""
        with self.open() as body:
            yield from body

    def top(self, lines: int = 0) -> bytes:
        """Its header, and that many lines of its body."""
        return self._box.top(self.number, lines)

    def delete(self) -> None:
        """Marks it as deleted."""
        self._box.delete(self.number)


class Body:
    """The octets of one message, as they come: iterate, `read()` or `save()`, once.

    Nothing is received before it is asked for. If another command is given meanwhile, what comes
    before its reply is set aside, in a temporary file where it is much. `close()` drops the rest.
    """

    def __init__(self, box: Maildrop, reply: Reply) -> None:
        self._box = box
        self._reply = reply
        self._chunks: Generator[Octets, None, None] = box._stream(box._session.octets(reply))

    def __iter__(self) -> Iterator[bytes]:
        # Not `return self._chunks`: whoever iterates holds this body, which else drops the rest.
        yield from map(bytes, self._chunks)

    def read(self) -> bytes:
        """All that was not read yet."""
        return b"".join(self._chunks)

    def save(self, file: Writable) -> int:
        """Writes all that was not read yet to a binary file; returns how many octets."""
        count = 0
        for chunk in self._chunks:
            file.write(chunk)
            count += len(chunk)
        return count

    def close(self) -> None:
        """Drops what was not read yet. The connection goes on."""
        self._reply.abandon()
        self._chunks.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self._reply.abandon()


class Maildrop:
    """A maildrop, locked for this session (RFC 1939). Made by `connect`.

    Not for several threads at once.
    """

    def __init__(
        self,
        session: Session,
        connection: Connection,
        ssl_context: SSLContext | None,
        window: int,
    ) -> None:
        self._session = session
        self._connection: Connection | None = connection
        self._ssl_context = ssl_context
        self._window = window

    # Looking.

    @property
    def capabilities(self) -> dict[str, tuple[str, ...]]:
        """What the server offers (RFC 2449): the arguments of each capability, by its name."""
        return self._session.capabilities

    def stat(self) -> DropListing:
        """How many messages there are, and their octets."""
        return self._run(self._session.stat())

    @overload
    def list(self) -> dict[int, int]: ...
    @overload
    def list(self, number: int) -> int: ...
    def list(self, number: int | None = None) -> dict[int, int] | int:
        """The size of each message by its number, or that of one message, in octets."""
        if number is None:
            return self._run(self._session.sizes())
        return self._run(self._session.size(number))

    @overload
    def uidl(self) -> dict[int, str]: ...
    @overload
    def uidl(self, number: int) -> str: ...
    def uidl(self, number: int | None = None) -> dict[int, str] | str:
        """The unique-id of each message by its number, or that of one message."""
        if number is None:
            return self._run(self._session.uids())
        return self._run(self._session.uid(number))

    def overview(self) -> Sequence[Message]:
        """All messages with their numbers, sizes and unique-ids."""
        return self._messages(self._run(self._session.overview()))

    # Fetching.

    @overload
    def retrieve(self, number: int) -> Body: ...
    @overload
    def retrieve(self, number: int, file: Writable) -> int: ...
    def retrieve(self, number: int, file: Writable | None = None) -> Body | int:
        """Fetches a message.

        With a binary file, writes the message to it as it comes and returns its length; whatever
        the file raises is passed on, and the session goes on. Without, returns the message as a
        stream. Raises MessageNotFound when there is none of that number.
        """
        self._check_open()
        body = self._body(self._session.submit(self._session.client.retr, number))
        if file is None:
            return body
        with body:
            return body.save(file)

    def top(self, number: int, lines: int = 0) -> bytes:
        """A message's header, and that many lines of its body."""
        return self._run(self._session.top(number, lines))

    def __iter__(self) -> Iterator[Message]:
        """All messages. They are fetched when they are read, the following ones ahead."""
        messages = self.overview()
        reader = _pop3_fetch.LazyReader(self._session, messages, self._window)
        try:
            for index, message in enumerate(messages):
                message._reader, message._index = reader, index
                yield message
                message._reader = None
        finally:
            reader.close()

    def messages(self, numbers: Iterable[int] | None = None) -> Iterator[tuple[Message, bytes]]:
        """All messages, or those of the given numbers, each with its octets. The fastest way.

        Raises MessageNotFound at a number that the server does not list.
        """
        messages = self.overview()
        if numbers is not None:
            listed = {message.number: message for message in messages}
            messages = [listed.get(number) or Message(number, 0, None, self) for number in numbers]
        yield from self._stream(_pop3_fetch.whole_messages(self._session, messages, self._window))

    def sync(
        self,
        sink: Sink,
        keep: Keep = "all",
        seen: Seen | None = None,
        *,
        limit: int | None = None,
        progress: Callable[[SyncProgress], object] | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> SyncReport:
        """Downloads what is new into `sink`, then deletes on the server what need not stay.

        sink: where to, such as `mailproto.stores.MaildirSink`.
        keep: what stays on the server. "all"; "none"; a `timedelta`: what was fetched less than
            that long ago; or a function of the message and of when it was fetched, in seconds
            since 1970, that returns whether it stays. Only what is safely stored is deleted, and
            the server removes it when the session ends well.
        seen: remembers what was fetched, such as `mailproto.stores.UidlStore`. Without it
            everything is downloaded.
        limit: at most that many messages.
        progress: is called often with a `SyncProgress`, the same object each time.
        stop: is asked before each message; when it returns True, what is under way is
            finished and nothing more is fetched.

        A message that the server refuses is listed in `SyncReport.failed`, and the others are
        fetched. What the sink raises is passed on: nothing is lost, and a later call goes on
        from there.
        """
        return self._run(
            synchronise(
                self._session,
                sink,
                keep=keep,
                seen=seen,
                limit=limit,
                window=self._window,
                progress=progress,
                stop=stop,
            )
        )

    # Changing.

    def delete(self, *numbers: int) -> None:
        """Marks messages as deleted. The server removes them at `quit()`."""
        self._run(self._session.delete(numbers))

    def reset(self) -> None:
        """Takes all marks of deletion back."""
        self._run(self._session.run(self._session.client.rset))

    def noop(self) -> None:
        """Does nothing, but lets the server know that the session is alive."""
        self._run(self._session.run(self._session.client.noop))

    def quit(self) -> None:
        """Ends the session: the server removes the messages that are marked as deleted.

        Raises CommandError when it did not remove all of them.
        """
        try:
            self._run(self._session.run(self._session.client.quit))
        finally:
            self.close()

    def close(self) -> None:
        """Drops the connection. The server removes nothing."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    @property
    def closed(self) -> bool:
        """Whether the session has ended, by `quit()`, `close()` or an error of the network."""
        return self._connection is None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None and not self.closed:
            self.quit()
        else:
            self.close()

    def __repr__(self) -> str:
        return f"<Maildrop {'closed' if self.closed else self._session.client.state}>"

    # Moving octets.

    def _check_open(self) -> Connection:
        if self._connection is None:
            raise ConnectionLost("the session has ended")
        return self._connection

    def _run(self, operation: Operation[T]) -> T:
        self._check_open()
        try:
            while True:
                self._step(next(operation))
        except StopIteration as done:
            result: T = done.value
            return result
        finally:
            operation.close()

    def _stream(self, stream: Stream[T]) -> Generator[T, None, None]:
        self._check_open()
        try:
            for item in stream:
                if item is None:
                    self._exchange()
                else:
                    yield item
        finally:
            stream.close()

    def _step(self, step: Step) -> None:
        if step is START_TLS:
            self._check_open().start_tls(self._ssl_context)
        else:
            self._exchange()

    def _exchange(self) -> None:
        """Sends what is to be sent and receives once.

        If that fails, in whatever way, nobody knows what the server has got: the session is over.
        """
        connection, session = self._check_open(), self._session
        try:
            data = session.to_send()
            if data:
                connection.send(data)
            session.received(connection.receive())
        except BaseException:
            self.close()
            raise

    def _body(self, reply: Reply) -> Body:
        body = Body(self, reply)
        self._run(self._session.begin(reply))
        return body

    def _messages(self, overview: Iterable[tuple[int, int, str | None]]) -> Sequence[Message]:
        return [Message(number, size, uid, self) for number, size, uid in overview]
