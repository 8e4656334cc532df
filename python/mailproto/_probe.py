"""Asks a mail server what it offers: over POP3 and IMAP, with TLS from the beginning and by STLS or
STARTTLS, before and, where somebody may log in, after the login.

Credentials go over verified TLS only. Where a certificate does not verify, the question is asked
again without trust, and without credentials, because just then one wants to know what is there.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from mailproto._certificate import Certificate, read_certificate
from mailproto._errors import (
    AuthenticationError,
    CommandError,
    ConnectionLost,
    MailError,
    MechanismRefused,
    NotOffered,
    RemoteProtocolError,
    SecurityError,
    ServerUnavailable,
)
from mailproto._net import NO_NAME, translated

if TYPE_CHECKING:
    from collections.abc import Callable

    from mailproto._login import Credentials

    Trace: TypeAlias = Callable[[bytes | None, Any], object]
    Exchange: TypeAlias = Callable[..., None]

__all__ = ["DOORS", "Door", "DoorName", "Gate", "Secret", "Service", "probe"]

Protocol: TypeAlias = Literal["pop3", "imap"]
DoorName: TypeAlias = Literal["pop3s", "pop3", "imaps", "imap"]

RECEIVE_OCTETS = 1 << 16
# A server that says more than this before anything was asked of a mailbox does not want to end.
MOST_OCTETS = 1 << 20


class Door:
    """A port, and how one speaks there."""

    def __init__(self, name: DoorName, protocol: Protocol, port: int, *, implicit: bool) -> None:
        self.name: DoorName = name
        self.protocol: Protocol = protocol
        self.port = port
        self.implicit = implicit


DOORS = (
    Door("pop3s", "pop3", 995, implicit=True),
    Door("pop3", "pop3", 110, implicit=False),
    Door("imaps", "imap", 993, implicit=True),
    Door("imap", "imap", 143, implicit=False),
)


class Service:
    """What was learnt at one door. What could not be learnt is `None` or empty."""

    def __init__(self, door: Door, port: int) -> None:
        self.name: DoorName = door.name
        self.protocol: Protocol = door.protocol
        self.port = port
        self.implicit = door.implicit
        self.answers = False
        self.problem: str | None = None
        """Why no more was learnt."""
        self.error: MailError | None = None
        self.greeting: str | None = None
        self.clear: tuple[str, ...] = ()
        """The capabilities before TLS."""
        self.capabilities: tuple[str, ...] = ()
        """Those within TLS, before the login."""
        self.after_login: tuple[str, ...] = ()
        self.mechanisms: tuple[str, ...] = ()
        """How one may log in, within TLS where there is TLS."""
        self.clear_mechanisms: tuple[str, ...] = ()
        """How the server would let one log in without TLS."""
        self.tls: str | None = None
        """The version of TLS."""
        self.cipher: str | None = None
        self.certificate: Certificate | None = None
        self.trusted: bool | None = None
        """Whether the certificate verifies; `distrust` tells why not."""
        self.distrust: str | None = None
        self.login: str | None = None
        """`ok`, or why the login failed; `None` when none was tried."""
        self.identity: dict[str, str] = {}
        """What the server says of itself (RFC 2971, IMPLEMENTATION of RFC 2449 §6.9)."""
        self.quirks: dict[str, int] = {}
        """What it did that the standards do not allow, and how often."""

    @property
    def private(self) -> bool:
        """Whether TLS began."""
        return self.tls is not None

    @property
    def offered(self) -> tuple[str, ...]:
        """All that is known to be offered."""
        return self.after_login or self.capabilities or self.clear


class Secret(NamedTuple):
    """Who logs in, and how."""

    user: str
    password: str | None
    """`None` where the credentials are none, such as a token."""
    credentials: Credentials
    mechanism: str | None = None

    @property
    def plain(self) -> tuple[str, str] | None:
        """For the protocol's own command, where that may be used."""
        if self.password is None or self.mechanism not in (None, "USER", "LOGIN"):
            return None
        return self.user, self.password


class Gate:
    """Lets one log in at a time, since a POP3 server may let a user in only once (RFC 1939 §4), and
    shows credentials that were refused at no further door, since servers lock out who is wrong too
    often."""

    def __init__(self) -> None:
        self.refused = False
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def probe(
    host: str,
    door: Door,
    port: int,
    *,
    timeout: float,
    context: ssl.SSLContext,
    secret: Secret | None = None,
    trace: Trace | None = None,
    gate: Gate,
) -> Service:
    """Learns what there is at one door. What fails is told in the result, not raised.

    The doors of one server are asked with one `gate`.
    """
    service = Service(door, port)
    visit = Visit(service, host, timeout, trace, gate)
    try:
        visit.ask(context, secret)
    except SecurityError as error:
        if service.distrust is None:
            tell_failure(service, error)
            return service
        again = Visit(service, host, timeout, trace, gate)
        try:
            again.ask(trusting_context(), None)
        except MailError as second:
            tell_failure(service, second)
        finally:
            again.close()
    except MailError as error:
        tell_failure(service, error)
    finally:
        visit.close()
    return service


def tell_failure(service: Service, error: MailError) -> None:
    service.error = error
    service.problem = str(error)


def trusting_context() -> ssl.SSLContext:
    """TLS with anybody. Only for looking."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class Visit:
    """One connection to one door."""

    def __init__(
        self,
        service: Service,
        host: str,
        timeout: float,
        trace: Trace | None,
        gate: Gate,
    ) -> None:
        self._gate = gate
        self._service = service
        self._host = host
        self._timeout = timeout
        self._socket: socket.socket | None = None
        self._talk: Talk = (Pop3Talk if service.protocol == "pop3" else ImapTalk)(
            service, self._exchange, trace
        )
        self._received = 0
        self._deadline = 0.0

    def ask(self, context: ssl.SSLContext, secret: Secret | None) -> None:
        """Asks everything that there is to ask."""
        service, talk = self._service, self._talk
        self._doing = f"{self._host} port {service.port}"
        self._connect()
        if service.implicit:
            self._start_tls(context)
        talk.wait_for_greeting()
        service.answers = True
        capabilities, mechanisms = talk.capabilities()
        if service.implicit:
            service.capabilities, service.mechanisms = capabilities, mechanisms
        else:
            service.clear, service.clear_mechanisms = capabilities, mechanisms
            if not talk.offers_tls(capabilities):
                talk.leave()
                return
            talk.begin_tls()
            self._start_tls(context)
            talk.tls_established()
            service.capabilities, service.mechanisms = talk.capabilities()
        if secret is None or not service.trusted:
            talk.leave()
            return
        with self._gate:
            if not self._gate.refused:
                self._log_in(secret)
            talk.identify()
            talk.leave()

    def close(self) -> None:
        """Closes the connection."""
        if self._socket is not None:
            self._socket.close()

    def _log_in(self, secret: Secret) -> None:
        service = self._service
        try:
            self._talk.log_in(secret)
        except (CommandError, NotOffered, MechanismRefused) as error:
            service.login, service.error = str(error), error
            self._gate.refused = isinstance(error, AuthenticationError)
        else:
            service.login = "ok"
            service.after_login, _ = self._talk.capabilities()

    # Octets.

    def _connect(self) -> None:
        try:
            self._socket = socket.create_connection((self._host, self._service.port), self._timeout)
        except OSError as error:
            raise translated(error, self._doing) from error
        except UnicodeError:
            raise translated(NO_NAME, self._doing) from NO_NAME

    def _start_tls(self, context: ssl.SSLContext) -> None:
        service, plain = self._service, self._socket
        assert plain is not None  # noqa: S101
        try:
            secured = context.wrap_socket(plain, server_hostname=self._host)
        except ssl.SSLCertVerificationError as error:
            service.trusted, service.distrust = False, error.verify_message
            raise translated(error, self._doing) from error
        except (OSError, ValueError) as error:
            # ValueError: what is no host name at all.
            words = getattr(error, "reason", None) or error
            raise ConnectionLost(f"{self._doing}: TLS does not begin: {words}") from error
        self._socket = secured
        if service.trusted is None:
            service.trusted = True
        service.tls = secured.version()
        cipher = secured.cipher()
        service.cipher = cipher[0] if cipher else None
        der = secured.getpeercert(binary_form=True)
        if der:
            try:
                service.certificate = read_certificate(der)
            except ValueError as error:
                service.distrust = service.distrust or str(error)

    def _exchange(self, *, new: bool) -> None:
        """Sends what is to be sent, and receives once. A wait that is `new` has all the time."""
        now = time.monotonic()
        if new:
            self._deadline = now + self._timeout
        left = self._deadline - now
        connection = self._socket
        assert connection is not None  # noqa: S101
        try:
            if left <= 0:
                raise TimeoutError
            connection.settimeout(left)
            connection.sendall(self._talk.to_send())
            data = connection.recv(RECEIVE_OCTETS)
        except OSError as error:
            raise translated(error, self._doing) from error
        self._received += len(data)
        if not data:
            raise ConnectionLost(f"{self._doing}: the server closed the connection")
        if self._received > MOST_OCTETS:
            raise RemoteProtocolError("endless", self._received, f"{self._doing}: it does not end")
        self._talk.receive(data)


class Talk(ABC):
    """One protocol, spoken as far as a probe needs it."""

    client: Any
    """The engine."""

    def __init__(self, service: Service, exchange: Exchange, trace: Trace | None) -> None:
        self._service = service
        self._exchange = exchange
        self._trace = trace
        self._events: list[Any] = []

    # For whoever moves the octets.

    def to_send(self) -> bytes:
        """What is to be sent now."""
        data: bytes = self.client.data_to_send()
        if data and self._trace is not None:
            self._trace(data, None)
        return data

    def receive(self, data: bytes) -> None:
        """Takes what came."""
        self.client.receive_data(data)
        while events := self.client.events():
            for event in events:
                if self._trace is not None:
                    self._trace(None, event)
                self._note(event)

    def _note(self, event: Any) -> None:  # noqa: ANN401
        quirk = getattr(event, "quirk", None)
        if type(event).__name__ == "Unrecognized":
            quirk = "not-understood"
        if quirk is None:
            self._events.append(event)
        else:
            self._service.quirks[quirk] = self._service.quirks.get(quirk, 0) + 1

    # Waiting.

    def _wait(self, *kinds: type) -> Any:  # noqa: ANN401
        """The next event of these kinds. Others are kept."""
        new = True
        while True:
            for index, event in enumerate(self._events):
                if isinstance(event, kinds):
                    return self._events.pop(index)
            self._exchange(new=new)
            new = False

    def _taken(self, kind: type) -> list[Any]:
        """The events of a kind that have come."""
        taken = [event for event in self._events if isinstance(event, kind)]
        self._events = [event for event in self._events if not isinstance(event, kind)]
        return taken

    # What each protocol says in its own way.

    @abstractmethod
    def wait_for_greeting(self) -> None:
        """Returns when the server has greeted."""

    @abstractmethod
    def capabilities(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What the server offers now, and by which mechanisms one may log in."""

    @abstractmethod
    def offers_tls(self, capabilities: tuple[str, ...]) -> bool:
        """Whether TLS may begin."""

    @abstractmethod
    def begin_tls(self) -> None:
        """Returns when the handshake may begin."""

    def tls_established(self) -> None:
        """Says that the channel is private now."""
        self.client.tls_established()

    @abstractmethod
    def log_in(self, secret: Secret) -> None:
        """Logs in, or raises."""

    def identify(self) -> None:  # noqa: B027 (most have nothing to ask)
        """Asks the server who it is."""

    @abstractmethod
    def leave(self) -> None:
        """Ends the session."""


class Pop3Talk(Talk):
    """RFC 1939, with CAPA (RFC 2449) and STLS (RFC 2595)."""

    def __init__(self, service: Service, exchange: Exchange, trace: Trace | None) -> None:
        super().__init__(service, exchange, trace)
        from mailproto.sansio import pop3  # noqa: PLC0415

        self._pop3 = pop3
        self.client = pop3.Client(security="private" if service.implicit else "stls-required")
        self._timestamp = False

    def wait_for_greeting(self) -> None:
        greeting = self._wait(self._pop3.Greeting)
        self._service.greeting = greeting.text
        if not greeting.ok:
            raise CommandError("greeting", "err", greeting.code, greeting.text)
        self._timestamp = greeting.timestamp is not None

    def capabilities(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        self.client.capa()
        completed = self._completed()
        if not completed.ok:
            # RFC 2449 is optional; USER is what there was before.
            return (), ("USER", *(["APOP"] if self._timestamp else []))
        items = self._taken(self._pop3.Capability)
        mechanisms = [word for item in items if item.name == "SASL" for word in item.arguments]
        mechanisms += ["USER"] if any(item.name == "USER" for item in items) else []
        mechanisms += ["APOP"] if self._timestamp else []
        for item in items:
            if item.name == "IMPLEMENTATION":
                self._service.identity["name"] = " ".join(item.arguments)
        return tuple(" ".join([item.name, *item.arguments]) for item in items), tuple(mechanisms)

    def offers_tls(self, capabilities: tuple[str, ...]) -> bool:
        return "STLS" in capabilities

    def begin_tls(self) -> None:
        self.client.stls()
        self._checked()

    def log_in(self, secret: Secret) -> None:
        plain = secret.plain
        try:
            self.client.auth(secret.credentials, secret.mechanism)
        except (NotOffered, MechanismRefused):
            if plain is None:
                raise
            self.client.login(*plain)
            self._checked()  # USER; PASS follows.
        self._checked()

    def leave(self) -> None:
        self.client.quit()
        self._completed()

    def _completed(self) -> Any:  # noqa: ANN401
        return self._wait(self._pop3.Completed)

    def _checked(self) -> None:
        completed = self._completed()
        if not completed.ok:
            raise CommandError.from_completed(completed)


class ImapTalk(Talk):
    """RFC 9051 and RFC 3501, with ID (RFC 2971)."""

    def __init__(self, service: Service, exchange: Exchange, trace: Trace | None) -> None:
        super().__init__(service, exchange, trace)
        from mailproto.sansio import imap  # noqa: PLC0415

        self._imap = imap
        self.client = imap.Client(security="private" if service.implicit else "starttls-required")

    def wait_for_greeting(self) -> None:
        greeting = self._wait(self._imap.Greeting)
        self._service.greeting = greeting.text
        if greeting.kind == "bye":
            code = greeting.code.name if greeting.code else None
            raise ServerUnavailable("greeting", "bye", code, greeting.text)

    def capabilities(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        self._checked(self.client.capability())
        names: frozenset[str] = self.client.capabilities
        mechanisms = [name.removeprefix("AUTH=") for name in names if name.startswith("AUTH=")]
        if "LOGINDISABLED" not in names:
            mechanisms.append("LOGIN (command)")
        return tuple(sorted(names)), tuple(sorted(mechanisms))

    def offers_tls(self, capabilities: tuple[str, ...]) -> bool:
        return "STARTTLS" in capabilities

    def begin_tls(self) -> None:
        self._checked(self.client.starttls())

    def log_in(self, secret: Secret) -> None:
        plain = secret.plain
        try:
            tag = self.client.authenticate(secret.credentials, secret.mechanism)
        except (NotOffered, MechanismRefused):
            if plain is None:
                raise
            tag = self.client.login(*plain)
        self._checked(tag)

    def identify(self) -> None:
        if "ID" not in self._service.offered:
            return
        tag = self.client.id()
        self._wait_for(tag)
        for answer in self._taken(self._imap.Id):
            known = {name: value for name, value in answer.fields.items() if value}
            self._service.identity.update(known)

    def leave(self) -> None:
        self._wait_for(self.client.logout())

    def _wait_for(self, tag: str) -> Any:  # noqa: ANN401
        while True:
            completed = self._wait(self._imap.Completed)
            if completed.tag == tag:
                return completed

    def _checked(self, tag: str) -> None:
        completed = self._wait_for(tag)
        if not completed.ok:
            raise CommandError.from_completed(completed)
