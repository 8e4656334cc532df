"""Gives every command of POP3 once, by the Python package's blocking client, and prints what came
of it: like the programs of the same name in Rust and in C.

    MAILPROTO_PASSWORD=... python pop3_exercise.py HOST PORT USER OUTDIR TLS [CAFILE]
"""

from __future__ import annotations

import os
import ssl
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import mailproto
from mailproto import pop3

T = TypeVar("T")


def main(host: str, port: str, user: str, directory: str, tls: str, *cafile: str) -> None:
    password, out = os.environ["MAILPROTO_PASSWORD"], Path(directory)

    def connect(password: str) -> pop3.Maildrop:
        context = ssl.create_default_context(cafile=cafile[0]) if cafile else None
        return pop3.connect(
            host, user, password, port=int(port), tls=tls, ssl_context=context, mechanism="USER"
        )

    give("LOGIN", lambda: connect("wrong"))
    box = give("LOGIN", lambda: connect(password))
    assert box is not None
    for name, arguments in box.capabilities.items():
        print("*", name, *arguments)
    print("CAPA OK -")
    messages, _ = give("STAT", lambda: tuple(box.stat())) or (0, 0)
    listing("LIST", box.list)
    give("LIST", lambda: (2, box.list(2)))
    listing("UIDL", box.uidl)
    give("UIDL", lambda: (2, box.uidl(2)))
    with (out / "retr").open("wb") as file:
        give("RETR", lambda: box.retrieve(1, file) and None)
    give("TOP", lambda: (out / "top").write_bytes(box.top(1, 3)) and None)
    give("DELE", lambda: box.delete(1))
    give("STAT", lambda: tuple(box.stat()))
    give("RETR", lambda: box.retrieve(1).read())
    give("RSET", box.reset)
    give("STAT", lambda: tuple(box.stat()))
    give("NOOP", box.noop)
    give("LIST", lambda: box.list(messages + 1))
    give("DELE", lambda: box.delete(messages))
    give("QUIT", box.quit)


def give(name: str, command: Callable[[], T]) -> T | None:
    """Gives one command and prints how it went."""
    try:
        told = command()
    except mailproto.MailError as error:
        print(name, "ERR", getattr(error, "code", None) or "-", error)
        return None
    values = [str(value) for value in told] if isinstance(told, tuple) else []
    print(name, "OK", "-", *values)
    return told


def listing(name: str, command: Callable[[], dict[int, int] | dict[int, str]]) -> None:
    for number, value in command().items():
        print("*", number, value)
    print(name, "OK -")


if __name__ == "__main__":
    main(*sys.argv[1:])
