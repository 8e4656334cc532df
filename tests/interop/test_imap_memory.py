"""The IMAP client's memory does not grow with the message: 200 MB take no more than 5 kB do, both ways."""

from __future__ import annotations

from pathlib import Path

import pytest

import our_imap
from our_clients import finished, start
from our_imap import ImapAccount, fetches
from real_clients import Tls
from servers import Dovecot, Unavailable
from test_memory import ALLOWED_GROWTH, BIG, SMALL, peak, write

__all__ = ["peak"]

EACH_CHANNEL = pytest.mark.parametrize("tls", [Tls.NONE, Tls.IMPLICIT], ids=lambda tls: tls.value)


@pytest.fixture(scope="session", autouse=True)
def programs() -> None:
    try:
        our_imap.require()
    except Unavailable as missing:
        pytest.skip(str(missing))


def peak_kilobytes(program: Path, figure: Path, account: ImapAccount, *task: object) -> int:
    """The client's largest resident set in that task."""
    command = [str(program), str(figure), *our_imap.command(account, *task)]
    run = finished(start(command, account.password))
    assert run.code == 0, run.output[-2000:]
    return int(figure.read_text())


@EACH_CHANNEL
def test_memory_does_not_grow_with_the_message(
    dovecot: Dovecot, peak: Path, tls: Tls, tmp_path: Path
) -> None:
    figures: dict[int, list[int]] = {}
    for octets in (SMALL, BIG):
        account = ImapAccount.on(dovecot, dovecot.fresh_user(), tls)
        message = tmp_path / "message"
        digest = write(message, octets)
        appending = peak_kilobytes(peak, tmp_path / "up", account, "append", "INBOX", message)
        dumping = peak_kilobytes(peak, tmp_path / "down", account, "dump", "INBOX")
        figures[octets] = [appending, dumping]
        told = fetches(our_imap.lines(account, "dump", "INBOX"))
        assert told[1]["BODY[]"] == [message.stat().st_size, digest]
    for task, small, big in zip(("APPEND", "FETCH"), *figures.values(), strict=True):
        print(f"\nimap, {tls.value}, {task}: {small:,} KiB for 5 kB, {big:,} KiB for 200 MB")
        assert big - small <= ALLOWED_GROWTH
