from typing import final

from . import imap as imap
from . import pop3 as pop3

__all__ = ["Anonymous", "External", "Password", "Token", "imap", "pop3"]

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
