"""Connecting as the command line says, again when the connection fails; and what Ctrl-C means."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from mailproto._errors import ConnectionLost, Timeout
from mailproto.cli._account import password, secret_from
from mailproto.cli._exit import Exit, exit_code, printable

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Generator
    from contextlib import AbstractContextManager
    from ssl import SSLContext

    from mailproto.cli._account import Account

__all__ = ["Connector", "interruptible"]

S = TypeVar("S")
T = TypeVar("T")

RETRY_SECONDS = 1.0


class Connector(Generic[S]):
    """Makes sessions by `connect`, which is that of `mailproto.pop3` or `mailproto.imap`."""

    def __init__(
        self,
        connect: Callable[..., AbstractContextManager[S]],
        options: Namespace,
        who: Account,
        trace: object | None,
    ) -> None:
        self._connect = connect
        self._options = options
        self._who = who
        self._trace = trace
        self._secrets: dict[str, Any] | None = None

    def attempt(self, work: Callable[[S], T], give_up: Callable[[], bool] = bool) -> T:
        """Does the work in a session, again from the start when the network fails it."""
        tries_left: int = self._options.retries
        pause = RETRY_SECONDS
        while True:
            try:
                with self._session() as session:
                    return work(session)
            except (ConnectionLost, Timeout) as error:
                if tries_left == 0 or give_up() or exit_code(error) is Exit.NO_HOST:
                    raise
                if not self._options.quiet:
                    words = printable(str(error))
                    print(f"mailproto: {words}; trying again", file=sys.stderr)
            tries_left -= 1
            time.sleep(pause)
            pause *= 2

    def _session(self) -> AbstractContextManager[S]:
        who, options = self._who, self._options
        if self._secrets is None:
            self._secrets = self._find_secrets()
        return self._connect(
            who.host,
            who.user or None,
            port=who.port,
            tls=who.tls,
            ssl_context=tls_context(options.cafile),
            mechanism=who.mechanism,
            timeout=options.timeout,
            trace=self._trace,
            **self._secrets,
        )

    def _find_secrets(self) -> dict[str, Any]:
        if self._options.oauth_command is not None:
            return {"oauth": secret_from(self._options.oauth_command)}
        if self._who.mechanism in ("EXTERNAL", "ANONYMOUS"):
            return {"credentials": without_password(self._who)}
        return {"password": password(self._options, self._who)}


def without_password(who: Account) -> Any:  # noqa: ANN401
    """Credentials that contain no secret."""
    from mailproto._core import Anonymous, External  # noqa: PLC0415

    return External() if who.mechanism == "EXTERNAL" else Anonymous(who.user)


def tls_context(cafile: str | None) -> SSLContext | None:
    """Trusts these certificates only, where they are given."""
    if cafile is None:
        return None
    import ssl  # noqa: PLC0415

    try:
        return ssl.create_default_context(cafile=cafile)
    except OSError as error:
        raise ValueError(f"{cafile}: {error.strerror or error}") from error


@contextmanager
def interruptible() -> Generator[Callable[[], bool]]:
    """Lets the first Ctrl-C, or SIGTERM, finish what is under way; the next one interrupts."""
    pending: list[int] = []

    def note(number: int, frame: object) -> None:
        if pending:
            raise KeyboardInterrupt
        pending.append(number)
        os.write(2, b"\nmailproto: finishing what is under way; Ctrl-C again to stop at once\n")

    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, note) for number in signals]
    try:
        yield lambda: bool(pending)
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)
