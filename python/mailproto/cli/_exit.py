"""Exit codes, after sysexits.h, and which error means which."""

from __future__ import annotations

import enum
import socket

from mailproto import _errors as errors

__all__ = ["EPILOG", "Exit", "UsageError", "exit_code", "printable"]


class Exit(enum.IntEnum):
    """How the command ended."""

    OK = 0
    SOME_FAILED = 1
    USAGE = 64
    NO_HOST = 68
    UNAVAILABLE = 69
    LOCAL_IO = 74
    TRY_LATER = 75
    PROTOCOL = 76
    AUTHENTICATION = 77
    CONFIGURATION = 78
    INTERRUPTED = 130


EPILOG = """\
exit codes: 0 done; 1 some messages failed; 64 wrong usage; 68 host not found;
69 server unavailable or unwilling; 74 error of a local file; 75 failed for now,
try later; 76 the server or the connection is not as it must be;
77 credentials refused, no permission; 78 wrong configuration; 130 interrupted
"""


class UsageError(Exception):
    """The command line asks for what cannot be done."""


# The first that fits counts.
CODES: tuple[tuple[type[BaseException], Exit], ...] = (
    (UsageError, Exit.USAGE),
    (errors.AuthenticationError, Exit.AUTHENTICATION),
    (errors.MechanismRefused, Exit.AUTHENTICATION),
    (errors.NoPermission, Exit.AUTHENTICATION),
    (errors.InsecureChannel, Exit.CONFIGURATION),
    (errors.NotOffered, Exit.UNAVAILABLE),
    (errors.InvalidArgument, Exit.USAGE),
    (errors.InUse, Exit.TRY_LATER),
    (errors.Throttled, Exit.TRY_LATER),
    (errors.Timeout, Exit.TRY_LATER),
    (errors.CommandError, Exit.UNAVAILABLE),
    (errors.ProtocolError, Exit.PROTOCOL),
    (errors.ConnectionLost, Exit.TRY_LATER),
    (errors.MailError, Exit.TRY_LATER),
    (OSError, Exit.LOCAL_IO),
    (ValueError, Exit.CONFIGURATION),
    (KeyboardInterrupt, Exit.INTERRUPTED),
)


def exit_code(error: BaseException) -> Exit | None:
    """The code for an error that ended the command; `None` if it is a bug."""
    if isinstance(error, errors.CommandError) and error.command == "QUIT":
        # Everything was fetched, but some messages could not be deleted (RFC 1939 §6).
        return Exit.SOME_FAILED
    cause = error.__cause__
    if isinstance(error, errors.ConnectionLost) and isinstance(cause, socket.gaierror):
        return Exit.TRY_LATER if cause.errno == socket.EAI_AGAIN else Exit.NO_HOST
    if isinstance(error, errors.ConnectionLost) and isinstance(cause, ConnectionRefusedError):
        return Exit.UNAVAILABLE
    if isinstance(error, errors.ServerUnavailable) and error.temporary:
        return Exit.TRY_LATER
    return next((code for kind, code in CODES if isinstance(error, kind)), None)


def printable(words: str) -> str:
    """A server's words, harmless for a terminal: control characters are shown, not obeyed."""
    return "".join(
        character if character.isprintable() else ascii(character)[1:-1] for character in words
    )
