"""The command line: subcommands and options, and what every subcommand has in common."""

from __future__ import annotations

import argparse
import io
import os
import sys
from typing import TYPE_CHECKING, NoReturn

from mailproto.cli._exit import EPILOG, Exit, exit_code, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]

CREDENTIALS = """\
The password comes from --password-command, or the environment variable MAILPROTO_PASSWORD, or
~/.netrc, or the keyring (service "mailproto", name "user@host") where the package keyring is
installed, or is asked for on a terminal. It is never taken from the command line.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns its exit code."""
    options = make_parser().parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A unique-id may hold octets that are no text.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        return int(run(options))
    except BrokenPipeError:
        # Whoever read our output has seen enough: no words, and none at exit either. A listing
        # was read as far as it was wanted; a download is not complete.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        listing = options.command == "pop3" and options.action == "list"
        return Exit.OK if listing else Exit.LOCAL_IO
    except (Exception, KeyboardInterrupt) as error:
        code = exit_code(error)
        if code is None or os.environ.get("MAILPROTO_TRACEBACK"):
            raise
        words = "interrupted" if code is Exit.INTERRUPTED else str(error) or repr(error)
        print(f"mailproto: {printable(words)}", file=sys.stderr)
        return code


def run(options: argparse.Namespace) -> Exit:
    """Runs the subcommand."""
    # Only what is run is imported: the time is felt.
    if options.command == "serve":
        from mailproto.cli import _serve  # noqa: PLC0415

        return _serve.serve(options)
    from mailproto.cli import _pop3  # noqa: PLC0415

    return _pop3.fetch(options) if options.action == "fetch" else _pop3.list_messages(options)


class Parser(argparse.ArgumentParser):
    """Ends with the exit code that EPILOG promises."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(Exit.USAGE, f"{self.prog}: {message}\n")


def make_parser() -> Parser:
    """The whole command line."""
    parser = make(Parser(prog="mailproto"), "Fetch and serve mail.")
    parser.add_argument("--version", action="version", version=f"%(prog)s {version()}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    pop3 = make(commands.add_parser("pop3", help="get mail from a POP3 server"), "POP3 client.")
    actions = pop3.add_subparsers(dest="action", required=True, metavar="ACTION")
    add_fetch(actions.add_parser("fetch", help="download what is new"))
    add_list(actions.add_parser("list", help="list the messages on the server"))
    add_serve(commands.add_parser("serve", help="serve a Maildir to POP3 clients"))
    return parser


def make(parser: Parser, description: str) -> Parser:
    parser.description = description
    parser.epilog = EPILOG
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    return parser


def version() -> str:
    from mailproto import __version__  # noqa: PLC0415

    return __version__


def add_fetch(parser: Parser) -> None:
    make(parser, "Download the messages that were not downloaded before.\n\n" + CREDENTIALS)
    add_account(parser)
    where = parser.add_argument_group("where to, one of").add_mutually_exclusive_group(
        required=True
    )
    where.add_argument("--maildir", metavar="DIR", help="a Maildir")
    where.add_argument("--mbox", metavar="FILE", help="an mbox file (mboxrd)")
    where.add_argument("--files", metavar="DIR", help="one file a message: 000001.eml and so on")
    server = parser.add_argument_group("what stays on the server")
    stays = server.add_mutually_exclusive_group()
    stays.add_argument("--keep", action="store_true", help="everything (default)")
    stays.add_argument("--delete", action="store_true", help="nothing that was downloaded")
    stays.add_argument(
        "--delete-after",
        type=days,
        metavar="DAYS",
        help="what was downloaded less than that long ago",
    )
    memory = parser.add_argument_group(
        "memory of what was downloaded"
    ).add_mutually_exclusive_group()
    memory.add_argument(
        "--state",
        metavar="FILE",
        help="(default: one a user and server in $XDG_STATE_HOME/mailproto/pop3)",
    )
    memory.add_argument("--no-state", action="store_true", help="none: download everything")
    parser.add_argument("--limit", type=count, metavar="N", help="at most N messages")
    parser.add_argument("--dry-run", action="store_true", help="only tell what would be done")
    parser.add_argument(
        "--no-fsync",
        action="store_true",
        help="do not wait for the disk: faster, but a power failure may cost the last messages",
    )
    add_output(parser)


def add_list(parser: Parser) -> None:
    make(parser, "List number, size and unique-id of each message.\n\n" + CREDENTIALS)
    add_account(parser)
    add_output(parser)


def add_account(parser: Parser) -> None:
    account = parser.add_argument_group("account")
    account.add_argument(
        "url", nargs="?", metavar="URL", help="pop3s://user@host[:port], or pop3:// for STLS"
    )
    account.add_argument("--host", help="instead of a URL")
    account.add_argument("--user", help="who logs in")
    account.add_argument("--port", type=port, help="(default: 995, or 110 without implicit TLS)")
    account.add_argument("--password-command", metavar="COMMAND", help="prints the password")
    account.add_argument("--oauth-command", metavar="COMMAND", help="prints an OAuth 2.0 token")
    account.add_argument(
        "--mechanism", metavar="NAME", help="log in by this one only: a SASL name, USER or APOP"
    )
    connection = parser.add_argument_group("connection")
    connection.add_argument(
        "--tls",
        choices=("implicit", "starttls", "insecure"),
        help="insecure: all in the clear, the password too (default: implicit)",
    )
    connection.add_argument("--cafile", metavar="FILE", help="certificates that are trusted")
    connection.add_argument(
        "--timeout", type=seconds, default=30.0, metavar="SECONDS", help="(default: 30)"
    )
    connection.add_argument(
        "--retries",
        type=count,
        default=2,
        metavar="N",
        help="connect again so often when the connection fails (default: 2)",
    )
    connection.add_argument(
        "--log-protocol",
        metavar="FILE",
        help="write what is said to a file (- is stderr), without secrets and message texts",
    )


def add_output(parser: Parser) -> None:
    output = parser.add_argument_group("output")
    output.add_argument("--json", action="store_true", help="JSON Lines on stdout")
    loudness = output.add_mutually_exclusive_group()
    loudness.add_argument("-q", "--quiet", action="store_true", help="only errors")
    loudness.add_argument("-v", "--verbose", action="store_true", help="a line for each message")


def add_serve(parser: Parser) -> None:
    make(
        parser,
        "Serve a Maildir to POP3 clients. Only this machine can connect, unless --bind says\n"
        "otherwise. Passwords in the clear are accepted from this machine only.",
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


# Types of arguments.


def count(text: str) -> int:
    """A number from 0 on."""
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def seconds(text: str) -> float:
    """A time that is not over at once."""
    number = float(text)
    if not 0 < number < 1e9:
        raise ValueError(text)
    return number


def days(text: str) -> float:
    """A number of days, which may be a fraction."""
    number = float(text)
    if not 0 <= number < 1e6:
        raise ValueError(text)
    return number


def port(text: str) -> int:
    """The number of a TCP port."""
    number = int(text)
    if not 0 <= number < 65536:
        raise ValueError(text)
    return number
