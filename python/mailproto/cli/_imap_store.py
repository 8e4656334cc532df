"""Where `mailproto imap fetch` puts messages: a Maildir, an mbox, files, or attachments alone."""

from __future__ import annotations

import itertools
import os
import re
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from mailproto.stores import FilesSink, MaildirSink, MboxSink, maildir_flags

if TYPE_CHECKING:
    from argparse import Namespace

    from mailproto.imap import Message
    from mailproto.sansio.imap import Part

__all__ = ["Store", "Stored", "folder_store"]

Stored: TypeAlias = tuple[int, int, str]
"""UID, octets, name."""

# How many whole messages may wait to be committed together. As many may come twice after a kill.
COMMIT_MESSAGES = 32
MOST_NAME = 150

_counter = itertools.count(1)


def folder_store(options: Namespace, folder: str, delimiter: str | None) -> Store:
    """The place for the messages of a folder."""
    durable = not options.no_fsync
    if options.mbox is not None:
        return SinkStore(MboxSink(options.mbox, durable=durable))
    levels = [] if folder.upper() == "INBOX" else folder.split(delimiter or "\0")
    if options.attachments is not None:
        return AttachmentStore(Path(options.attachments, *map(path_part, levels)), durable=durable)
    if options.files is not None:
        return SinkStore(FilesSink(Path(options.files, *map(path_part, levels)), durable=durable))
    return MaildirStore(maildir(Path(options.maildir), levels, durable=durable))


def maildir(root: Path, levels: list[str], *, durable: bool) -> MaildirSink:
    """The Maildir of a folder: INBOX is the root, others are within, as Maildir++ has it."""
    sink = MaildirSink(root, durable=durable)
    if not levels:
        return sink
    inner = root / "".join(f".{maildir_part(level)}" for level in levels)
    sink = MaildirSink(inner, durable=durable)
    # So that a delivery agent knows that this is no mailbox of its own.
    (inner / "maildirfolder").touch(mode=0o600)
    return sink


def maildir_part(level: str) -> str:
    """One level of a folder's name. The dot separates them in Maildir++."""
    return re.sub(r"[%./\0]", percent_encoded, level)


def path_part(level: str) -> str:
    """One level of a folder's name as the name of a directory, which is not hidden."""
    level = re.sub(r"[%/\\:\0]", percent_encoded, level)
    return re.sub(r"^\.", "%2E", level)


def percent_encoded(match: re.Match[str]) -> str:
    return f"%{ord(match[0]):02X}"


class Store:
    """Takes messages, and tells which of them are safe."""

    items: ClassVar[dict[str, Any]] = {"flags": True, "internal_date": True, "body": True}
    """What must be fetched of them, as arguments of `Folder.fetch`."""

    def __init__(self) -> None:
        self._settled: list[Stored] = []

    def put(self, message: Message) -> bool:
        """Takes a message; returns whether `settled` has something to tell."""
        raise NotImplementedError

    def settled(self) -> list[Stored]:
        """What became safe since it was asked last."""
        settled, self._settled = self._settled, []
        return settled

    def flush(self) -> None:
        """Makes all of it safe."""

    def abort(self) -> None:
        """Drops what is not safe yet."""


class SinkStore(Store):
    """Any sink of `mailproto.stores`, many messages at a time."""

    def __init__(self, sink: MboxSink | FilesSink | MaildirSink) -> None:
        super().__init__()
        self._sink = sink
        self._waiting: list[tuple[int, int, Any]] = []

    def put(self, message: Message) -> bool:
        received = message.internal_date
        delivery: Any = self._sink.begin(
            None,
            flags=message.flags or (),
            received=received.timestamp() if received is not None else None,
        )
        octets = 0
        try:
            body = message.fetched.bodies.get("")
            for chunk in (body,) if body is not None else message.stream():
                delivery.write(chunk)
                octets += len(chunk)
        except BaseException:
            delivery.abort()
            raise
        self._waiting.append((message.uid, octets, delivery))
        if len(self._waiting) >= COMMIT_MESSAGES:
            self.flush()
        return bool(self._settled)

    def flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        names = self._sink.commit_all([delivery for _, _, delivery in waiting])
        self._settled += [
            (uid, octets, name) for (uid, octets, _), name in zip(waiting, names, strict=True)
        ]

    def abort(self) -> None:
        for _, _, delivery in self._waiting:
            delivery.abort()
        self._waiting = []


class MaildirStore(Store):
    """A Maildir, written by a thread of the system's while further messages come."""

    def __init__(self, sink: MaildirSink) -> None:
        super().__init__()
        self._large = SinkStore(sink)
        self._writer = sink.writer()
        self._pending: deque[tuple[int, int]] = deque()
        # There are few different sets of flags.
        self._letters: dict[frozenset[str] | None, str] = {None: ""}

    def put(self, message: Message) -> bool:
        fetched = message.fetched
        body = fetched.bodies.get("")
        if body is None:
            return self._large.put(message)
        flags, received = fetched.flags, fetched.internal_date
        letters = self._letters.get(flags)
        if letters is None:
            letters = self._letters[flags] = maildir_flags(flags or ())
        self._pending.append((message.uid, len(body)))
        return self._writer.add(
            body, letters, received.timestamp() if received is not None else None
        )

    def settled(self) -> list[Stored]:
        take = self._pending.popleft
        return [(*take(), name) for name in self._writer.settled()] + self._large.settled()

    def flush(self) -> None:
        self._writer.flush()
        self._large.flush()

    def abort(self) -> None:
        self._writer.abort()
        self._large.abort()


class AttachmentStore(Store):
    """A directory for what is attached, decoded, under the names that the senders gave."""

    items: ClassVar[dict[str, Any]] = {"flags": False, "body_structure": True}

    def __init__(self, directory: Path, *, durable: bool) -> None:
        super().__init__()
        self._directory = directory
        self._durable = durable
        directory.mkdir(parents=True, exist_ok=True)

    def put(self, message: Message) -> bool:
        """Saves the parts of a message, which are fetched one after the other."""
        saved = [self._save(message, part) for part in message.attachments()]
        octets = sum(length for length, _ in saved)
        names = ", ".join(name for _, name in saved) or "nothing attached"
        self._settled.append((message.uid, octets, names))
        return True

    def _save(self, message: Message, part: Part) -> tuple[int, str]:
        """Saves one part; returns its length and its file's name."""
        from mailproto.stores._durable import Draft, settle, sync_directory  # noqa: PLC0415

        draft = Draft(self._directory / f".{os.getpid()}-{next(_counter)}.tmp", None)
        try:
            for chunk in message.stream(part, decode=True):
                draft.write(chunk)
            octets = draft.octets
            settle([draft], durable=self._durable)
            final = self._claim(draft.path, attachment_name(message, part))
        except BaseException:
            draft.abort()
            raise
        if self._durable:
            sync_directory(self._directory)
        return octets, str(final)

    def _claim(self, draft: Path, name: str) -> Path:
        """Gives a finished file its name, or that name with a number."""
        from mailproto.stores._files import move_to_new  # noqa: PLC0415

        stem, suffix = os.path.splitext(name)  # noqa: PTH122 (no path yet)
        for number in itertools.count(1):
            final = self._directory / (name if number == 1 else f"{stem} ({number}){suffix}")
            if move_to_new(draft, final):
                return final
        raise AssertionError


def attachment_name(message: Message, part: Part) -> str:
    """The name that the sender gave, as far as it can harm nobody."""
    given = (part.filename or "").replace("\\", "/").rpartition("/")[2]
    name = "".join(
        character if character.isprintable() and character not in '<>:"|?*' else "_"
        for character in given
    ).strip(" ")
    name = name.lstrip(".").rstrip(".")
    if not name:
        kind = part.media_type.rpartition("/")[2] or "bin"
        name = f"{message.uid}-{part.section or '1'}.{re.sub(r'[^a-z0-9]', '', kind) or 'bin'}"
    stem, suffix = os.path.splitext(name)  # noqa: PTH122 (no path yet)
    while len((stem + suffix).encode()) > MOST_NAME and stem:
        stem = stem[:-1]
    return stem + suffix[:20]
