"""`mailproto imap ls`, `search`, `watch` and `append`. `fetch` is a module of its own."""

from __future__ import annotations

import signal
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from mailproto import imap
from mailproto.cli._account import account
from mailproto.cli._connect import Connector
from mailproto.cli._exit import Exit, UsageError, printable

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Generator

    from mailproto.cli._account import Account
    from mailproto.imap import Client, Folder, FolderInfo, Message
    from mailproto.sansio.imap import UidSet

__all__ = ["criteria", "print_json", "run", "session_log", "summary_of"]

# The schema of the lines that --json prints. A new field changes nothing; anything else does.
SCHEMA = "mailproto.imap/1"
CRITERIA = (
    *("seen", "answered", "flagged", "deleted", "draft", "keyword", "from_", "to", "cc", "bcc"),
    *("subject", "body", "text", "header", "since", "before", "on", "sent_since", "sent_before"),
    *("larger", "smaller", "uid", "gmail"),
)


def run(options: Namespace) -> Exit:
    """Runs the subcommand."""
    who, words = account_and_words(options)
    if options.action == "fetch":
        # Imported late: it brings the stores.
        from mailproto.cli import _imap_fetch  # noqa: PLC0415

        return _imap_fetch.fetch(options, who)
    if options.action == "append":
        from mailproto.cli import _imap_append  # noqa: PLC0415

        return _imap_append.append(options, who, words)
    with session_log(options.log_protocol) as log:
        connector: Connector[Client] = Connector(imap.connect, options, who, log)
        if options.action == "ls":
            return list_folders(options, words, connector)
        folder = options.folder or who.folder or "INBOX"
        if options.action == "watch":
            return Watch(options, folder).run(connector)
        return search(options, folder, words, connector)


def account_and_words(options: Namespace) -> tuple[Account, list[str]]:
    """The account, and what else was given. With --host the first word is no URL."""
    words = list(getattr(options, "words", None) or getattr(options, "files", None) or [])
    pattern = getattr(options, "pattern", None)
    words = [pattern, *words] if pattern is not None else words
    if options.host is not None and options.url is not None and "://" not in options.url:
        words.insert(0, options.url)
        options.url = None
    return account(options), words


@contextmanager
def session_log(target: str | None) -> Generator[Callable[..., object] | None]:
    """What `--log-protocol` asks for."""
    if target is None:
        yield None
        return
    from mailproto.cli._imap_log import ImapLog  # noqa: PLC0415
    from mailproto.cli._protocol_log import log_file  # noqa: PLC0415

    with log_file(target) as file:
        yield ImapLog(file) if file is not None else None


# ls


def list_folders(options: Namespace, words: list[str], connector: Connector[Client]) -> Exit:
    """Prints the folders."""
    if len(words) > 1:
        raise UsageError("give one pattern")
    pattern = words[0] if words else "*"
    folders = connector.attempt(
        lambda client: client.folders(pattern, subscribed=options.subscribed, status=options.status)
    )
    for folder in folders:
        if options.json:
            print_json("folder", **folder_facts(folder))
        else:
            print("\t".join(map(printable, folder_columns(options, folder))))
    return Exit.OK


def folder_columns(options: Namespace, folder: FolderInfo) -> list[str]:
    """A folder for people."""
    use = folder.special_use or ("" if folder.selectable else "\\Noselect")
    columns = [folder.name, use or "-"]
    if options.status:
        status = folder.status
        counts = (status.messages, status.unseen, status.size) if status else (None,) * 3
        columns += ["-" if count is None else str(count) for count in counts]
    if options.verbose:
        columns.append(" ".join(sorted(folder.attributes)) or "-")
    return columns


def folder_facts(folder: FolderInfo) -> dict[str, Any]:
    """A folder for programs."""
    facts: dict[str, Any] = {
        "name": folder.name,
        "delimiter": folder.delimiter,
        "attributes": sorted(folder.attributes),
        "special_use": folder.special_use,
        "selectable": folder.selectable,
        "subscribed": folder.subscribed,
    }
    if folder.status is not None:
        status = folder.status
        facts |= {"messages": status.messages, "unseen": status.unseen, "size": status.size}
        facts |= {"uid_next": status.uid_next, "uid_validity": status.uid_validity}
    return facts


# search


def criteria(options: Namespace) -> dict[str, Any]:
    """The conditions of the command line, for `Folder.search`."""
    given = {name: getattr(options, name) for name in CRITERIA}
    found = {name: value for name, value in given.items() if value is not None}
    if "header" in found:
        found["header"] = tuple(found["header"])
    return found


def search(options: Namespace, name: str, words: list[str], connector: Connector[Client]) -> Exit:
    """Prints the UIDs of what is found."""
    wants_summary = options.summary or options.verbose

    def find(client: Client) -> Exit:
        folder = client.select(name, readonly=True)
        query = " ".join(words) or None
        uids = newest(folder.search(query, **criteria(options)), options.limit)
        if wants_summary:
            for message in folder.fetch(uids, flags=True, size=True, envelope=True):
                print_message(options, folder, message)
        elif options.json:
            for uid in uids:
                print_json("message", uid=uid, uid_validity=folder.uid_validity)
        elif uids:
            sys.stdout.write("\n".join(map(str, uids)) + "\n")
        return Exit.OK

    return connector.attempt(find)


def newest(uids: UidSet, limit: int | None) -> UidSet:
    """The highest of them."""
    if limit is None or len(uids) <= limit:
        return uids
    from mailproto.sansio.imap import UidSet  # noqa: PLC0415

    return UidSet(list(uids)[len(uids) - limit :])


def print_message(options: Namespace, folder: Folder, message: Message) -> None:
    """A message in a line."""
    if options.json:
        facts = {"uid": message.uid, "uid_validity": folder.uid_validity}
        print_json("message", **facts, **summary_facts(message))
    else:
        print(f"{message.uid}\t{summary_of(message)}")


def summary_of(message: Message) -> str:
    """Date, sender and subject, for people."""
    date = message.date
    when = date.astimezone().strftime("%Y-%m-%d %H:%M") if date is not None else "-"
    sender = ", ".join(address.name or address.email for address in message.from_) or "-"
    return f"{when}\t{printable(sender)}\t{printable(message.subject or '-')}"


def summary_facts(message: Message) -> dict[str, Any]:
    """The same for programs, and what else was fetched."""
    envelope, date = message.envelope, message.date
    return {
        "date": date.isoformat() if date is not None else None,
        "from": [str(address) for address in message.from_],
        "to": [str(address) for address in message.to],
        "subject": message.subject,
        "message_id": envelope.message_id if envelope is not None else None,
        "size": message.size,
        "flags": sorted(message.flags or ()),
    }


# watch


class Watch:
    """Prints what happens in a folder, over as many connections as it takes."""

    def __init__(self, options: Namespace, name: str) -> None:
        self._options = options
        self._name = name
        self._left: int | None = options.limit
        self._end = None if options.duration is None else time.monotonic() + options.duration
        # The UID that the next message will have, and of which numbering.
        self._next: int | None = None
        self._validity: int | None = None

    def run(self, connector: Connector[Client]) -> Exit:
        """Prints until Ctrl-C, or until enough was seen."""
        # As Ctrl-C: what waits for the server is interrupted.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        if self._left == 0:
            return Exit.OK
        try:
            connector.attempt(self._watch)
        except KeyboardInterrupt:
            return Exit.INTERRUPTED
        return Exit.OK

    def _watch(self, client: Client) -> None:
        with client.select(self._name, readonly=True) as folder:
            self._tell_begin(folder)
            self._catch_up(folder)
            while not self._done():
                for change in folder.watch(timeout=self._time_left()):
                    self._tell(folder, change)
                    if self._done():
                        return
                if self._end is None:
                    return

    def _tell_begin(self, folder: Folder) -> None:
        if self._options.json:
            print_json(
                "watching",
                folder=folder.name,
                exists=folder.exists,
                uid_next=folder.uid_next,
                uid_validity=folder.uid_validity,
            )
        elif not self._options.quiet:
            print(f"mailproto: {folder.exists} messages in {folder.name}", file=sys.stderr)

    def _catch_up(self, folder: Folder) -> None:
        """What came while there was no connection."""
        if self._next is not None and self._validity == folder.uid_validity:
            uids = folder.search(uid=f"{self._next}:*")
            new = [uid for uid in uids if uid >= self._next]
            if new:
                self._tell_arrived(folder, new, folder.exists)
        self._next, self._validity = folder.uid_next, folder.uid_validity

    def _time_left(self) -> float | None:
        return None if self._end is None else max(self._end - time.monotonic(), 0.001)

    def _done(self) -> bool:
        return self._left == 0 or (self._end is not None and time.monotonic() >= self._end)

    def _tell(self, folder: Folder, change: imap.Change) -> None:
        match change:
            case imap.Arrived(uids=uids, exists=exists):
                self._tell_arrived(folder, list(uids), exists)
                self._next = max([self._next or 0, *(uid + 1 for uid in uids)])
            case imap.Expunged(number=number, uid=uid, exists=exists):
                words = f"expunged\t{named(uid, number)}"
                self._print("expunged", words, uid=uid, number=number, exists=exists)
            case imap.FlagsChanged(number=number, uid=uid, flags=flags):
                shown = sorted(flags)
                words = f"flags\t{named(uid, number)}\t{' '.join(shown) or '-'}"
                self._print("flags", words, uid=uid, number=number, flags=shown)

    def _tell_arrived(self, folder: Folder, uids: list[int], exists: int) -> None:
        if not (self._options.summary or self._options.verbose):
            for uid in uids:
                self._print("arrived", f"arrived\t{uid}", uid=uid, exists=exists)
            return
        for message in folder.fetch(uids, flags=True, size=True, envelope=True):
            facts = {"uid": message.uid, "exists": exists, **summary_facts(message)}
            self._print("arrived", f"arrived\t{message.uid}\t{summary_of(message)}", **facts)

    def _print(self, event: str, words: str, **facts: Any) -> None:  # noqa: ANN401
        if self._left == 0:
            return
        if self._options.json:
            print_json(event, **facts)
        else:
            print(printable_columns(words), flush=True)
        if self._left is not None:
            self._left -= 1


def named(uid: int | None, number: int | None) -> str:
    """A message by its UID, or by its number where the server tells no UID."""
    return str(uid) if uid is not None else f"#{number}"


def printable_columns(words: str) -> str:
    """As `printable`, but tabs stay."""
    return "\t".join(map(printable, words.split("\t")))


# For programs.


def print_json(event: str, **facts: Any) -> None:  # noqa: ANN401
    """One line."""
    # Imported late: it takes time, and few ask for it.
    import json  # noqa: PLC0415

    print(json.dumps({"schema": SCHEMA, "event": event, **facts}), flush=True)
