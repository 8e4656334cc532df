"""The exceptions. The type of one tells who is at fault, and so what helps.

====================== ======================= ===========================================
type                   at fault                remedy
====================== ======================= ===========================================
LocalProtocolError     the calling program     correct the call; the connection is unharmed
LimitExceeded          a limit that was set    raise the limit, or do without
RemoteProtocolError    the server's software   close; a strict client may try lenient
SecurityError          an attacker, perhaps    close, send no credentials, tell the user
CommandError           what was asked for      depends on ``code``; the connection goes on
ConnectionLost         the network             connect again
Timeout                the network             connect again, later
====================== ======================= ===========================================

What a `CommandError` is more exactly, where the server tells it:

====================== =================================================== ====================
type                   the server says                                     remedy
====================== =================================================== ====================
AuthenticationError    POP3 ``AUTH``; IMAP ``AUTHENTICATIONFAILED``,       ask the user
                       ``AUTHORIZATIONFAILED``, ``EXPIRED``,
                       ``PRIVACYREQUIRED``; no to a login
MessageNotFound        POP3: no such message                               list anew
MailboxNotFound        IMAP ``NONEXISTENT``, ``TRYCREATE``, no to SELECT   list, or create it
MailboxExists          IMAP ``ALREADYEXISTS``                              take it as it is
OverQuota              IMAP ``OVERQUOTA``                                  make room
NoPermission           IMAP ``NOPERM``, ``READ-ONLY``                      ask who may
InUse                  POP3 ``IN-USE``; IMAP ``INUSE``                     try later
Throttled              POP3 ``LOGIN-DELAY``; IMAP ``THROTTLED``, ``LIMIT`` wait
ServerUnavailable      POP3 ``SYS``; IMAP ``UNAVAILABLE``, ``SERVERBUG``,  try later, or
                       ``CONTACTADMIN``, ``CORRUPTION``                    tell its owner
No                     IMAP: NO, for another reason                        read ``text``
Bad                    IMAP: BAD, it did not understand                    report a bug
====================== =================================================== ====================

All of them are a `MailError` and survive pickling; none ever carries a secret.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mailproto.sansio.pop3 import Completed

__all__ = [
    "AuthenticationError",
    "Bad",
    "CommandError",
    "ConnectionLost",
    "InUse",
    "InsecureChannel",
    "InvalidArgument",
    "LimitExceeded",
    "LocalProtocolError",
    "MailError",
    "MailboxExists",
    "MailboxNotFound",
    "MechanismRefused",
    "MessageNotFound",
    "No",
    "NoPermission",
    "NotOffered",
    "OverQuota",
    "PipelineFull",
    "ProtocolError",
    "RemoteProtocolError",
    "SecurityError",
    "ServerUnavailable",
    "Throttled",
    "Timeout",
    "WrongState",
]


def _restore(kind: type[MailError], args: tuple[Any, ...], state: dict[str, Any]) -> MailError:
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(state)
    return error


class MailError(Exception):
    """Base of all exceptions of this package."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self.args, self.__dict__.copy())


class ProtocolError(MailError):
    """A rule of the protocol was broken."""


class LocalProtocolError(ProtocolError):
    """The calling program asked for what the protocol forbids. Nothing was sent, nothing changed.

    ``reason`` is for programs: ``wrong-state``, ``busy``, ``closed``, ``not-offered``,
    ``insecure``, ``forbidden-octet``, ``empty``, ``too-long``, ``message-number``, ``full``,
    ``sasl`` and so on.
    """

    def __init__(self, reason: str, message: str = "") -> None:
        super().__init__(message or reason)
        self.reason = reason


class WrongState(LocalProtocolError):
    """The command is not legal now: before the greeting or login, after QUIT, or behind a command
    whose reply decides what may follow."""


class NotOffered(LocalProtocolError):
    """The server's capability list does not contain what the command needs."""


class InsecureChannel(LocalProtocolError):
    """Credentials would travel over a channel that was not declared private. Use TLS."""


class InvalidArgument(LocalProtocolError, ValueError):
    """An argument that no command may carry: CR, LF, NUL, too long, empty, message number 0."""


class PipelineFull(LocalProtocolError):
    """Too many commands are in flight. Send, receive, take the events, and call again."""


class MechanismRefused(LocalProtocolError):
    """The SASL mechanism cannot use the credentials, or not go on."""


class RemoteProtocolError(ProtocolError):
    """The server broke a rule that nothing can mend; the session is over.

    ``violation`` names the rule, ``offset`` is how many octets had been received before the
    offending item.
    """

    def __init__(self, violation: str, offset: int = 0, message: str = "") -> None:
        super().__init__(f"{message or violation} (at octet {offset})")
        self.violation = violation
        self.offset = offset


class SecurityError(RemoteProtocolError):
    """The session is not safe: what came may be an attacker's. Do not try again without TLS."""


class LimitExceeded(MailError):
    """Something is larger than a limit that the program set."""

    def __init__(self, message: str, needed: int | None = None) -> None:
        super().__init__(message)
        self.needed = needed


class ConnectionLost(MailError, ConnectionError):
    """The connection ended before the session did.

    With POP3, deletions did not happen (RFC 1939 §6); with IMAP, what was not answered may have
    happened or not.
    """

    def __init__(self, message: str = "the connection was lost", offset: int | None = None) -> None:
        super().__init__(message)
        self.offset = offset


class Timeout(MailError, TimeoutError):
    """Nothing was received in time."""

    def __init__(self, message: str = "nothing was received in time") -> None:
        super().__init__(message)


class CommandError(MailError):
    """The server refused a command. The session goes on.

    ``command`` is its name, ``status`` that of the completion (POP3: ``err`` or ``malformed``;
    IMAP: ``no`` or ``bad``; both: ``not-sent``), ``code`` the response code without its brackets
    (RFC 2449 §8; RFC 9051 §7.1, the name only), ``text`` the server's words.
    """

    def __init__(self, command: str, status: str, code: str | None, text: str) -> None:
        words = f"[{code}] {text}" if code else text
        super().__init__(f"{command}: {words or status}")
        self.command = command
        self.status = status
        self.code = code
        self.text = text

    @staticmethod
    def from_completed(event: Completed) -> CommandError:
        """The exception that fits a completion whose status is not ``ok``."""
        kind = _kind(event.verb, event.status, event.code)
        return kind(event.verb, event.status, event.code, event.text)


class AuthenticationError(CommandError):
    """The credentials are wrong, or not accepted this way. Ask the user."""


class Throttled(CommandError):
    """Asked too often: logged in again too soon (``LOGIN-DELAY``, RFC 2449 §8.1.1), or more than
    the server's limits allow (``LIMIT``, RFC 9051 §7.1; ``THROTTLED``).

    ``retry_after`` is how many seconds to wait, where the server told it.
    """

    retry_after: float | None = None


class InUse(CommandError):
    """Another session holds the maildrop (``IN-USE``, RFC 2449 §8.1.2), or what is to be done in
    the mailbox cannot be done while others use it (``INUSE``, RFC 9051 §7.1). Try later."""


class ServerUnavailable(CommandError):
    """The server is at fault, for now if ``temporary`` (``SYS/TEMP``, RFC 3206 §4;
    ``UNAVAILABLE``, RFC 9051 §7.1)."""

    @property
    def temporary(self) -> bool:
        """Whether it is worth trying again."""
        return self.code is not None and not self.code.upper().startswith(_PERMANENT)


class MessageNotFound(CommandError):
    """There is no such message, or it is marked as deleted."""


class No(CommandError):
    """IMAP: the server will not or cannot do it (RFC 9051 §7.1.2)."""


class Bad(CommandError):
    """IMAP: the server did not understand the command, or is in trouble (RFC 9051 §7.1.3)."""


class MailboxNotFound(No):
    """There is no such mailbox (``NONEXISTENT``, ``TRYCREATE``), or it cannot be selected."""


class MailboxExists(No):
    """There is a mailbox of that name already (``ALREADYEXISTS``)."""


class OverQuota(No):
    """No room is left (``OVERQUOTA``, RFC 9208 §4.3)."""


class NoPermission(No):
    """The user may not do this (``NOPERM``), or not in a mailbox that was opened read-only."""


_BY_CODE: dict[str, type[CommandError]] = {
    "AUTH": AuthenticationError,
    "LOGIN-DELAY": Throttled,
    "IN-USE": InUse,
    "SYS": ServerUnavailable,
}
_BY_VERB: dict[str, type[CommandError]] = {
    **dict.fromkeys(("USER", "PASS", "APOP", "AUTH"), AuthenticationError),
    **dict.fromkeys(("RETR", "TOP", "DELE", "LIST", "UIDL"), MessageNotFound),
}


_PERMANENT = ("SYS/PERM", "SERVERBUG", "CONTACTADMIN", "CORRUPTION")
_BY_IMAP_CODE: dict[str, type[CommandError]] = {
    "ALREADYEXISTS": MailboxExists,
    "INUSE": InUse,
    "OVERQUOTA": OverQuota,
    **dict.fromkeys(
        ("AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "EXPIRED", "PRIVACYREQUIRED"),
        AuthenticationError,
    ),
    **dict.fromkeys(("NONEXISTENT", "TRYCREATE"), MailboxNotFound),
    **dict.fromkeys(("NOPERM", "READ-ONLY"), NoPermission),
    **dict.fromkeys(("LIMIT", "THROTTLED"), Throttled),
    **dict.fromkeys(("UNAVAILABLE", "SERVERBUG", "CONTACTADMIN", "CORRUPTION"), ServerUnavailable),
}
_BY_IMAP_COMMAND: dict[str, type[CommandError]] = {
    **dict.fromkeys(("LOGIN", "AUTHENTICATE"), AuthenticationError),
    **dict.fromkeys(("SELECT", "EXAMINE"), MailboxNotFound),
}


def imap_error(command: str, status: str, code: str | None, text: str) -> CommandError:
    """The exception that fits an IMAP completion whose status is not ``ok``."""
    return _imap_kind(command, status, code)(command, status, code, text)


def _imap_kind(command: str, status: str, code: str | None) -> type[CommandError]:
    kind = _BY_IMAP_CODE.get((code or "").upper())
    if kind is None and status == "no":
        kind = _BY_IMAP_COMMAND.get(command, No)
    if kind is None and status == "bad":
        kind = Bad
    return kind or CommandError


def _kind(verb: str, status: str, code: str | None) -> type[CommandError]:
    if status != "err":
        return CommandError
    level = (code or "").upper().partition("/")[0]
    return _BY_CODE.get(level) or _BY_VERB.get(verb, CommandError)
