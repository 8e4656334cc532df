"""The names that attributes of events and arguments may have."""

from typing import Literal, TypeAlias

Verb: TypeAlias = Literal[
    "CAPA",
    "STLS",
    "USER",
    "PASS",
    "APOP",
    "AUTH",
    "STAT",
    "LIST",
    "UIDL",
    "RETR",
    "TOP",
    "DELE",
    "RSET",
    "NOOP",
    "QUIT",
    "UTF8",
    "LANG",
    "",
]
Status: TypeAlias = Literal["ok", "err", "malformed", "not-sent"]
State: TypeAlias = Literal["greeting", "authorization", "handshake", "transaction", "closed"]
Security: TypeAlias = Literal["stls-required", "private", "danger-cleartext"]
QuirkName: TypeAlias = Literal[
    "bare-lf",
    "status-case",
    "banner",
    "empty-line",
    "challenge-not-base64",
    "unique-id",
    "not-a-reply",
    "bad-listing",
]
