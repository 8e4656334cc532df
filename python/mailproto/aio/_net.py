"""Connections on asyncio: what arrives goes straight to the session, as long as somebody waits."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol, cast

from mailproto._errors import ConnectionLost, MailError, Timeout
from mailproto._net import NO_NAME, default_context, translated

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from ssl import SSLContext
    from typing import TypeVar

    T = TypeVar("T")

__all__ = ["Connection"]

# What may arrive that nobody has waited for, before reading pauses: the back-pressure.
UNREAD_OCTETS = 1 << 17


class Session(Protocol):
    """What a session without I/O is to a connection."""

    def to_send(self) -> bytes:
        """What is to be sent now."""
        ...

    def received(self, data: bytes, /) -> None:
        """Takes what the server sent; empty when it has hung up."""


class Connection(asyncio.Protocol):
    """One connection of one session. Any number of tasks may wait on it."""

    def __init__(self, session: Session, host: str, port: int, timeout: float | None) -> None:
        self._session = session
        self._host = host
        self._port = port
        self._timeout = timeout
        self._transport: asyncio.Transport | None = None
        self._failure: MailError | None = None
        self._waiters: list[asyncio.Future[None]] = []
        # Set while the system takes no more of what is sent: done when it does again.
        self._writable: asyncio.Future[None] | None = None
        self._unread = 0
        self._paused = False
        # Not None while a thread works with the session: then what arrives waits here.
        self._held: list[bytes] | None = None

    async def open(self, context: SSLContext | None) -> None:
        """Connects, and makes the TLS handshake where there is a context."""
        loop = asyncio.get_running_loop()
        name = self._host if context is not None else None
        connecting = loop.create_connection(
            lambda: self, self._host, self._port, ssl=context, server_hostname=name
        )
        await self._guarded(connecting)

    async def start_tls(self, context: SSLContext | None) -> None:
        """Makes the TLS handshake and verifies the server's certificate against its name."""
        loop = asyncio.get_running_loop()
        plain = self._open_transport()
        upgrading = loop.start_tls(
            plain, self, context or default_context(), server_hostname=self._host
        )
        self._transport = cast("asyncio.Transport", await self._guarded(upgrading))

    async def exchange(self, within: float | None = None) -> None:
        """Sends what is to be sent and waits until something was received, or for `within` seconds
        where that is given."""
        self.flush()
        self._unread = 0
        if self._paused:
            self._paused = False
            self._open_transport().resume_reading()
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        try:
            async with asyncio.timeout(self._timeout if within is None else within):
                await waiter
        except Timeout:
            raise
        except TimeoutError:
            if within is None:
                self._give_up()
        finally:
            if waiter.cancelled():
                self._waiters = [other for other in self._waiters if other is not waiter]

    async def drain(self) -> None:
        """Sends what is to be sent and waits until the system has taken enough of it."""
        self.flush()
        try:
            async with asyncio.timeout(self._timeout):
                while self._writable is not None:
                    await asyncio.shield(self._writable)
        except Timeout:
            raise
        except TimeoutError:
            self._give_up()

    def wake(self) -> None:
        """Something was received otherwise: whoever waits looks again."""
        self._wake()

    def flush(self) -> None:
        """Sends what is to be sent."""
        transport = self._open_transport()
        if data := self._session.to_send():
            transport.write(data)

    def hold(self) -> None:
        """From now on a thread works with the session."""
        self._held = []

    def release(self) -> bool:
        """The thread is done: what arrived meanwhile is taken now. Returns whether there is any."""
        held, self._held = self._held or [], None
        for data in held:
            self.data_received(data)
        return bool(held)

    def close(self) -> None:
        """Closes the connection when what was written has left."""
        if self._transport is not None:
            self._transport.close()

    def abort(self, failure: MailError | None = None) -> None:
        """Drops the connection. Whoever waits gets `failure`."""
        self._failure = self._failure or failure or ConnectionLost("the session has ended")
        if self._transport is not None:
            self._transport.abort()
        self._wake()

    # Called by the event loop.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        if self._held is not None:
            self._held.append(data)
            return
        try:
            self._session.received(data)
        except MailError as error:
            self.abort(error)
            return
        self._unread += len(data)
        self._wake()
        if self._unread > UNREAD_OCTETS and not self._paused and self._transport is not None:
            self._paused = True
            self._transport.pause_reading()

    def eof_received(self) -> None:
        self.data_received(b"")

    def connection_lost(self, exc: Exception | None) -> None:
        if self._failure is None:
            if isinstance(exc, OSError):
                self._failure = translated(exc, self._where)
            else:
                self._failure = ConnectionLost(f"{self._where}: the connection was closed")
        self._let_write()
        self._wake()

    def pause_writing(self) -> None:
        if self._writable is None:
            self._writable = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        self._let_write()

    # Helpers.

    def _give_up(self) -> None:
        self.abort(Timeout(f"{self._where}: nothing came in time"))
        self._open_transport()

    def _let_write(self) -> None:
        writable, self._writable = self._writable, None
        if writable is not None and not writable.done():
            writable.set_result(None)

    @property
    def _where(self) -> str:
        return f"{self._host} port {self._port}"

    def _open_transport(self) -> asyncio.Transport:
        if self._failure is not None:
            raise self._failure
        if self._transport is None:
            raise ConnectionLost("not connected")
        return self._transport

    def _wake(self) -> None:
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if waiter.done():
                continue
            if self._failure is None:
                waiter.set_result(None)
            else:
                waiter.set_exception(self._failure)

    async def _guarded(self, step: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(self._timeout):
                return await step
        except OSError as error:
            # An error of the session's says more than that the connection was dropped for it.
            raise (self._failure or translated(error, self._where)) from error
        except UnicodeError:
            raise translated(NO_NAME, self._where) from NO_NAME
