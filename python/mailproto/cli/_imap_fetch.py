"""`mailproto imap fetch`: downloads what is new, from one folder or many."""

from __future__ import annotations

import sys
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from mailproto import imap
from mailproto._errors import CommandError, MailError, MessageNotFound, NotOffered
from mailproto.cli._account import IMAP_PORTS
from mailproto.cli._connect import Connector, interruptible
from mailproto.cli._exit import Exit, UsageError, printable
from mailproto.cli._imap import criteria, print_json, session_log
from mailproto.cli._imap_state import FetchState, Renumbered
from mailproto.cli._imap_store import folder_store
from mailproto.cli._progress import Meter, Progress, meter, size
from mailproto.sansio.imap import UidSet

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from mailproto.cli._account import Account
    from mailproto.cli._imap_state import FolderState
    from mailproto.cli._imap_store import Store, Stored
    from mailproto.imap import Client, Folder, FolderInfo

__all__ = ["fetch"]

STATE = "mailproto-imap.state"


def fetch(options: Namespace, who: Account) -> Exit:
    """Downloads what is new."""
    if options.mbox is not None and (options.recursive or len(options.folder or ()) > 1):
        raise UsageError("--mbox holds one folder; use --maildir or --files for several")
    with opened_state(options) as state, session_log(options.log_protocol) as log:
        connector: Connector[Client] = Connector(imap.connect, options, who, log)
        return Fetch(options, who, state).run(connector)


def opened_state(options: Namespace) -> AbstractContextManager[FetchState | None]:
    """The memory of what was fetched. A dry run makes none."""
    if options.no_state:
        return nullcontext(None)
    path = Path(options.state) if options.state is not None else default_state(options)
    if options.dry_run and not path.exists():
        return nullcontext(None)
    return FetchState(path, durable=not options.no_fsync)


def default_state(options: Namespace) -> Path:
    """Beside the messages, so that both are moved and removed together."""
    if options.mbox is not None:
        return Path(f"{options.mbox}.{STATE}")
    return Path(options.maildir or options.files or options.attachments) / STATE


def account_name(who: Account) -> str:
    """Whose mail it is, for the memory. The same mailboxes are behind the usual ports."""
    port = "" if who.port in IMAP_PORTS.values() else f":{who.port}"
    return f"{who.user}@{who.host}{port}"


class Fetch:
    """One run, over as many connections as it takes."""

    def __init__(self, options: Namespace, who: Account, state: FetchState | None) -> None:
        self._options = options
        self._who = who
        self._account = account_name(who)
        self._state = state
        self._meter: Meter = Meter() if options.dry_run else meter(options)
        self._progress = Progress()
        self._stop: Callable[[], bool] = bool
        self._fetched = 0
        self._octets = 0
        self._deleted = 0
        self._left = 0
        self._failed: dict[tuple[str, int | None], str] = {}
        # What is done already when a connection fails: folders, and their order.
        self._done: set[str] = set()

    def run(self, connector: Connector[Client]) -> Exit:
        """Fetches; tells what was done also when that was not all."""
        complete = False
        with interruptible() as interrupted:
            self._stop = interrupted
            try:
                connector.attempt(self._fetch_all, self._gives_up)
                complete = not interrupted()
            except MailError:
                # It was told to finish, and could not: that is no error of its own.
                if not interrupted():
                    raise
            finally:
                self._meter.close()
                self._summarise(complete=complete)
            if interrupted():
                return Exit.INTERRUPTED
        return Exit.SOME_FAILED if self._failed else Exit.OK

    def _gives_up(self) -> bool:
        """Whether not to connect again: nobody remembers what is stored, or Ctrl-C."""
        return self._stop() or (self._state is None and self._fetched > 0)

    # Folders.

    def _fetch_all(self, client: Client) -> None:
        # What failed with the connection is tried again with the next one.
        self._failed.clear()
        names = folder_names(client, self._options, self._who.folder)
        for name, delimiter in names:
            if name in self._done or self._stop():
                continue
            try:
                self._fetch_folder(client, name, delimiter)
            except (CommandError, Renumbered) as error:
                if len(names) == 1:
                    raise
                self._fail(name, None, error)
            self._done.add(name)

    def _fetch_folder(self, client: Client, name: str, delimiter: str | None) -> None:
        readonly = not self._options.delete or self._options.dry_run
        folder = client.select(name, readonly=readonly)
        memory = self._memory(folder)
        found = folder.search(self._options.query, **criteria(self._options))
        new = found - memory.seen if memory is not None else found
        new = self._limited(new)
        if self._options.dry_run:
            self._tell_sizes(folder, new)
            return
        stored: list[int] = []
        if new:
            store = folder_store(self._options, folder.name, delimiter)
            run = FolderRun(self, folder, memory, store, stored)
            self._expect(folder, new)
            run.fetch(new, self._stop)
        if self._options.delete:
            safe = found & memory.seen if memory is not None else UidSet(stored)
            self._delete(folder, memory, safe)

    def _memory(self, folder: Folder) -> FolderState | None:
        if self._state is None:
            return None
        forget = self._options.renumbered == "fetch"
        validity = folder.uid_validity or 0
        return self._state.folder(self._account, folder.name, validity, forget=forget)

    def _limited(self, new: UidSet) -> UidSet:
        """As many as `--limit` allows, the oldest first."""
        limit = self._options.limit
        if limit is None:
            return new
        room = max(limit - self._fetched, 0)
        self._left += max(len(new) - room, 0)
        return new if len(new) <= room else UidSet(list(new)[:room])

    def _expect(self, folder: Folder, new: UidSet) -> None:
        """Where somebody watches, it is worth asking how much there is to come."""
        self._progress.total_messages += len(new)
        if type(self._meter) is not Meter:
            for message in folder.fetch(new, flags=False, size=True):
                self._progress.total_octets += message.size or 0

    def _delete(self, folder: Folder, memory: FolderState | None, uids: UidSet) -> None:
        """Removes what is safe here from the server."""
        if not uids:
            return
        if memory is not None:
            memory.flush()
        folder.delete(uids)
        try:
            folder.expunge(uids)
        except NotOffered:
            words = "marked as deleted only: without UIDPLUS others' messages would go as well"
            print(f"mailproto: {printable(folder.name)}: {words}", file=sys.stderr)
        self._deleted += len(uids)

    # Telling.

    def _tell_sizes(self, folder: Folder, new: UidSet) -> None:
        for message in folder.fetch(new, flags=False, size=True):
            self._fetched += 1
            facts = {"folder": folder.name, "uid": message.uid, "size": message.size}
            if self._options.json:
                print_json("would-fetch", **facts)
            else:
                print(printable(folder.name), message.uid, message.size, sep="\t")

    def stored(self, folder: str, done: list[Stored], octets: int) -> None:
        """These are safe."""
        self._fetched += len(done)
        self._octets += octets
        self._progress.messages += len(done)
        self._progress.octets += octets
        self._meter.update(self._progress)
        if self._options.json:
            for uid, length, name in done:
                print_json("fetched", folder=folder, uid=uid, size=length, stored_as=name)
        if self._options.verbose:
            for uid, _, name in done:
                print(printable(f"{folder} {uid}: {name}"), file=sys.stderr)

    def fail(self, folder: str, uid: int, error: MailError) -> None:
        """One message could not be had."""
        self._fail(folder, uid, error)

    def _fail(self, folder: str, uid: int | None, error: Exception) -> None:
        words = str(error)
        self._failed[folder, uid] = words
        if self._options.json:
            print_json("failed", folder=folder, uid=uid, error=words)
        where = folder if uid is None else f"{folder} {uid}"
        print(printable(f"mailproto: {where}: {words}"), file=sys.stderr)

    def _summarise(self, *, complete: bool) -> None:
        if self._options.dry_run:
            return
        failed = len(self._failed)
        if self._options.json:
            facts = {"fetched": self._fetched, "octets": self._octets, "failed": failed}
            facts |= {"deleted": self._deleted, "left": self._left, "complete": complete}
            print_json("summary", **facts)
        elif not self._options.quiet and (complete or self._fetched):
            words = f"{self._fetched} messages fetched ({size(self._octets)})"
            words += f", {failed} failed" if failed else ""
            words += f", {self._deleted} deleted" if self._deleted else ""
            words += f", {self._left} left" if self._left else ""
            print(words, file=sys.stderr)


class FolderRun:
    """The new messages of one folder on their way to disk."""

    def __init__(
        self,
        run: Fetch,
        folder: Folder,
        memory: FolderState | None,
        store: Store,
        stored: list[int],
    ) -> None:
        self._run = run
        self._folder = folder
        self._memory = memory
        self._store = store
        # What is safe, also where there is no memory.
        self._stored = stored
        self._arrived: set[int] = set()

    def fetch(self, new: UidSet, stop: Callable[[], bool]) -> None:
        """Fetches and stores them."""
        try:
            try:
                self._fetch_tolerantly(new, stop)
            finally:
                # What has come whole is good, whatever became of the connection.
                self._store.flush()
                self._note()
        except BaseException:
            self._store.abort()
            with suppress(OSError):
                self._note()
            raise

    def _fetch_tolerantly(self, new: UidSet, stop: Callable[[], bool]) -> None:
        """Where the server refuses many messages for the sake of one, asks for each."""
        try:
            self._fetch(new, stop)
        except CommandError:
            for uid in new:
                if uid in self._arrived:
                    continue
                if stop():
                    return
                try:
                    self._fetch(UidSet([uid]), stop)
                except CommandError as error:
                    self._run.fail(self._folder.name, uid, error)

    def _fetch(self, uids: UidSet, stop: Callable[[], bool]) -> None:
        store, arrived = self._store, self._arrived
        # This loop runs once a message: no look-ups that can be spared.
        for message in self._folder.fetch(uids, **store.items):
            arrived.add(message.uid)
            try:
                settled = store.put(message)
            except MessageNotFound:
                # Somebody deleted it meanwhile.
                continue
            if settled:
                self._note()
            if stop():
                break

    def _note(self) -> None:
        """Remembers what is safe."""
        done = self._store.settled()
        if not done:
            return
        uids = [uid for uid, _, _ in done]
        if self._memory is not None:
            self._memory.add(uids)
        self._stored += uids
        self._run.stored(self._folder.name, done, sum(length for _, length, _ in done))


def folder_names(
    client: Client, options: Namespace, named: str | None
) -> list[tuple[str, str | None]]:
    """The folders that are meant, each with what separates the levels of its name."""
    wanted = options.folder or ([named] if named is not None else [])
    several = options.recursive or len(wanted) > 1
    if not several and not wanted:
        return [("INBOX", None)]
    # The separator matters where a folder becomes a path.
    listed = [folder for folder in client.folders() if folder.selectable]
    if not wanted:
        return [(folder.name, folder.delimiter) for folder in listed]
    found: dict[str, str | None] = {}
    for name in wanted:
        exact = [folder for folder in listed if same_folder(folder.name, name)]
        within = [each for each in listed if options.recursive and is_within(each, name)]
        # One that only holds others, or is not there at all: what is not there is told by SELECT.
        if exact or not within:
            found[name] = exact[0].delimiter if exact else None
        found |= {each.name: each.delimiter for each in within}
    return list(found.items())


def same_folder(name: str, other: str) -> bool:
    """INBOX may be written in any way (RFC 9051 §5.1)."""
    return name == other or name.upper() == other.upper() == "INBOX"


def is_within(folder: FolderInfo, name: str) -> bool:
    """Whether a folder is one of the lower levels of another."""
    delimiter = folder.delimiter
    return delimiter is not None and folder.name.startswith(name.rstrip(delimiter) + delimiter)
