"""A POP3 server on asyncio: the engine of `mailproto.sansio.pop3.Server`, a socket, a Maildir."""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import os
import secrets
from typing import TYPE_CHECKING, cast

from mailproto._errors import MailError, SecurityError, Timeout
from mailproto.sansio import pop3
from mailproto.stores._durable import Locked
from mailproto.stores._maildrop import MaildirMaildrop

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from ssl import SSLContext
    from typing import Literal

__all__ = ["Pop3Server"]

MECHANISMS = ("SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5", "PLAIN", "LOGIN")
# What is read from a file, and what may wait to be sent, at a time.
CHUNK_OCTETS = 1 << 16
# What may wait to be taken, before reading pauses.
UNREAD_OCTETS = 1 << 16
# Guessing passwords is slow.
REFUSAL_SECONDS = 1.0
HANDSHAKE_SECONDS = 30.0
# RFC 1939 §3: ten minutes at least.
AUTOLOGOUT_SECONDS = 600.0


class Pop3Server:
    """Serves one Maildir to one user.

    Passwords are taken in the clear only from this machine, unless TLS is on. `tls` allows STLS.
    A client that says nothing, or takes nothing of what is sent, for `autologout` seconds is
    dropped; 0 is for ever.
    """

    def __init__(
        self,
        maildir: Path,
        user: str,
        password: str,
        *,
        tls: SSLContext | None,
        apop: bool = False,
        autologout: float = AUTOLOGOUT_SECONDS,
    ) -> None:
        self.maildir = maildir
        self.user = user
        self.password = password
        self.tls = tls
        self.apop = apop
        self.autologout = autologout
        self.log: Callable[[str], object] = lambda words: None
        self._sessions: set[asyncio.Task[None]] = set()
        self._listeners: list[asyncio.Server] = []

    async def listen(self, host: str, port: int, *, implicit_tls: bool = False) -> int:
        """Begins to serve at an address; returns the port, which is chosen for port 0."""
        loop = asyncio.get_running_loop()
        listener = await loop.create_server(
            lambda: Peer(self._begin, private=implicit_tls, patience=self.autologout),
            host,
            port,
            ssl=self.tls if implicit_tls else None,
        )
        self._listeners.append(listener)
        chosen: int = listener.sockets[0].getsockname()[1]
        return chosen

    async def close(self) -> None:
        """Ends all sessions. Nothing is removed but for clients that have said QUIT."""
        for listener in self._listeners:
            listener.close()
        for session in self._sessions:
            session.cancel()
        await asyncio.gather(*self._sessions, return_exceptions=True)

    def is_user(self, name: str, password: str) -> bool:
        """Whether the password is right, in a time that does not tell how wrong it is."""
        right_name = hmac.compare_digest(octets(name), octets(self.user))
        return hmac.compare_digest(octets(password), octets(self.password)) and right_name

    def _begin(self, peer: Peer) -> None:
        task = asyncio.ensure_future(Session(self, peer).run())
        self._sessions.add(task)
        task.add_done_callback(self._sessions.discard)


class Peer(asyncio.Protocol):
    """The connection to one client, with back-pressure both ways."""

    def __init__(self, begin: Callable[[Peer], object], *, private: bool, patience: float) -> None:
        self.private = private
        self._begin = begin
        self._patience = patience or None
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._ended = False
        self._paused = False
        self._readable = asyncio.Event()
        self._writable = asyncio.Event()
        self._writable.set()

    @property
    def address(self) -> str:
        """Where the client is."""
        address = self._open().get_extra_info("peername")
        return str(address[0]) if address else ""

    async def receive(self) -> bytes:
        """What came; empty at the end."""
        await self._readable.wait()
        data = self.take()
        if not self._ended:
            self._readable.clear()
        if self._paused:
            self._paused = False
            self._open().resume_reading()
        return data

    def take(self) -> bytes:
        """What came, without waiting."""
        data = bytes(self._received)
        self._received.clear()
        return data

    async def send(self, data: bytes) -> None:
        """Sends; waits while much is under way: `TimeoutError` for one who does not read."""
        if data:
            self._open().write(data)
            async with asyncio.timeout(self._patience):
                await self._writable.wait()

    async def start_tls(self, context: SSLContext) -> None:
        """Makes the TLS handshake."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(HANDSHAKE_SECONDS):
            upgraded = await loop.start_tls(self._open(), self, context, server_side=True)
        self._transport = cast("asyncio.Transport", upgraded)
        self.private = True

    def close(self) -> None:
        """Closes when what was sent has left."""
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """Closes at once."""
        if self._transport is not None:
            self._transport.abort()

    # Called by the event loop.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._begin(self)

    def data_received(self, data: bytes) -> None:
        self._received += data
        self._readable.set()
        if len(self._received) > UNREAD_OCTETS and not self._paused:
            self._paused = True
            self._open().pause_reading()

    def eof_received(self) -> bool:
        self._ended = True
        self._readable.set()
        # Keep the way to the client open until its last commands are answered.
        return not self.private

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended = True
        self._readable.set()
        self._writable.set()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def _open(self) -> asyncio.Transport:
        if self._transport is None or self._transport.is_closing():
            raise ConnectionResetError("the client has gone")
        return self._transport


class Session:
    """One client's session."""

    def __init__(self, server: Pop3Server, peer: Peer) -> None:
        self._server = server
        self._peer = peer
        self._where = peer.address
        self._maildrop: MaildirMaildrop | None = None
        self._engine = self._make_engine()

    def _make_engine(self) -> pop3.Server:
        server, peer = self._server, self._peer
        security: Literal["private", "danger-cleartext", "stls-required"] = "stls-required"
        if peer.private:
            security = "private"
        elif is_here(self._where):
            security = "danger-cleartext"
        clock = f"{os.getpid()}.{secrets.token_hex(8)}"
        return pop3.Server(
            security=security,
            stls=server.tls is not None,
            mechanisms=MECHANISMS,
            timestamp=f"<{clock}@localhost>" if server.apop else None,
            expire="never",
            implementation="mailproto",
            newlines="to-crlf",
            autologout=server.autologout,
        )

    async def run(self) -> None:
        """From the greeting to the end."""
        peer, where = self._peer, self._where
        self._log(f"{where}: connected")
        try:
            self._engine.greet("mailproto ready")
            await self._converse()
            peer.close()
            self._log(f"{where}: done")
        except (Timeout, TimeoutError):
            # Nothing is sent and nothing is removed (RFC 1939 §3).
            self._log(f"{where}: timed out")
            peer.abort()
        except (MailError, OSError) as error:
            self._log(f"{where}: {error}")
            await self._part()
        except asyncio.CancelledError:
            peer.abort()
            raise
        except Exception as error:  # noqa: BLE001
            # What it says may hold a password: its kind must do.
            self._log(f"{where}: internal error ({type(error).__name__})")
            peer.abort()
        finally:
            if self._maildrop is not None:
                self._maildrop.close()

    async def _part(self) -> None:
        """Sends the last words, to one who still listens."""
        try:
            await self._peer.send(self._engine.data_to_send())
        except OSError:
            self._peer.abort()
        else:
            self._peer.close()

    async def _converse(self) -> None:
        engine, peer = self._engine, self._peer
        clock = asyncio.get_running_loop().time
        while True:
            while requests := engine.events():
                for request in requests:
                    await self._answer(request)
                await peer.send(engine.data_to_send())
            await peer.send(engine.data_to_send())
            if engine.state == "closed":
                return
            engine.tick(clock())
            try:
                async with asyncio.timeout_at(engine.deadline()):
                    data = await peer.receive()
            except TimeoutError:
                # The engine says what this means.
                continue
            engine.receive_data(data)

    async def _answer(self, request: pop3.Request) -> None:
        self._log(f"{self._engine.state}: {request!r}")
        match request:
            case pop3.StartTls():
                await self._start_tls()
            case pop3.Message(number, _):
                await self._send_message(number)
            case pop3.Update(deleted):
                self._engine.updated(all_removed=self._opened().remove(deleted))
            case pop3.Stat() | pop3.List() | pop3.Uidl():
                self._look(request)
            case _:
                await self._identify(request)

    async def _identify(self, request: pop3.Request) -> None:
        """Who is it?"""
        engine, server = self._engine, self._server
        match request:
            case pop3.Login(name, password):
                await self._admit(right=server.is_user(name, password))
            case pop3.Apop(name, digest):
                right = engine.apop_matches(digest, server.password)
                await self._admit(right=right and name == server.user)
            case pop3.PasswordClaim(_, authzid, name, password):
                right = authzid in ("", name) and server.is_user(name, password)
                await self._delay(right=right)
                engine.verdict(right)
            case pop3.SecretClaim(_, authzid, name):
                known = authzid in ("", name) and name == server.user
                await self._delay(right=known)
                engine.secret(server.password if known else None)
            case pop3.TokenClaim() | pop3.ExternalClaim() | pop3.AnonymousClaim():
                engine.verdict(accepted=False)
            case pop3.Authenticated():
                await self._admit(right=True)
            case pop3.Lang():
                engine.reject("one language only")
            case _:
                pass  # The engine has answered.

    async def _delay(self, *, right: bool) -> None:
        if not right:
            await asyncio.sleep(REFUSAL_SECONDS)

    async def _admit(self, *, right: bool) -> None:
        """Logs the client in and locks the maildrop, if all is well."""
        engine = self._engine
        await self._delay(right=right)
        if not right:
            engine.reject("wrong name or password", code="AUTH")
            return
        try:
            self._maildrop = MaildirMaildrop(self._server.maildir)
        except Locked:
            engine.reject("another session is open", code="IN-USE")
        except OSError as error:
            self._log(str(error))
            engine.reject("the mailbox cannot be read", code="SYS/TEMP")
        else:
            engine.accept(len(self._maildrop.messages))

    def _look(self, request: pop3.Stat | pop3.List | pop3.Uidl) -> None:
        """STAT, LIST, UIDL."""
        engine, messages = self._engine, self._opened().messages
        numbered = list(enumerate(messages, 1))
        match request:
            case pop3.Stat():
                sizes = [mail.size for number, mail in numbered if not engine.is_deleted(number)]
                engine.drop_listing(len(sizes), sum(sizes))
            case pop3.List(None):
                engine.scan_listings([(number, mail.size) for number, mail in numbered])
            case pop3.List(int(number)):
                engine.scan_listing(number, messages[number - 1].size)
            case pop3.Uidl(int(number)):
                engine.unique_id(number, messages[number - 1].uid)
            case _:
                engine.unique_ids([(number, mail.uid) for number, mail in numbered])

    async def _send_message(self, number: int) -> None:
        """RETR and TOP: as many octets at a time as fit."""
        engine, peer = self._engine, self._peer
        mail = self._opened().messages[number - 1]
        try:
            file = mail.open()
        except OSError as error:
            self._log(str(error))
            engine.reject("the message cannot be read", code="SYS/TEMP")
            return
        with file:
            engine.message(mail.size)
            while engine.wants_more and (chunk := file.read(CHUNK_OCTETS)):
                engine.message_data(chunk)
                await peer.send(engine.data_to_send())
            engine.end_message()

    async def _start_tls(self) -> None:
        engine, peer, context = self._engine, self._peer, self._server.tls
        await peer.send(engine.data_to_send())
        # What came in the clear behind STLS is an attack (RFC 2595 §4): the engine says so.
        if early := peer.take():
            engine.receive_data(early)
            engine.events()
        if context is None:
            raise SecurityError("STLS was not offered")
        await peer.start_tls(context)
        engine.tls_established()

    def _opened(self) -> MaildirMaildrop:
        if self._maildrop is None:
            raise RuntimeError("nobody is logged in")
        return self._maildrop

    def _log(self, words: str) -> None:
        self._server.log(words)


def octets(text: str) -> bytes:
    """What a client sent, UTF-8 or not."""
    return text.encode("utf-8", "surrogateescape")


def is_here(address: str) -> bool:
    """Whether a client is on this machine."""
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return False
