"""Logging in, whatever the protocol: with which credentials, and by which SASL mechanism."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailproto._core import Password, Token
from mailproto._errors import InvalidArgument

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from mailproto._core import Anonymous, External

    Credentials: TypeAlias = Password | Token | External | Anonymous

__all__ = ["Identity", "check_text"]


def check_text(what: str, text: str | None) -> None:
    """Refuses what is no text, without repeating it: Python's own error would, and it may be a
    password."""
    if text is not None and any("\ud800" <= character <= "\udfff" for character in text):
        raise InvalidArgument("forbidden-octet", f"the {what} is not valid Unicode")


class Identity:
    """Who logs in, and with what.

    `commands` are what `mechanism` may name besides SASL mechanisms: the protocol's own commands,
    which take a user and a password.
    """

    commands: tuple[str, ...] = ()

    def __init__(
        self,
        user: str | None,
        password: str | None,
        credentials: Credentials | None,
        oauth: str | Callable[[], str] | None,
        mechanism: str | None,
    ) -> None:
        for what, text in (("user", user), ("password", password)):
            check_text(what, text)
        self.user = user
        self._password = password
        self._mechanism = mechanism.upper() if mechanism else None
        self._credentials = credentials or self._chosen(oauth)
        if self._mechanism in self.commands:
            self._user_and_password()

    def _chosen(self, oauth: str | Callable[[], str] | None) -> Credentials:
        if self.user is None:
            raise TypeError("say who logs in: user=, or credentials=")
        if oauth is not None:
            return Token(self.user, oauth if isinstance(oauth, str) else oauth())
        if self._password is None:
            raise TypeError("say how to log in: password=, oauth= or credentials=")
        return Password(self.user, self._password)

    def _has_fallback(self) -> bool:
        """Whether the protocol's own command may serve where no SASL mechanism does."""
        return self._mechanism is None and self._password is not None

    def _user_and_password(self) -> tuple[str, str]:
        if self.user is None or self._password is None:
            raise TypeError("user= and password= are needed")
        return self.user, self._password
