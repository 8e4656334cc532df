"""IMAP and POP3 from one engine: sans-IO (`mailproto.sansio`), blocking (`mailproto.imap`,
`mailproto.pop3`), asyncio (`mailproto.aio`) and as a command (``mailproto``)."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from mailproto._core import Anonymous, External, Password, Token
from mailproto._errors import (
    AuthenticationError,
    Bad,
    CommandError,
    ConnectionLost,
    InsecureChannel,
    InUse,
    InvalidArgument,
    LimitExceeded,
    LocalProtocolError,
    MailboxExists,
    MailboxNotFound,
    MailError,
    MechanismRefused,
    MessageNotFound,
    No,
    NoPermission,
    NotOffered,
    OverQuota,
    PipelineFull,
    ProtocolError,
    RemoteProtocolError,
    SecurityError,
    ServerUnavailable,
    Throttled,
    Timeout,
    WrongState,
)

if TYPE_CHECKING:
    from types import ModuleType

    from mailproto import aio, imap, pop3, sansio

__version__ = "0.1.0"

__all__ = [
    "Anonymous",
    "AuthenticationError",
    "Bad",
    "CommandError",
    "ConnectionLost",
    "External",
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
    "Password",
    "PipelineFull",
    "ProtocolError",
    "RemoteProtocolError",
    "SecurityError",
    "ServerUnavailable",
    "Throttled",
    "Timeout",
    "Token",
    "WrongState",
    "aio",
    "imap",
    "pop3",
    "sansio",
]

_LAZY = frozenset({"aio", "imap", "pop3", "sansio"})


def __getattr__(name: str) -> ModuleType:
    """Imports a face when it is first used, so that the others cost no time."""
    if name in _LAZY:
        return importlib.import_module(f"mailproto.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
