"""The options of `mailproto pop3`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailproto.cli._options import CREDENTIALS, add_account, add_output, count, days, show_examples

if TYPE_CHECKING:
    from mailproto.cli._options import Parser

__all__ = ["add_fetch", "add_list"]

URL = "pop3s://user@host[:port], or pop3:// for STLS"


def add_fetch(parser: Parser) -> None:
    """`mailproto pop3 fetch`."""
    parser.usage = "%(prog)s [OPTION …] [URL] (--maildir DIR | --mbox FILE | --files DIR)"
    show_examples(
        parser,
        "pop3 fetch pop3s://ann@pop.example.org --maildir ~/Mail",
        "pop3 fetch pop3s://ann@pop.example.org --maildir ~/Mail --delete-after 30",
    )
    parser.description = "Download the messages that were not downloaded before.\n\n" + CREDENTIALS
    add_pop3_account(parser)
    where = parser.add_argument_group("where to, one of").add_mutually_exclusive_group(
        required=True
    )
    where.add_argument("--maildir", metavar="DIR", help="a Maildir")
    where.add_argument("--mbox", metavar="FILE", help="an mbox file (mboxrd)")
    where.add_argument(
        "--files",
        "--output",
        metavar="DIR",
        help="one file a message: 000001.eml and so on",
    )
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
    """`mailproto pop3 list`."""
    parser.usage = "%(prog)s [OPTION …] [URL]"
    parser.description = "List number, size and unique-id of each message.\n\n" + CREDENTIALS
    add_pop3_account(parser)
    add_output(parser)


def add_pop3_account(parser: Parser) -> None:
    """Which maildrop."""
    add_account(parser, URL, "995, or 110", ", USER or APOP")
