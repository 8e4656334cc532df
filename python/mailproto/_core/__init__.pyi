import os
from typing import TypeAlias, final

from . import imap as imap
from . import pop3 as pop3

__all__ = [
    "Anonymous",
    "External",
    "MaildirWriter",
    "Password",
    "Token",
    "imap",
    "maildir_name",
    "pop3",
]

_Octets: TypeAlias = bytes | bytearray | memoryview
_Pieces: TypeAlias = list[bytes] | list[bytes | memoryview] | tuple[_Octets, ...]

@final
class Password:
    def __new__(cls, user: str, password: str, *, authzid: str = "") -> Password: ...
    @property
    def user(self) -> str: ...

@final
class Token:
    def __new__(cls, user: str, token: str, *, host: str = "", port: int = 0) -> Token: ...
    @property
    def user(self) -> str: ...

@final
class External:
    def __new__(cls, *, authzid: str = "") -> External: ...

@final
class Anonymous:
    def __new__(cls, trace: str = "") -> Anonymous: ...

@final
class MaildirWriter:
    def __new__(
        cls,
        maildir: str | os.PathLike[str],
        host: str,
        *,
        crlf: bool = False,
        durable: bool = True,
    ) -> MaildirWriter: ...
    def add(
        self,
        octets: _Octets | _Pieces,
        flags: str = "",
        received: float | None = None,
    ) -> bool: ...
    def push(self) -> bool: ...
    def settled(self) -> list[str]: ...
    def flush(self) -> None: ...
    def abort(self) -> None: ...

def maildir_name(host: str) -> str: ...
