"""`mailproto serve`: a POP3 server for a Maildir."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mailproto.aio._pop3_server import Pop3Server
from mailproto.cli._exit import Exit, UsageError

if TYPE_CHECKING:
    from argparse import Namespace
    from ssl import SSLContext

__all__ = ["serve"]

SCHEMA = "mailproto.serve/1"


def serve(options: Namespace) -> Exit:
    """Serves until SIGINT or SIGTERM."""
    maildir = Path(options.maildir)
    for name in ("new", "cur"):
        if not (maildir / name).is_dir():
            raise UsageError(f"{maildir} is not a Maildir: it has no {name}/")
    tls = tls_context(options)
    if options.tls_port is not None and tls is None:
        raise UsageError("--tls-port needs --tls-cert")
    server = Pop3Server(maildir, options.user, password(options), tls=tls, apop=options.apop)
    if options.verbose:
        server.log = lambda words: print(words, file=sys.stderr, flush=True)
    asyncio.run(run(server, options))
    return Exit.OK


async def run(server: Pop3Server, options: Namespace) -> None:
    """Listens, says where, and waits."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        ports = {"port": await server.listen(options.bind, options.port)}
        if options.tls_port is not None:
            tls_port = await server.listen(options.bind, options.tls_port, implicit_tls=True)
            ports["tls_port"] = tls_port
        announce(options, ports)
        await stop.wait()
    finally:
        await server.close()


def announce(options: Namespace, ports: dict[str, int]) -> None:
    """Says where it listens, as soon as clients may connect."""
    if options.json:
        facts = {"schema": SCHEMA, "event": "listening", "host": options.bind, **ports}
        print(json.dumps(facts), flush=True)
    elif not options.quiet:
        where = " and ".join(f"{options.bind}:{port}" for port in ports.values())
        print(
            f"serving {options.maildir} to {options.user} on {where}", file=sys.stderr, flush=True
        )


def password(options: Namespace) -> str:
    """The password from the file, the environment or the terminal."""
    if options.password_file is not None:
        text = Path(options.password_file).read_text(encoding="utf-8", errors="surrogateescape")
        found = text.partition("\n")[0]
    else:
        found = os.environ.get("MAILPROTO_PASSWORD", "")
    if not found and options.password_file is None and sys.stdin.isatty():
        import getpass  # noqa: PLC0415

        found = getpass.getpass(f"Password for {options.user}: ")
    if not found:
        raise UsageError("no password: give --password-file or MAILPROTO_PASSWORD")
    return found


def tls_context(options: Namespace) -> SSLContext | None:
    """The certificate, where there is one."""
    if options.tls_cert is None:
        return None
    import ssl  # noqa: PLC0415

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(options.tls_cert, options.tls_key)
    return context
