"""Writes down anew the sessions of `recorded`: `python tests/firmware/record.py`, once the images
are linked."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "interop"))

from emulator import MPS2, run  # noqa: E402
from mail import big, corpus  # noqa: E402
from servers import Dovecot  # noqa: E402
from sessions import Recorder  # noqa: E402


def pop3(server: Dovecot) -> None:
    server.deliver("chip", [*corpus(2), big(12_000)])
    with Recorder("pop3", server.ports.pop3) as recorder:
        run(MPS2, "pop3", recorder.port)


if __name__ == "__main__":
    for record in (pop3,):
        with Dovecot(users=["chip"], password="secret") as dovecot:
            record(dovecot)
