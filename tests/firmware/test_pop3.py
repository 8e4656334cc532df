"""POP3 from a chip: UIDL, TOP, RETR and DELE, in 16 kB of RAM."""

from __future__ import annotations

import poplib
import zlib

import pytest

from emulator import MPS2, VIRT, Board, run
from mail import big, corpus
from servers import Dovecot
from sessions import Replay

LARGE = 2_000_000


def test_a_large_mail_of_dovecot_arrives_octet_for_octet(dovecot: Dovecot) -> None:
    messages = [*corpus(2), big(LARGE)]
    dovecot.deliver("chip", messages)
    said = run(MPS2, "pop3", dovecot.ports.pop3)
    header = messages[0].partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    assert f"TOP {summary(header)}" in said
    assert f"RETR {summary(messages[2])}" in said
    assert left_on(dovecot) == [b"1", b"2"]


@pytest.mark.parametrize("board", [MPS2, VIRT], ids=str)
def test_a_recorded_session_is_held(board: Board) -> None:
    with Replay("pop3") as server:
        run(board, "pop3", server.port)


def summary(octets: bytes) -> str:
    """As the image says it."""
    return f"{len(octets)} octets, crc32 {zlib.crc32(octets):08x}"


def left_on(server: Dovecot) -> list[bytes]:
    """The numbers of the messages that are left."""
    client = poplib.POP3(server.host, server.ports.pop3, timeout=30)
    client.user("chip")
    client.pass_(server.password)
    numbers = [line.split()[0] for line in client.list()[1]]
    client.quit()
    return numbers
