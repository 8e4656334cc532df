"""Logging in to an IMAP server: SASL, or LOGIN."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailproto._errors import AuthenticationError, MechanismRefused, NotOffered
from mailproto._imap_session import Reply
from mailproto._login import Identity

if TYPE_CHECKING:
    from mailproto._imap_session import Operation, Session

__all__ = ["Login"]

# What `mechanism` may name besides SASL mechanisms (RFC 9051 §6.2.3).
LOGIN = "LOGIN"


class Login(Identity):
    """Who logs in, and how.

    The strongest SASL mechanism that the server offers and the credentials fit is taken; the
    command LOGIN where it offers none. (The SASL mechanism that is called LOGIN too is never
    needed: it tells no more and no less.)
    """

    commands = (LOGIN,)

    def run(self, session: Session) -> Operation[None]:
        """Logs in."""
        reply = Reply()
        if self._mechanism == LOGIN or not self._begin_sasl(session, reply):
            reply = yield from session.expect(
                Reply(), session.client.login, *self._user_and_password()
            )
        try:
            yield from session.wait(reply)
        except AuthenticationError as refused:
            if reason := session.client.sasl_failure:
                refused.add_note(f"the server's reason: {reason}")
            raise

    def _begin_sasl(self, session: Session, reply: Reply) -> bool:
        """Queues AUTHENTICATE, or finds that LOGIN is what is left."""
        fallback = self._has_fallback()
        if fallback and not session.client.mechanisms:
            return False
        try:
            return session.begin(
                reply, session.client.authenticate, self._credentials, self._mechanism
            )
        except (NotOffered, MechanismRefused):
            if not fallback:
                raise
            return False
