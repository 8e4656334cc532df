"""Watching a folder: IDLE (RFC 2177), begun anew in time, or NOOP where the server lacks it.

Sequence numbers move with each EXPUNGE, so a list of the UIDs in their order is kept: a number
that the server tells is looked up in it as it was at that moment. Changes are never yielded
while IDLE lasts: whoever gets one may give commands at once.
"""

from __future__ import annotations

import time
from array import array
from bisect import bisect_left
from collections import deque
from typing import TYPE_CHECKING

from mailproto._errors import CommandError
from mailproto._imap_commands import noop, offers, search
from mailproto._imap_query import ALL, Query
from mailproto._imap_values import Arrived, Expunged, FlagsChanged
from mailproto.sansio.imap import Exists, Expunge, Fetch, UidSet, Vanished

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mailproto._imap_session import Operation, Selection, Session, Stream
    from mailproto._imap_values import Change
    from mailproto.sansio.imap import Event

__all__ = ["POLL_SECONDS", "REISSUE_SECONDS", "watch"]

# Servers may log out who idles for 30 minutes (RFC 2177 §3), and boxes that translate addresses
# forget a silent connection long before.
REISSUE_SECONDS = 540.0
POLL_SECONDS = 30.0
# How often the list of UIDs is asked for again because messages went meanwhile.
ATTEMPTS = 5


def watch(
    session: Session,
    selection: Selection,
    timeout: float | None,
    *,
    reissue: float = REISSUE_SECONDS,
    poll: float = POLL_SECONDS,
) -> Stream[Change]:
    """Changes, as the server tells them; ends after `timeout` seconds."""
    deadline = None if timeout is None else time.monotonic() + timeout
    watcher = Watcher(session, selection)
    idles = offers(session, "IDLE")
    try:
        yield from watcher.learn()
        while True:
            changes = yield from watcher.changes()
            yield from changes
            left = remaining(deadline)
            if left is not None and left <= 0:
                return
            if watcher.told():
                continue
            if idles:
                idles = yield from idle(session, selection, watcher, shorter(reissue, left))
            else:
                yield from wait(shorter(poll, left))
                yield from noop(session, selection)
    finally:
        watcher.close()


def remaining(deadline: float | None) -> float | None:
    """How many seconds are left; `None`: any number."""
    return None if deadline is None else deadline - time.monotonic()


def shorter(seconds: float, left: float | None) -> float:
    """How long to wait at most."""
    return seconds if left is None else min(seconds, left)


def wait(seconds: float) -> Operation[None]:
    """Waits so long, or until something was received."""
    yield float(seconds)


def idle(
    session: Session, selection: Selection, watcher: Watcher, seconds: float
) -> Operation[bool]:
    """IDLE until something is told, or so long. Returns whether the server knows IDLE."""
    deadline = time.monotonic() + seconds
    reply = yield from session.idle(selection)
    try:
        while reply.completed is None and not watcher.told():
            left = deadline - time.monotonic()
            if left <= 0:
                break
            if session.bye is not None:
                raise session.farewell()
            yield left
    finally:
        session.end_idle()
    try:
        yield from session.wait(reply)
    except CommandError:
        return False
    return True


class Watcher:
    """What is known of a folder's messages, and what was told of them since."""

    def __init__(self, session: Session, selection: Selection) -> None:
        self._session = session
        self._selection = selection
        self._events: deque[Event] = deque()
        selection.changes.append(self._events)
        # The UIDs in the order of the sequence numbers, and how many messages have come behind
        # them that were not asked about yet.
        self._uids = array("I")
        self._new = 0

    def close(self) -> None:
        """Wants to hear no more."""
        changes = self._selection.changes
        changes[:] = [events for events in changes if events is not self._events]

    def told(self) -> bool:
        """Whether something waits to be looked at."""
        return bool(self._events)

    def learn(self) -> Operation[None]:
        """Lists the UIDs, again if messages came or went while they were listed."""
        for _ in range(ATTEMPTS):
            self._events.clear()
            uids = yield from search(self._session, self._selection, Query(ALL))
            self._uids, self._new = array("I", uids), 0
            if not self._moved():
                return

    def changes(self) -> Operation[list[Change]]:
        """What the events since the last time mean."""
        found: list[Change] = []
        for _ in range(ATTEMPTS):
            self._digest(found)
            if not self._new:
                break
            uids = yield from self._since()
            # When numbers moved meanwhile, nobody knows whether the list is of before or after.
            if not self._moved():
                self._uids.extend(uids)
                self._new = 0
                if uids:
                    found.append(Arrived(UidSet(uids), len(uids), len(self._uids)))
                break
        return found

    def _digest(self, found: list[Change]) -> None:
        """Applies the events to the list, in their order."""
        while self._events:
            event = self._events.popleft()
            if type(event) is Exists:
                self._new = max(event.number - len(self._uids), self._new)
            elif type(event) is Expunge:
                found += self._expunged(event.number)
            elif type(event) is Vanished:
                found += self._vanished(event.uids)
            elif type(event) is Fetch and event.flags is not None:
                found.append(self._flags(event))

    def _moved(self) -> bool:
        """Whether messages came or went, by what was not looked at yet."""
        return any(type(event) is not Fetch for event in self._events)

    def _expunged(self, number: int) -> Iterator[Expunged]:
        if 0 < number <= len(self._uids):
            uid = self._uids.pop(number - 1)
            yield Expunged(number, uid, len(self._uids) + self._new)
        elif self._new:
            # It was never told that this one has come.
            self._new -= 1

    def _vanished(self, gone: UidSet) -> Iterator[Expunged]:
        uids = self._uids
        for low, high in gone.ranges:
            first = bisect_left(uids, low)
            beyond = high - max(low - 1, uids[-1] if uids else 0)
            while first < len(uids) and uids[first] <= high:
                uid = uids.pop(first)
                yield Expunged(first + 1, uid, len(uids) + self._new)
            self._new -= min(max(beyond, 0), self._new)

    def _flags(self, event: Fetch) -> FlagsChanged:
        uid, number = event.uid, event.number
        if uid is None and number is not None and 0 < number <= len(self._uids):
            uid = self._uids[number - 1]
        return FlagsChanged(number, uid, event.flags or frozenset())

    def _since(self) -> Operation[list[int]]:
        """The UIDs of what has come: higher than any before (RFC 9051 §2.3.1.1)."""
        highest = self._uids[-1] if self._uids else 0
        query = Query(("UID", f"{highest + 1}:*"))
        found = yield from search(self._session, self._selection, query)
        # `*` is the highest UID there is, even if that is lower than what stands before it.
        return [uid for uid in found if uid > highest]
