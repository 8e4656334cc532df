"""The command line: its commands, and what every one of them has in common."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from mailproto.cli._exit import Exit, exit_code, printable
from mailproto.cli._options import (
    CREDENTIALS,
    Parser,
    add_connection,
    add_credentials,
    add_output,
    port,
    show_examples,
)

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

__all__ = ["main"]

# What ends when its reader has seen enough, without having failed.
LISTINGS = {("pop3", "list"), ("imap", "ls"), ("imap", "search"), ("imap", "watch")}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns its exit code."""
    options = make_parser().parse_args(arguments)
    tolerate_octets(sys.stdout)
    try:
        return int(run(options))
    except BrokenPipeError:
        # Whoever read our output has seen enough: no words, and none at exit either. A listing
        # was read as far as it was wanted; a download is not complete.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        listing = (options.command, getattr(options, "action", None)) in LISTINGS
        return Exit.OK if listing or options.command == "probe" else Exit.LOCAL_IO
    except (Exception, KeyboardInterrupt) as error:
        code = exit_code(error)
        if code is None or os.environ.get("MAILPROTO_TRACEBACK"):
            raise
        words = "interrupted" if code is Exit.INTERRUPTED else str(error) or repr(error)
        print(f"mailproto: {printable(words)}", file=sys.stderr)
        return code


def tolerate_octets(stream: object) -> None:
    """A unique-id may hold octets that are no text: they are shown as escapes."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def run(options: argparse.Namespace) -> Exit:
    """Runs the command. Only what is run is imported: the time is felt."""
    if options.command == "serve":
        from mailproto.cli import _serve  # noqa: PLC0415

        return _serve.serve(options)
    if options.command == "probe":
        from mailproto.cli import _probe  # noqa: PLC0415

        return _probe.probe(options)
    if options.command == "imap":
        from mailproto.cli import _imap  # noqa: PLC0415

        return _imap.run(options)
    from mailproto.cli import _pop3  # noqa: PLC0415

    return _pop3.fetch(options) if options.action == "fetch" else _pop3.list_messages(options)


def make_parser() -> Parser:
    """The whole command line. Options are added when it is known of which command."""
    parser = Parser(prog="mailproto", description="Fetch, watch and serve mail.")
    parser.add_argument("--version", action="version", version=f"%(prog)s {version()}")
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="COMMAND", prog="mailproto"
    )
    commands.add_parser("imap", help="read and change mail on an IMAP server", fill=add_imap)
    commands.add_parser("pop3", help="get mail from a POP3 server", fill=add_pop3)
    commands.add_parser(
        "probe", help="what a server offers, and whether POP3 or IMAP suits", fill=add_probe
    )
    commands.add_parser("serve", help="serve a Maildir to POP3 clients", fill=add_serve)
    return parser


def version() -> str:
    from mailproto import __version__  # noqa: PLC0415

    return __version__


def add_imap(parser: Parser) -> None:
    from mailproto.cli import _imap_options as options  # noqa: PLC0415

    parser.description = "IMAP client."
    actions = parser.add_subparsers(
        dest="action", required=True, metavar="ACTION", prog=parser.prog
    )
    actions.add_parser("ls", help="list the folders", fill=options.add_list)
    actions.add_parser("search", help="find messages", fill=options.add_search)
    actions.add_parser("fetch", help="download what is new", fill=options.add_fetch)
    actions.add_parser("watch", help="tell what happens in a folder", fill=options.add_watch)
    actions.add_parser("append", help="put messages into a folder", fill=options.add_append)


def add_pop3(parser: Parser) -> None:
    from mailproto.cli import _pop3_options as options  # noqa: PLC0415

    parser.description = "POP3 client."
    actions = parser.add_subparsers(
        dest="action", required=True, metavar="ACTION", prog=parser.prog
    )
    actions.add_parser("fetch", help="download what is new", fill=options.add_fetch)
    actions.add_parser("list", help="list the messages on the server", fill=options.add_list)


def add_probe(parser: Parser) -> None:
    from mailproto.cli._advice import NEEDS  # noqa: PLC0415

    needs = "\n".join(f"  {name:<16} {need.words}" for name, need in NEEDS.items())
    parser.usage = "%(prog)s [OPTION …] HOST"
    parser.description = (
        "Tell what a server offers over POP3 and IMAP: capabilities, TLS, ways to log in, and\n"
        "where it departs from the standards. Without --user nobody logs in; many servers offer\n"
        "more after the login. --need asks which of POP3, IMAP or both suits; needs are:\n"
        f"{needs}\n\n" + CREDENTIALS
    )
    show_examples(
        parser,
        "probe imap.example.org",
        "probe ann@imap.example.org --need offline,several-devices",
    )
    parser.add_argument("host", metavar="HOST", help="or user@host")
    parser.add_argument(
        "--need", action="append", metavar="NEED[,NEED…]", help="what you need, see above"
    )
    parser.add_argument(
        "--port",
        action="append",
        default=[],
        metavar="SERVICE=PORT",
        help="other ports than pop3s=995, pop3=110, imaps=993, imap=143; 0: do not try",
    )
    account = parser.add_argument_group("account")
    account.add_argument("--user", help="who logs in (default: nobody)")
    add_credentials(account, ", USER or LOGIN")
    add_connection(parser.add_argument_group("connection"))
    add_output(parser, "who issued certificates, ciphers, all reasons")


def add_serve(parser: Parser) -> None:
    parser.description = (
        "Serve a Maildir to POP3 clients. Only this machine can connect, unless --bind says\n"
        "otherwise. Passwords in the clear are accepted from this machine only."
    )
    parser.add_argument("--maildir", required=True, metavar="DIR", help="what is served")
    parser.add_argument(
        "--bind", default="127.0.0.1", metavar="ADDRESS", help="(default: %(default)s)"
    )
    parser.add_argument("--port", type=port, default=1110, help="(default: %(default)s; 0: any)")
    parser.add_argument("--tls-port", type=port, help="for implicit TLS as well; 0: any")
    parser.add_argument("--user", required=True, help="who may log in")
    parser.add_argument(
        "--password-file",
        metavar="FILE",
        help="its first line is the password (default: MAILPROTO_PASSWORD, or asked for)",
    )
    parser.add_argument("--tls-cert", metavar="FILE", help="certificate chain (PEM), for STLS")
    parser.add_argument("--tls-key", metavar="FILE", help="its key (PEM)")
    parser.add_argument(
        "--apop", action="store_true", help="offer APOP as well, which protects passwords little"
    )
    add_output(parser)
