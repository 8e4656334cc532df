"""The options of `mailproto imap`."""

from __future__ import annotations

import argparse
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from mailproto.cli._options import (
    CREDENTIALS,
    add_account,
    add_output,
    count,
    seconds,
    show_examples,
)

if TYPE_CHECKING:
    from mailproto.cli._options import Parser

__all__ = ["add_append", "add_fetch", "add_list", "add_search", "add_watch"]

URL = "imaps://user@host[:port][/FOLDER], or imap+starttls://; the folder is INBOX by default"
SIZES = {"": 1, "k": 1000, "m": 1000_000, "g": 1000_000_000}
BACK = {"h": "hours", "d": "days", "w": "weeks"}


def add_list(parser: Parser) -> None:
    """`mailproto imap ls`."""
    parser.usage = "%(prog)s [OPTION …] [URL] [PATTERN]"
    show_examples(
        parser,
        "imap ls imaps://ann@imap.example.org --status",
        "imap ls imaps://ann@imap.example.org 'Archive/*'",
    )
    parser.description = (
        "List the folders. Columns are separated by tabs: name, what it is for (such as \\Sent),\n"
        "and with --status messages, unseen and octets.\n\n" + CREDENTIALS
    )
    add_imap_account(parser)
    parser.add_argument(
        "pattern",
        nargs="?",
        metavar="PATTERN",
        help="only folders like this: * is anything, %% anything within one level",
    )
    parser.add_argument(
        "--status", action="store_true", help="count the messages, the unseen ones, their octets"
    )
    parser.add_argument("--subscribed", action="store_true", help="only subscribed folders")
    add_output(parser, "every attribute")


def add_search(parser: Parser) -> None:
    """`mailproto imap search`."""
    parser.usage = "%(prog)s [OPTION …] [URL] [KEY …]"
    show_examples(
        parser,
        "imap search imaps://ann@imap.example.org --unseen --from bob --since 7d --summary",
        "imap search imaps://ann@imap.example.org/Archive OR SUBJECT invoice LARGER 1000000",
    )
    parser.description = (
        "Print the UIDs of the messages that meet every condition, one a line.\n\n" + CREDENTIALS
    )
    add_imap_account(parser)
    add_folder(parser)
    parser.add_argument(
        "words",
        nargs="*",
        metavar="KEY",
        help="search keys as in RFC 9051 §6.4.4, such as: OR FROM ann NOT SEEN",
    )
    add_criteria(parser)
    parser.add_argument("--limit", type=count, metavar="N", help="only the newest N")
    parser.add_argument(
        "--summary", action="store_true", help="also date, sender and subject, separated by tabs"
    )
    add_output(parser, "as --summary")


def add_fetch(parser: Parser) -> None:
    """`mailproto imap fetch`."""
    parser.usage = (
        "%(prog)s [OPTION …] [URL] (--maildir DIR | --mbox FILE | --files DIR | --attachments DIR)"
    )
    show_examples(
        parser,
        "imap fetch imaps://ann@imap.example.org --maildir ~/Mail --recursive",
        "imap fetch imaps://ann@imap.example.org/Bills --attachments ~/bills --since 30d",
    )
    parser.description = (
        "Download the messages that were not downloaded before. They stay unseen on the server.\n\n"
        + CREDENTIALS
    )
    add_imap_account(parser)
    where = parser.add_argument_group("where to, one of").add_mutually_exclusive_group(
        required=True
    )
    where.add_argument(
        "--maildir", metavar="DIR", help="a Maildir; other folders than INBOX within it (Maildir++)"
    )
    where.add_argument("--mbox", metavar="FILE", help="an mbox file (mboxrd), for one folder")
    where.add_argument(
        "--files",
        "--output",
        metavar="DIR",
        help="one file a message: 000001.eml and so on; a directory for each further folder",
    )
    where.add_argument(
        "--attachments", metavar="DIR", help="only what is attached, decoded, under its own name"
    )
    which = parser.add_argument_group("which folders")
    which.add_argument(
        "--folder",
        action="append",
        metavar="NAME",
        help="this one instead of the URL's; may be repeated",
    )
    which.add_argument(
        "--recursive",
        action="store_true",
        help="also the folders within; without --folder and a folder in the URL, all",
    )
    group = add_criteria(parser)
    group.add_argument(
        "--query", metavar="KEYS", help="search keys as in RFC 9051 §6.4.4: 'OR FROM ann UNSEEN'"
    )
    server = parser.add_argument_group("what stays on the server")
    stays = server.add_mutually_exclusive_group()
    stays.add_argument("--keep", action="store_true", help="everything (default)")
    stays.add_argument(
        "--delete", action="store_true", help="nothing that was downloaded, once it is safe here"
    )
    memory = parser.add_argument_group(
        "memory of what was downloaded"
    ).add_mutually_exclusive_group()
    memory.add_argument(
        "--state", metavar="FILE", help="(default: mailproto-imap.state, beside the messages)"
    )
    memory.add_argument("--no-state", action="store_true", help="none: download everything")
    which.add_argument(
        "--renumbered",
        choices=("fail", "fetch"),
        default="fail",
        help="a folder that the server numbered anew (UIDVALIDITY) since the last time: fail, or "
        "fetch all of it again (default: fail)",
    )
    parser.add_argument("--limit", type=count, metavar="N", help="at most N messages, oldest first")
    parser.add_argument("--dry-run", action="store_true", help="only tell what would be done")
    parser.add_argument(
        "--no-fsync",
        action="store_true",
        help="do not wait for the disk: faster, but a power failure may cost the last messages",
    )
    add_output(parser)


def add_watch(parser: Parser) -> None:
    """`mailproto imap watch`."""
    parser.usage = "%(prog)s [OPTION …] [URL]"
    show_examples(
        parser,
        "imap watch imaps://ann@imap.example.org --summary",
        "imap watch imaps://ann@imap.example.org --limit 1 --json",
    )
    parser.description = (
        "Print what happens in a folder, a line each, until Ctrl-C: new messages, removed ones,\n"
        "changed flags.\n\n" + CREDENTIALS
    )
    add_imap_account(parser)
    add_folder(parser)
    parser.add_argument("--limit", type=count, metavar="N", help="end after N changes")
    parser.add_argument("--for", dest="duration", type=seconds, metavar="SECONDS", help="end then")
    parser.add_argument(
        "--summary", action="store_true", help="date, sender and subject of new messages"
    )
    add_output(parser, "as --summary")


def add_append(parser: Parser) -> None:
    """`mailproto imap append`."""
    parser.usage = "%(prog)s [OPTION …] [URL] [FILE …]"
    show_examples(
        parser,
        "imap append imaps://ann@imap.example.org/Drafts letter.eml --flag draft",
    )
    parser.description = "Put messages into a folder.\n\n" + CREDENTIALS
    add_imap_account(parser)
    add_folder(parser)
    parser.add_argument("files", nargs="*", metavar="FILE", help="one message each; - is stdin")
    parser.add_argument(
        "--flag",
        action="append",
        default=[],
        metavar="FLAG",
        help=r"such as seen, flagged, draft, or a keyword; may be repeated",
    )
    parser.add_argument(
        "--date", type=moment, metavar="DATE", help="when it was received (default: now)"
    )
    parser.add_argument(
        "--create", action="store_true", help="make the folder when it is not there"
    )
    parser.add_argument("--dry-run", action="store_true", help="only tell what would be done")
    add_output(parser)


def add_imap_account(parser: Parser) -> None:
    """Which server."""
    add_account(parser, URL, "993, or 143", ", or LOGIN for the command LOGIN")


def add_folder(parser: Parser) -> None:
    """Where a URL is no good place for it."""
    parser.add_argument("--folder", metavar="NAME", help="instead of the URL's")


def add_criteria(parser: Parser) -> argparse._ArgumentGroup:
    """Conditions, as the keywords of `Folder.search`."""
    group = parser.add_argument_group("which messages (all conditions must hold)")
    for name, words in (
        ("seen", "read"),
        ("answered", "answered"),
        ("flagged", "flagged"),
        ("deleted", "marked as deleted"),
        ("draft", "drafts"),
    ):
        choice = group.add_mutually_exclusive_group()
        opposite = f"--un{name}"
        choice.add_argument(f"--{name}", action="store_true", default=None, help=words)
        choice.add_argument(opposite, dest=name, action="store_false", help=f"not {words}")
    group.add_argument("--keyword", metavar="FLAG", help="with this flag of somebody's own")
    for name, words in (
        ("from", "a part of the sender"),
        ("to", "a part of a recipient"),
        ("cc", "a part of a copy's recipient"),
        ("bcc", "a part of a blind copy's recipient"),
        ("subject", "a part of the subject"),
        ("body", "a part of the text"),
        ("text", "a part of the text or the header"),
    ):
        dest = "from_" if name == "from" else name
        group.add_argument(f"--{name}", dest=dest, metavar="TEXT", help=words)
    group.add_argument(
        "--header", nargs=2, metavar=("NAME", "TEXT"), help="a part of this header field"
    )
    for name, words in (
        ("since", "received on that day or later"),
        ("before", "received before that day"),
        ("on", "received on that day"),
        ("sent-since", "sent on that day or later, by the Date field"),
        ("sent-before", "sent before that day, by the Date field"),
    ):
        group.add_argument(f"--{name}", type=day, metavar="DATE", help=words)
    group.add_argument("--larger", type=octets, metavar="SIZE", help="larger than, such as 20k")
    group.add_argument("--smaller", type=octets, metavar="SIZE", help="smaller than, such as 10M")
    group.add_argument("--uid", metavar="SET", help="these UIDs, such as 1:100,205")
    group.add_argument("--gmail", metavar="QUERY", help="Gmail's own language")
    group.description = "A DATE is 2026-11-23, or how long ago: 12h, 7d, 2w."
    return group


# Types of arguments. Their names are a part of what argparse says of wrong ones.


def day(text: str) -> str:
    """A day, in ISO 8601."""
    return moment(text).date().isoformat()


def moment(text: str) -> datetime:
    """A time in ISO 8601, or how long ago it is; in the local zone where it names none."""
    back = re.fullmatch(r"(\d{1,5})([hdw])", text)
    if back is not None:
        age = timedelta(**{BACK[back[2]]: int(back[1])})
        return (datetime.now(UTC) - age).astimezone()
    time = datetime.fromisoformat(text)
    return time.astimezone() if time.tzinfo is None else time


def octets(text: str) -> int:
    """A number of octets, which may end in k, M or G."""
    size = re.fullmatch(r"(\d{1,12})([kKmMgG]?)", text)
    if size is None:
        raise argparse.ArgumentTypeError(f"not a size: {text!r}")
    return int(size[1]) * SIZES[size[2].lower()]
