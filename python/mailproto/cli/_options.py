"""What the options of all commands have in common: the parser, groups of options, their types."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from mailproto.cli._exit import EPILOG, Exit

if TYPE_CHECKING:
    from collections.abc import Callable

    Fill = Callable[["Parser"], object]

__all__ = [
    "CREDENTIALS",
    "Parser",
    "add_account",
    "add_connection",
    "add_credentials",
    "add_output",
    "count",
    "days",
    "port",
    "seconds",
    "show_examples",
]

CREDENTIALS = """\
The password comes from --password-command, or the environment variable MAILPROTO_PASSWORD, or
~/.netrc, or the keyring (service "mailproto", name "user@host") where the package keyring is
installed, or is asked for on a terminal. It is never taken from the command line.
"""


class Formatter(argparse.RawDescriptionHelpFormatter):
    """Knows the width of the terminal without the module that its base imports for that."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=terminal_width() - 2)


class Parser(argparse.ArgumentParser):
    """Ends with the exit code that EPILOG promises, and learns its options when it is used: that
    of one command takes less time than that of all."""

    def __init__(self, *, fill: Fill | None = None, **settings: Any) -> None:  # noqa: ANN401
        super().__init__(
            epilog=EPILOG,
            formatter_class=Formatter,
            allow_abbrev=False,
            **settings,
        )
        self._fill = fill
        self._intermixed = False

    def parse_known_args(self, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401
        """As its base does, with words and options in any order."""
        fill, self._fill = self._fill, None
        if fill is not None:
            fill(self)
        # Which of the two it is depends on the words, so a command of commands cannot have it.
        if self._intermixed or self._subparsers is not None:
            return super().parse_known_args(*arguments, **named)
        self._intermixed = True
        try:
            return self.parse_known_intermixed_args(*arguments, **named)
        finally:
            self._intermixed = False

    def error(self, message: str) -> NoReturn:
        """Tells what is wrong, and ends."""
        self.print_usage(sys.stderr)
        self.exit(Exit.USAGE, f"{self.prog}: {message}\n")


def terminal_width() -> int:
    """As in `shutil.get_terminal_size`."""
    try:
        return int(os.environ["COLUMNS"])
    except (KeyError, ValueError):
        pass
    try:
        return os.get_terminal_size(1).columns or 80
    except (OSError, ValueError):
        return 80


def show_examples(parser: Parser, *commands: str) -> None:
    """What somebody may want to type, at the end of the help."""
    lines = "".join(f"  mailproto {command}\n" for command in commands)
    parser.epilog = f"examples:\n{lines}\n{EPILOG}"


def add_account(parser: Parser, url: str, ports: str, commands: str) -> None:
    """Which server and who logs in. `url` is how a URL looks; `commands` are what `--mechanism`
    may name besides SASL mechanisms."""
    account = parser.add_argument_group("account")
    account.add_argument("url", nargs="?", metavar="URL", help=url)
    account.add_argument("--host", help="instead of a URL")
    account.add_argument("--user", help="who logs in")
    account.add_argument("--port", type=port, help=f"(default: {ports} without implicit TLS)")
    add_credentials(account, commands)
    connection = parser.add_argument_group("connection")
    connection.add_argument(
        "--tls",
        choices=("implicit", "starttls", "insecure"),
        help="insecure: all in the clear, the password too (default: implicit)",
    )
    add_connection(connection)
    connection.add_argument(
        "--retries",
        type=count,
        default=2,
        metavar="N",
        help="connect again so often when the connection fails (default: 2)",
    )


def add_credentials(group: argparse._ArgumentGroup, commands: str) -> None:
    """Where the secret comes from."""
    group.add_argument("--password-command", metavar="COMMAND", help="prints the password")
    group.add_argument("--oauth-command", metavar="COMMAND", help="prints an OAuth 2.0 token")
    group.add_argument(
        "--mechanism",
        metavar="NAME",
        help=f"log in by this one only: a SASL name{commands}",
    )


def add_connection(connection: argparse._ArgumentGroup) -> None:
    """How to speak to it."""
    connection.add_argument("--cafile", metavar="FILE", help="certificates that are trusted")
    connection.add_argument(
        "--timeout", type=seconds, default=30.0, metavar="SECONDS", help="(default: 30)"
    )
    connection.add_argument(
        "--log-protocol",
        metavar="FILE",
        help="write what is said to a file (- is stderr), without secrets and message texts",
    )


def add_output(parser: Parser, verbose: str = "a line for each message") -> None:
    """How much to tell, and to whom."""
    output = parser.add_argument_group("output")
    output.add_argument("--json", action="store_true", help="JSON Lines on stdout")
    loudness = output.add_mutually_exclusive_group()
    loudness.add_argument("-q", "--quiet", action="store_true", help="only errors")
    loudness.add_argument("-v", "--verbose", action="store_true", help=verbose)


# Types of arguments. Their names are a part of what argparse says of wrong ones.


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
