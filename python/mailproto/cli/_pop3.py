"""`mailproto pop3 fetch` and `mailproto pop3 list`."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mailproto import pop3
from mailproto._errors import MailError
from mailproto.cli._account import DEFAULT_PORTS, account
from mailproto.cli._connect import Connector, interruptible
from mailproto.cli._exit import Exit, printable
from mailproto.cli._progress import meter, size
from mailproto.cli._protocol_log import protocol_log
from mailproto.stores import FilesSink, MaildirSink, MboxSink, UidlStore

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from mailproto._pop3_sync import Keep, Sink, SyncProgress, SyncReport
    from mailproto.cli._account import Account

__all__ = ["fetch", "list_messages"]

# The schema of the lines that --json prints. A new field changes nothing; anything else does.
SCHEMA = "mailproto.pop3/1"


def list_messages(options: Namespace) -> Exit:
    """Prints number, size and unique-id of each message."""
    who = account(options)
    with protocol_log(options.log_protocol) as log:
        listing = Connector(pop3.connect, options, who, log).attempt(pop3.Maildrop.overview)
    for message in listing:
        if options.json:
            print_json("message", number=message.number, size=message.size, uid=message.uid)
        else:
            print(message.number, message.size, message.uid or "-", sep="\t")
    return Exit.OK


def fetch(options: Namespace) -> Exit:
    """Downloads what is new."""
    who = account(options)
    with opened_state(options, who) as seen, protocol_log(options.log_protocol) as log:
        connector = Connector(pop3.connect, options, who, log)
        if options.dry_run:
            return dry_run(options, connector, seen)
        return Fetch(options, make_sink(options), seen).run(connector)


def make_sink(options: Namespace) -> Sink:
    """Where `--maildir`, `--mbox` or `--files` says."""
    durable = not options.no_fsync
    if options.maildir is not None:
        return MaildirSink(options.maildir, durable=durable)
    if options.mbox is not None:
        return MboxSink(options.mbox, durable=durable)
    return FilesSink(options.files, durable=durable)


def opened_state(options: Namespace, who: Account) -> AbstractContextManager[UidlStore | None]:
    """The memory of what was fetched. A dry run makes none."""
    if options.no_state:
        return nullcontext(None)
    path = Path(options.state) if options.state is not None else default_state(who)
    if options.dry_run and not path.exists():
        return nullcontext(None)
    return UidlStore(path, durable=not options.no_fsync)


def default_state(who: Account) -> Path:
    """One file a user and server, where the XDG Base Directory Specification wants state."""
    from urllib.parse import quote  # noqa: PLC0415 (takes time)

    base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    # The same maildrop is behind the usual ports; behind others may be another server.
    port = "" if who.port in DEFAULT_PORTS.values() else f":{who.port}"
    name = f"{quote(who.user, safe='')}@{quote(who.host, safe='')}{port}.uidl"
    return Path(base) / "mailproto" / "pop3" / name


def keep_rule(options: Namespace) -> Keep:
    """What stays on the server."""
    if options.delete:
        return "none"
    if options.delete_after is None:
        return "all"
    from datetime import timedelta  # noqa: PLC0415

    return timedelta(days=options.delete_after)


class Fetch:
    """One run of `fetch`, over as many connections as it takes."""

    def __init__(self, options: Namespace, sink: Sink, seen: UidlStore | None) -> None:
        self._options = options
        self._sink = sink
        self._seen = seen
        self._meter = meter(options)
        self._fetched = 0
        self._octets = 0
        self._failed = 0

    def run(self, connector: Connector[pop3.Maildrop]) -> Exit:
        """Fetches; tells what was done also when that was not all."""
        report: SyncReport | None = None
        with interruptible() as interrupted:
            try:
                report = connector.attempt(
                    lambda box: self._sync(box, interrupted),
                    lambda: interrupted() or self._would_repeat(),
                )
            except MailError:
                # It was told to finish, and could not: that is no error of its own.
                if not interrupted():
                    raise
            finally:
                self._meter.close()
                self._summarise(report, interrupted=interrupted())
            if interrupted():
                return Exit.INTERRUPTED
        return Exit.SOME_FAILED if self._failed else Exit.OK

    def _would_repeat(self) -> bool:
        """Whether another try would fetch again what is stored: nobody remembers it."""
        return self._seen is None and self._fetched > 0

    def _sync(self, box: pop3.Maildrop, stop: Callable[[], bool]) -> SyncReport:
        self._failed = 0
        limit = self._options.limit
        report = box.sync(
            self._sink,
            keep_rule(self._options),
            self._seen,
            limit=None if limit is None else max(limit - self._fetched, 0),
            progress=self._progress,
            stop=stop,
        )
        # What could be fetched but not deleted was not told by `_progress`.
        self._failed = len(report.failed)
        return report

    def _progress(self, progress: SyncProgress) -> None:
        self._meter.update(progress)
        message = progress.message
        if message is None:
            return
        facts = {"number": message.number, "size": message.size, "uid": message.uid}
        if progress.stored_as is not None:
            self._fetched += 1
            self._octets += message.size
            self._tell(
                "fetched",
                f"{message.number}: {progress.stored_as}",
                **facts,
                stored_as=progress.stored_as,
            )
        elif progress.failure is not None:
            self._failed += 1
            self._tell(
                "failed",
                f"{message.number}: {progress.failure}",
                **facts,
                error=str(progress.failure),
            )

    def _tell(self, event: str, words: str, **facts: Any) -> None:  # noqa: ANN401
        if self._options.json:
            print_json(event, **facts)
        if self._options.verbose:
            print(printable(words), file=sys.stderr)

    def _summarise(self, report: SyncReport | None, *, interrupted: bool) -> None:
        facts: dict[str, Any] = {"fetched": self._fetched, "octets": self._octets}
        facts |= {"failed": self._failed, "complete": report is not None and not interrupted}
        if report is not None:
            facts |= {"deleted": report.deleted, "left": report.left, "on_server": report.on_server}
        if self._options.json:
            print_json("summary", **facts)
        elif not self._options.quiet and (report is not None or self._fetched):
            words = f"{self._fetched} messages fetched ({size(self._octets)})"
            words += f", {self._failed} failed" if self._failed else ""
            words += f", {report.deleted} deleted" if report and report.deleted else ""
            words += f", {report.left} left" if report and report.left else ""
            print(words, file=sys.stderr)


def dry_run(
    options: Namespace, connector: Connector[pop3.Maildrop], seen: UidlStore | None
) -> Exit:
    """Tells what would be fetched."""
    listing = connector.attempt(pop3.Maildrop.overview)
    new = [message for message in listing if seen is None or message.uid not in seen]
    for message in new if options.limit is None else new[: options.limit]:
        if options.json:
            print_json("would-fetch", number=message.number, size=message.size, uid=message.uid)
        else:
            print(message.number, message.size, message.uid or "-", sep="\t")
    return Exit.OK


def print_json(event: str, **facts: Any) -> None:  # noqa: ANN401
    """One line for programs."""
    # Imported late: it takes time, and few ask for it.
    import json  # noqa: PLC0415

    print(json.dumps({"schema": SCHEMA, "event": event, **facts}), flush=True)
