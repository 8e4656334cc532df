"""The same test on every core: recorded sessions, cut in several ways, tell the same everywhere."""

from __future__ import annotations

import zlib

import pytest

from emulator import MICROBIT, MPS2, POWERPC, VIRT, Board, run
from test_imap import TOLD as IMAP_TOLD
from test_pop3 import RECORDED_TOLD as POP3_TOLD

CUTS = (256, 1, 2, 3, 7, 64)


@pytest.mark.parametrize("board", [MPS2, MICROBIT, VIRT, POWERPC], ids=str)
def test_no_cut_and_no_core_makes_a_difference(board: Board) -> None:
    expected = [
        f"{protocol} in pieces of {cut}: told {checksum(told):08x}"
        for protocol, told in (("pop3", POP3_TOLD), ("imap", IMAP_TOLD))
        for cut in CUTS
    ]
    assert without_memory(run(board, "core_test")) == expected


def without_memory(said: list[str]) -> list[str]:
    return [line for line in said[:-1] if not line.startswith("memory:")]


def checksum(lines: list[str]) -> int:
    return zlib.crc32("".join(f"{line}\n" for line in lines).encode())
