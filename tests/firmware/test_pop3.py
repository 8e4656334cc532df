"""POP3 from a chip: UIDL, TOP, RETR and DELE, in 16 kB of RAM."""

from __future__ import annotations

import poplib
import re
import zlib

import pytest

from emulator import MICROBIT, MPS2, VIRT, Board, run
from mail import big, corpus
from servers import Dovecot
from sessions import RECORDED, Relay, Replay

LARGE = 2_000_000


def fetched(messages: list[bytes]) -> list[str]:
    """What is told of the header of the first and of the last."""
    header = messages[0].partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    return [f"TOP {summary(header)}", f"RETR {summary(messages[-1])}"]


def summary(octets: bytes) -> str:
    return f"{len(octets)} octets, crc32 {zlib.crc32(octets):08x}"


def recorded_unique_ids() -> list[str]:
    """Lines of a number and 16 hexadecimal digits, as Dovecot was told to make them."""
    session = (RECORDED / "pop3.session").read_text()
    return [
        f"UIDL {found}" for found in re.findall(r"^S: (\d [0-9a-f]{16})$", session, re.MULTILINE)
    ]


RECORDED_MESSAGES = [*corpus(2), big(12_000)]
RECORDED_TOLD = [*recorded_unique_ids(), *fetched(RECORDED_MESSAGES)]


def test_a_large_mail_of_dovecot_arrives_octet_for_octet(dovecot: Dovecot) -> None:
    messages = [*corpus(2), big(LARGE)]
    dovecot.deliver("chip", messages)
    with Relay(dovecot.ports.pop3) as relay:
        said = run(MPS2, "pop3", relay.port)
    assert [line.split()[1] for line in said[:3]] == ["1", "2", "3"]
    assert said[3:-2] == fetched(messages)
    assert left_on(dovecot) == [b"1", b"2"]


@pytest.mark.parametrize("board", [MPS2, MICROBIT, VIRT], ids=str)
def test_a_recorded_session_is_held(board: Board) -> None:
    with Replay("pop3") as server:
        assert run(board, "pop3", server.port)[:-2] == RECORDED_TOLD


def left_on(server: Dovecot) -> list[bytes]:
    """The numbers of the messages that are left."""
    client = poplib.POP3(server.host, server.ports.pop3, timeout=30)
    client.user("chip")
    client.pass_(server.password)
    numbers = [line.split()[0] for line in client.list()[1]]
    client.quit()
    return numbers
