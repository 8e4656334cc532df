"""IMAP from a chip: SEARCH, ENVELOPE, BODYSTRUCTURE, an attachment, STORE, IDLE and APPEND, in 16 kB
of RAM."""

from __future__ import annotations

import imaplib
import zlib

import pytest

from emulator import MICROBIT, MPS2, VIRT, Board, run
from letters import ATTACHMENT, LETTERS, NEWS
from servers import Dovecot
from sessions import Relay, Replay

TOLD = [
    "subject: Grüße aus Köln",
    "from: anna@example.com",
    "part 1: text/plain 7",
    "subject: two parts and one within",
    "from: bjarne@example.org",
    "part 1.1: text/plain 7",
    "part 1.2: text/html 13",
    f"part 2: application/octet-stream {len(ATTACHMENT.encoded)}",
    f"attachment {len(ATTACHMENT.decoded)} octets, crc32 {zlib.crc32(ATTACHMENT.decoded):08x}",
    "idling",
]


def test_dovecot_is_told_and_tells_everything(dovecot: Dovecot) -> None:
    dovecot.deliver("chip", LETTERS)

    def mail_comes(line: str) -> None:
        if line == "idling":
            dovecot.deliver("chip", [NEWS])

    with Relay(dovecot.ports.imap) as relay:
        said = run(MPS2, "imap", relay.port, mail_comes)
    assert said[:-2] == TOLD
    with imaplib.IMAP4(dovecot.host, dovecot.ports.imap) as client:
        client.login("chip", dovecot.password)
        client.select(readonly=True)
        assert client.search(None, "SEEN")[1] == [b"2"]
        assert client.search(None, "SUBJECT", '"from a chip"')[1] == [b"4"]


@pytest.mark.parametrize("board", [MPS2, MICROBIT, VIRT], ids=str)
def test_a_recorded_session_is_held(board: Board) -> None:
    with Replay("imap") as server:
        assert run(board, "imap", server.port)[:-2] == TOLD
