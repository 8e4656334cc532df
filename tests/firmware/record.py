"""Writes down anew the sessions of `recorded`: `python tests/firmware/record.py`, once the images
are linked."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "interop"))
sys.path.insert(0, str(Path(__file__).resolve().parent / "rust"))

from check_log import MESSAGES
from defmt_log import run as run_rust
from emulator import MPS2, run
from letters import LETTERS, NEWS
from servers import Dovecot
from sessions import Recorder
from test_pop3 import RECORDED_MESSAGES


def pop3(server: Dovecot) -> None:
    server.deliver("chip", RECORDED_MESSAGES)
    with Recorder("pop3", server.ports.pop3) as recorder:
        run(MPS2, "pop3", recorder.port)


def imap(server: Dovecot) -> None:
    def mail_comes(line: str) -> None:
        if line == "idling":
            server.deliver("chip", [NEWS])

    server.deliver("chip", LETTERS)
    with Recorder("imap", server.ports.imap) as recorder:
        run(MPS2, "imap", recorder.port, mail_comes)


def rust(server: Dovecot) -> None:
    server.deliver("chip", MESSAGES)
    with (
        Recorder("rust-imap", server.ports.imap) as imap_line,
        Recorder("rust-pop3", server.ports.pop3) as pop3_line,
    ):
        run_rust(imap_line.port, pop3_line.port)


if __name__ == "__main__":
    for record in (pop3, imap, rust):
        with Dovecot(users=["chip"], password="secret") as dovecot:
            record(dovecot)
