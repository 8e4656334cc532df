"""Logging in to a maildrop: SASL, USER and PASS, or APOP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailproto._errors import MechanismRefused, NotOffered
from mailproto._login import Identity

if TYPE_CHECKING:
    from mailproto._pop3_common import Operation, Session

__all__ = ["Login"]

# What `mechanism` may name besides SASL mechanisms: the commands of RFC 1939 §7.
USER, APOP = "USER", "APOP"


class Login(Identity):
    """Who logs in, and how.

    The strongest SASL mechanism that the server offers and the credentials fit is taken; USER and
    PASS where it offers none; APOP only where `mechanism` says so, because MD5 protects little.
    """

    commands = (USER, APOP)

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

    def _begin_sasl(self, session: Session) -> bool:
        """Queues AUTH, or finds that USER and PASS are what is left."""
        fallback = self._has_fallback()
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
