"""Blocking connections: a socket, TLS on top of it, and this package's exceptions for both."""

from __future__ import annotations

import select
import socket
import struct
import sys
from typing import TYPE_CHECKING, TypeVar

from mailproto._errors import ConnectionLost, MailError, SecurityError, Timeout

if TYPE_CHECKING:
    from collections.abc import Callable
    from ssl import SSLContext

T = TypeVar("T")

__all__ = ["Connection", "default_context", "translated"]

# Where it is known how the system wants its time written.
KERNEL_KEEPS_TIME = sys.platform == "linux" and sys.maxsize > 1 << 32
# For what cannot be encoded as a host name (RFC 5890), which names no host.
NO_NAME = socket.gaierror(socket.EAI_NONAME, "no valid host name")
# One read. Chunks of a message are slices of it, so this also bounds what a streamed body holds.
RECEIVE_OCTETS = 1 << 18


def default_context() -> SSLContext:
    """TLS with the system's certificates: the server must prove its name. Imported late, because
    `ssl` takes longer to import than all of this package."""
    import ssl  # noqa: PLC0415

    return ssl.create_default_context()


def translated(error: OSError, doing: str) -> MailError:
    """The exception of this package that tells what `error` means to its user."""
    if isinstance(error, TimeoutError | BlockingIOError):
        return Timeout(f"{doing}: nothing came in time")
    # Without importing ssl: a certificate that does not verify has this attribute.
    verify_message = getattr(error, "verify_message", None)
    if verify_message is not None:
        refused = SecurityError("certificate")
        # This has no place in the stream of octets.
        refused.args = (f"{doing}: the certificate does not verify: {verify_message}",)
        return refused
    return ConnectionLost(f"{doing}: {error.strerror or error}")


class Connection:
    """A connected stream socket. Every wait ends after `timeout` seconds with `Timeout`."""

    def __init__(self, host: str, port: int, timeout: float | None) -> None:
        self._host = host
        self._timeout = timeout
        self._doing = f"{host} port {port}"
        self._socket = self._guarded(lambda: socket.create_connection((host, port), timeout))
        # Pipelined commands are small, and each batch wants to leave at once.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if timeout is not None and KERNEL_KEEPS_TIME:
            let_kernel_keep_time(self._socket, timeout)

    def start_tls(self, context: SSLContext | None) -> None:
        """Makes the TLS handshake and verifies the server's certificate against its name."""
        context = context or default_context()
        plain, host = self._socket, self._host
        # The module ssl knows Python's own timeouts only.
        plain.settimeout(self._timeout)
        self._socket = self._guarded(lambda: context.wrap_socket(plain, server_hostname=host))

    def send(self, data: bytes) -> None:
        """Sends all of `data`."""
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise translated(error, self._doing) from error

    def receive(self) -> bytes:
        """What the server sent next; empty when it has hung up."""
        try:
            return self._socket.recv(RECEIVE_OCTETS)
        except OSError as error:
            raise translated(error, self._doing) from error

    def receive_within(self, seconds: float) -> bytes | None:
        """As `receive`, but `None` if nothing came in so many seconds."""
        return self.receive() if self._is_readable(seconds) else None

    def _is_readable(self, seconds: float) -> bool:
        connection = self._socket
        # What TLS has taken apart already shows on no socket.
        pending: Callable[[], int] | None = getattr(connection, "pending", None)
        if pending is not None and pending():
            return True
        if hasattr(select, "poll"):
            poll = select.poll()
            poll.register(connection, select.POLLIN)
            # Rounded up: to wait nothing at all, again and again, would be no waiting.
            return bool(poll.poll(int(max(seconds, 0.0) * 1000) + 1))
        return bool(select.select([connection], (), (), max(seconds, 0.0))[0])

    def close(self) -> None:
        """Closes the socket, whatever state it is in."""
        self._socket.close()

    def _guarded(self, step: Callable[[], T]) -> T:
        try:
            return step()
        except OSError as error:
            raise translated(error, self._doing) from error
        except UnicodeError:
            raise translated(NO_NAME, self._doing) from NO_NAME


def let_kernel_keep_time(connection: socket.socket, timeout: float) -> None:
    """Sets a timeout that spares the `poll` before each `send` and `recv`, a quarter of the time
    that a short exchange takes. When it is over they raise BlockingIOError."""
    seconds, fraction = divmod(timeout, 1)
    # Zero would mean for ever.
    timeval = struct.pack("@ll", int(seconds), max(int(fraction * 1_000_000), 1))
    connection.settimeout(None)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, timeval)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, timeval)
