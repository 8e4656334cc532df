"""POP3 on asyncio, with the names of `mailproto.pop3`.

    from mailproto.aio import pop3

    async with pop3.connect("pop.example.com", "mrose", "secret") as box:
        async for message in box:
            print(message.number, message.size, message.uid)
            octets = await message.read()

Several tasks may use one maildrop at a time: their commands are pipelined. A cancelled task
leaves the session whole, since the reply that it waited for is dropped when it comes.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar, overload

from mailproto import _pop3_fetch
from mailproto._errors import ConnectionLost, LocalProtocolError
from mailproto._net import default_context
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
from mailproto.aio._net import Connection

if TYPE_CHECKING:
    from collections.abc import (
        AsyncGenerator,
        AsyncIterator,
        Callable,
        Generator,
        Iterable,
        Sequence,
    )
    from ssl import SSLContext
    from types import TracebackType
    from typing import Any, Self

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
) -> Connecting:
    """Connects, makes the channel private and logs in: `await` it, or use it in `async with`.

    The arguments and the exceptions are those of `mailproto.pop3.connect`.
    """
    login = Login(user, password, credentials, oauth, mechanism)
    session = new_session(tls, login, trace, pipelining=pipelining)
    connection = Connection(session, host, port or PORTS[tls], timeout)
    return Connecting(Maildrop(session, connection, ssl_context, window), tls, login)


class Connecting:
    """What `connect` returns."""

    def __init__(self, box: Maildrop, tls: Tls, login: Login) -> None:
        self._box = box
        self._tls: Tls = tls
        self._login = login

    def __await__(self) -> Generator[Any, None, Maildrop]:
        return self._box._open(self._tls, self._login).__await__()

    async def __aenter__(self) -> Maildrop:
        return await self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._box.__aexit__(kind, error, trace)


class Message(MessageInfo):
    """A message in the maildrop, not yet fetched.

    Messages that are read one after the other, as in `async for message in box`, are asked for
    ahead of the reader.
    """

    __slots__ = ("_box", "_index", "_reader")

    def __init__(self, number: int, size: int, uid: str | None, box: Maildrop) -> None:
        super().__init__(number, size, uid)
        self._box = box
        self._reader: _pop3_fetch.LazyReader[Message] | None = None
        self._index = 0

    async def open(self) -> Body:
        """The message as a stream."""
        if self._reader is None:
            return await self._box.retrieve(self.number)
        return await self._box._body(self._reader.read(self._index))

    async def read(self) -> bytes:
        """The whole message, in memory."""
        async with await self.open() as body:
            return await body.read()

    async def save(self, file: Writable) -> int:
        """Writes the message to a binary file as it comes; returns its length."""
        async with await self.open() as body:
            return await body.save(file)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The message in chunks, as they come."""
        async with await self.open() as body:
            async for chunk in body:
                yield chunk

    async def top(self, lines: int = 0) -> bytes:
        """Its header, and that many lines of its body."""
        return await self._box.top(self.number, lines)

    async def delete(self) -> None:
        """Marks it as deleted."""
        await self._box.delete(self.number)


class Body:
    """The octets of one message, as they come: iterate, `read()` or `save()`, once.

    Little is received before it is asked for. `close()` drops the rest.
    """

    def __init__(self, box: Maildrop, reply: Reply) -> None:
        self._reply = reply
        self._chunks: AsyncGenerator[Octets, None] = box._stream(box._session.octets(reply))

    async def __aiter__(self) -> AsyncIterator[bytes]:
        # Not `return self._chunks`: whoever iterates holds this body, which else drops the rest.
        async for chunk in self._chunks:
            yield bytes(chunk)

    async def read(self) -> bytes:
        """All that was not read yet."""
        return b"".join([chunk async for chunk in self._chunks])

    async def save(self, file: Writable) -> int:
        """Writes all that was not read yet to a binary file, in the event loop's thread; returns
        how many octets."""
        count = 0
        async for chunk in self._chunks:
            file.write(chunk)
            count += len(chunk)
        return count

    async def close(self) -> None:
        """Drops what was not read yet. The connection goes on."""
        self._reply.abandon()
        await self._chunks.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def __del__(self) -> None:
        self._reply.abandon()


class Maildrop:
    """A maildrop, locked for this session (RFC 1939). Made by `connect`."""

    def __init__(
        self,
        session: Session,
        connection: Connection,
        ssl_context: SSLContext | None,
        window: int,
    ) -> None:
        self._session = session
        self._connection = connection
        self._ssl_context = ssl_context
        self._window = window
        self._closed = True
        self._synchronising = False

    # Looking.

    @property
    def capabilities(self) -> dict[str, tuple[str, ...]]:
        """What the server offers (RFC 2449): the arguments of each capability, by its name."""
        return self._session.capabilities

    async def stat(self) -> DropListing:
        """How many messages there are, and their octets."""
        return await self._run(self._session.stat())

    @overload
    async def list(self) -> dict[int, int]: ...
    @overload
    async def list(self, number: int) -> int: ...
    async def list(self, number: int | None = None) -> dict[int, int] | int:
        """The size of each message by its number, or that of one message, in octets."""
        if number is None:
            return await self._run(self._session.sizes())
        return await self._run(self._session.size(number))

    @overload
    async def uidl(self) -> dict[int, str]: ...
    @overload
    async def uidl(self, number: int) -> str: ...
    async def uidl(self, number: int | None = None) -> dict[int, str] | str:
        """The unique-id of each message by its number, or that of one message."""
        if number is None:
            return await self._run(self._session.uids())
        return await self._run(self._session.uid(number))

    async def overview(self) -> Sequence[Message]:
        """All messages with their numbers, sizes and unique-ids."""
        overview = await self._run(self._session.overview())
        return [Message(number, size, uid, self) for number, size, uid in overview]

    # Fetching.

    @overload
    async def retrieve(self, number: int) -> Body: ...
    @overload
    async def retrieve(self, number: int, file: Writable) -> int: ...
    async def retrieve(self, number: int, file: Writable | None = None) -> Body | int:
        """Fetches a message.

        With a binary file, writes the message to it as it comes and returns its length; whatever
        the file raises is passed on, and the session goes on. Without, returns the message as a
        stream. Raises MessageNotFound when there is none of that number.
        """
        self._check_usable()
        body = await self._body(self._session.submit(self._session.client.retr, number))
        if file is None:
            return body
        async with body:
            return await body.save(file)

    async def top(self, number: int, lines: int = 0) -> bytes:
        """A message's header, and that many lines of its body."""
        return await self._run(self._session.top(number, lines))

    async def __aiter__(self) -> AsyncIterator[Message]:
        """All messages. They are fetched when they are read, the following ones ahead."""
        messages = await self.overview()
        reader = _pop3_fetch.LazyReader(self._session, messages, self._window)
        try:
            for index, message in enumerate(messages):
                message._reader, message._index = reader, index
                yield message
                message._reader = None
        finally:
            reader.close()

    async def messages(
        self, numbers: Iterable[int] | None = None
    ) -> AsyncIterator[tuple[Message, bytes]]:
        """All messages, or those of the given numbers, each with its octets. The fastest way.

        Raises MessageNotFound at a number that the server does not list.
        """
        messages = await self.overview()
        if numbers is not None:
            listed = {message.number: message for message in messages}
            messages = [listed.get(number) or Message(number, 0, None, self) for number in numbers]
        stream = self._stream(_pop3_fetch.whole_messages(self._session, messages, self._window))
        try:
            async for item in stream:
                yield item
        finally:
            await stream.aclose()

    async def sync(
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

        As `mailproto.pop3.Maildrop.sync`. All functions given, and those of the sink, are called
        in another thread, so that writing holds nothing up. No other command may be given
        meanwhile.
        """
        operation = synchronise(
            self._session,
            sink,
            keep=keep,
            seen=seen,
            limit=limit,
            window=self._window,
            progress=progress,
            stop=stop,
        )
        self._check_usable()
        self._synchronising = True
        try:
            return await self._run_in_thread(operation)
        finally:
            self._synchronising = False

    # Changing.

    async def delete(self, *numbers: int) -> None:
        """Marks messages as deleted. The server removes them at `quit()`."""
        await self._run(self._session.delete(numbers))

    async def reset(self) -> None:
        """Takes all marks of deletion back."""
        await self._run(self._session.run(self._session.client.rset))

    async def noop(self) -> None:
        """Does nothing, but lets the server know that the session is alive."""
        await self._run(self._session.run(self._session.client.noop))

    async def quit(self) -> None:
        """Ends the session: the server removes the messages that are marked as deleted.

        Raises CommandError when it did not remove all of them.
        """
        try:
            await self._run(self._session.run(self._session.client.quit))
        finally:
            self._closed = True
            self._connection.close()

    def close(self) -> None:
        """Drops the connection. The server removes nothing."""
        self._closed = True
        self._connection.abort()

    @property
    def closed(self) -> bool:
        """Whether the session has ended, by `quit()`, `close()` or an error of the network."""
        return self._closed

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None and not self._closed:
            await self.quit()
        else:
            self.close()

    def __repr__(self) -> str:
        return f"<Maildrop {'closed' if self._closed else self._session.client.state}>"

    # Moving octets.

    async def _open(self, tls: Tls, login: Login) -> Maildrop:
        context = (self._ssl_context or default_context()) if tls == "implicit" else None
        try:
            await self._connection.open(context)
            self._closed = False
            await self._run(self._session.start(tls, login))
        except BaseException:
            self.close()
            raise
        return self

    def _check_usable(self) -> None:
        if self._closed:
            raise ConnectionLost("the session has ended")
        if self._synchronising:
            raise LocalProtocolError("busy", "sync() is running")

    async def _run(self, operation: Operation[T]) -> T:
        self._check_usable()
        try:
            while True:
                await self._step(next(operation))
        except StopIteration as done:
            result: T = done.value
            return result
        finally:
            operation.close()

    async def _run_in_thread(self, operation: Operation[T]) -> T:
        """As `_run`, but between two exchanges the operation may block."""
        done: list[T] = []
        running = True

        def advance() -> None:
            nonlocal running
            try:
                next(operation)
            except StopIteration as stop:
                running = False
                done.append(stop.value)

        try:
            while True:
                arrived = await self._threaded(advance)
                if not running:
                    return done[0]
                if arrived:
                    self._connection.flush()
                else:
                    await self._exchange()
        finally:
            await self._threaded(operation.close)

    async def _threaded(self, step: Callable[[], None]) -> bool:
        """Runs a step in a thread, to its end even when this task is cancelled: two threads must
        not work with the session. Returns whether something was received meanwhile."""
        self._connection.hold()
        work = asyncio.ensure_future(asyncio.to_thread(step))
        arrived = False
        try:
            await asyncio.shield(work)
        except asyncio.CancelledError:
            await asyncio.wait([work])
            raise
        finally:
            arrived = self._connection.release()
        return arrived

    async def _stream(self, stream: Stream[T]) -> AsyncGenerator[T, None]:
        self._check_usable()
        try:
            for item in stream:
                if item is None:
                    await self._exchange()
                else:
                    yield item
        finally:
            stream.close()

    async def _step(self, step: Step) -> None:
        if step is START_TLS:
            await self._connection.start_tls(self._ssl_context)
        else:
            await self._exchange()

    async def _exchange(self) -> None:
        try:
            await self._connection.exchange()
        except Exception:
            self.close()
            raise

    async def _body(self, reply: Reply) -> Body:
        body = Body(self, reply)
        await self._run(self._session.begin(reply))
        return body
