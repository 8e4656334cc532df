"""Logging in: which mechanism, with which credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailproto._errors import InvalidArgument, MechanismRefused, NotOffered
from mailproto.sansio.pop3 import Password, Token

if TYPE_CHECKING:
    from collections.abc import Callable

    from mailproto._pop3_common import Operation, Session
    from mailproto.sansio.pop3 import Credentials

__all__ = ["Login"]

# What `mechanism` may name besides SASL mechanisms: the commands of RFC 1939 §7.
USER, APOP = "USER", "APOP"


def check_text(what: str, text: str | None) -> None:
    """Refuses what is no text, without repeating it: Python's own error would, and it may be a
    password."""
    if text is not None and any("\ud800" <= character <= "\udfff" for character in text):
        raise InvalidArgument("forbidden-octet", f"the {what} is not valid Unicode")


class Login:
    """Who logs in, and how.

    The strongest SASL mechanism that the server offers and the credentials fit is taken; USER and
    PASS where it offers none; APOP only where `mechanism` says so, because MD5 protects little.
    """

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
        self._user = user
        self._password = password
        self._mechanism = mechanism.upper() if mechanism else None
        self._credentials = credentials or self._chosen(oauth)
        if self._mechanism in (USER, APOP):
            self._user_and_password()

    @property
    def wants_apop(self) -> bool:
        """Whether APOP was asked for by name."""
        return self._mechanism == APOP

    def run(self, session: Session) -> Operation[None]:
        """Logs in."""
        if self._mechanism == APOP:
            session.client.apop(*self._user_and_password())
            yield from session.wait(session.expect())
        elif self._mechanism == USER or not self._begin_sasl(session):
            yield from self._user_pass(session)
        else:
            yield from session.wait(session.expect())

    def _chosen(self, oauth: str | Callable[[], str] | None) -> Credentials:
        if self._user is None:
            raise TypeError("say who logs in: user=, or credentials=")
        if oauth is not None:
            return Token(self._user, oauth if isinstance(oauth, str) else oauth())
        if self._password is None:
            raise TypeError("say how to log in: password=, oauth= or credentials=")
        return Password(self._user, self._password)

    def _begin_sasl(self, session: Session) -> bool:
        """Queues AUTH, or finds that USER and PASS are what is left."""
        fallback = self._mechanism is None and self._password is not None
        if fallback and "SASL" not in session.capabilities:
            return False
        try:
            session.client.auth(self._credentials, self._mechanism)
        except (NotOffered, MechanismRefused):
            if not fallback:
                raise
            return False
        return True

    def _user_pass(self, session: Session) -> Operation[None]:
        session.client.login(*self._user_and_password())
        user, password = session.expect(), session.expect()
        yield from session.wait(user)
        yield from session.wait(password)

    def _user_and_password(self) -> tuple[str, str]:
        if self._user is None or self._password is None:
            raise TypeError("user= and password= are needed")
        return self._user, self._password
