"""Keeping a copy of a folder: what is different from the last time.

By mod-sequences where the server counts them (CONDSTORE, RFC 7162), with QRESYNC in one command;
by comparing flags where it does not. UIDs are kept as ranges, so a state is small.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from mailproto._imap_commands import search, search_items
from mailproto._imap_fetch import fetch, wanted
from mailproto._imap_query import ALL, Query
from mailproto._imap_session import FLAGS, MOD_SEQ, UID, FetchReply
from mailproto.sansio.imap import Fetch, UidSet, Vanished

if TYPE_CHECKING:
    from typing import TypeAlias

    from mailproto._imap_session import Operation, Selection, Session
    from mailproto.sansio.imap import Event

    Flags: TypeAlias = frozenset[str]

__all__ = ["Changes", "SyncState", "changes"]

EVERY_UID = UidSet("1:4294967295")


class SyncState(NamedTuple):
    """What is known of a folder: keep it by pickle, or as JSON."""

    uid_validity: int
    uids: UidSet
    """The messages that the folder held."""
    mod_seq: int | None
    """The latest change that is known; `None` if the server does not count changes."""
    flags: tuple[tuple[Flags, UidSet], ...] = ()
    """Which messages had which flags, if the server does not count changes."""

    def to_json(self) -> str:
        """As text."""
        return json.dumps(
            {
                "uid_validity": self.uid_validity,
                "uids": str(self.uids),
                "mod_seq": self.mod_seq,
                "flags": [[sorted(flags), str(uids)] for flags, uids in self.flags],
            }
        )

    @staticmethod
    def from_json(text: str | None) -> SyncState | None:
        """The state that `to_json` wrote; none of none."""
        if not text:
            return None
        kept = json.loads(text)
        return SyncState(
            int(kept["uid_validity"]),
            set_of(kept["uids"]),
            kept["mod_seq"],
            tuple((frozenset(flags), set_of(uids)) for flags, uids in kept["flags"]),
        )


class Changes(NamedTuple):
    """What is different."""

    state: SyncState
    """To be kept for the next time, when the copy has been brought up to date."""
    arrived: UidSet
    """Messages that are new."""
    vanished: UidSet
    """Messages that are gone."""
    flags: dict[int, Flags]
    """All flags of each message that was there before and has others now."""
    reset: bool
    """Whether the folder's UIDVALIDITY is another: nothing that was kept is of use, and all that
    is there has arrived."""


def set_of(text: str) -> UidSet:
    """A set from its text, which is empty for an empty one."""
    return UidSet(text) if text else UidSet()


class ResyncReply(FetchReply):
    """What has come in answer to a FETCH that tells what vanished, too (RFC 7162 §3.2.6)."""

    __slots__ = ()

    def takes(self, event: Event) -> bool:
        return type(event) is Vanished and event.earlier


def changes(session: Session, selection: Selection, since: SyncState | None) -> Operation[Changes]:
    """What is different from what was known at `since`."""
    session.check_selected(selection)
    validity = session.client.uid_validity or 0
    reset = since is not None and since.uid_validity != validity
    known = since if since is not None and not reset else None
    if not (selection.counts and "CONDSTORE" in session.client.capabilities):
        return (yield from by_flags(session, selection, known, Known(validity, reset)))
    if known is None or known.mod_seq is None:
        mod_seq = yield from highest_mod_seq(session, selection)
        uids = yield from search(session, selection, Query(ALL))
        before = known.uids if known is not None else UidSet()
        return Changes(SyncState(validity, uids, mod_seq), uids - before, before - uids, {}, reset)
    if "QRESYNC" in session.client.enabled:
        return (yield from by_resync(session, selection, known))
    return (yield from by_mod_seq(session, selection, known))


def highest_mod_seq(session: Session, selection: Selection) -> Operation[int]:
    """The highest mod-sequence of all messages, asked for because a server may begin to count, and
    to tell, when it is first asked (RFC 7162 §3.1)."""
    items = yield from search_items(session, selection, Query(("MODSEQ", 1)))
    told = session.client.highest_mod_seq or 1
    return max((item.mod_seq or 0 for item in items), default=told) or told


class Known(NamedTuple):
    """What is known before anything was asked."""

    validity: int
    reset: bool


def by_resync(session: Session, selection: Selection, since: SyncState) -> Operation[Changes]:
    """In one command: UID FETCH 1:* (FLAGS) (CHANGEDSINCE n VANISHED)."""
    reply = ResyncReply(EVERY_UID, UID | FLAGS | MOD_SEQ, (), selection)
    yield from session.expect(
        reply,
        session.client.fetch,
        "1:*",
        ("UID", "FLAGS", "MODSEQ"),
        changed_since=since.mod_seq,
        vanished=True,
    )
    yield from session.wait(reply)
    vanished = UidSet()
    for event in reply.items:
        vanished = vanished | event.uids
    flags, mod_seq = gathered([item for item in reply.arrived if type(item) is Fetch])
    arrived = UidSet(flags) - since.uids
    uids = (since.uids - vanished) | arrived
    state = SyncState(since.uid_validity, uids, max(since.mod_seq or 0, mod_seq))
    before = {uid: flags[uid] for uid in flags if uid not in arrived}
    return Changes(state, arrived, vanished & since.uids, before, reset=False)


def by_mod_seq(session: Session, selection: Selection, since: SyncState) -> Operation[Changes]:
    """UID SEARCH tells what came and went, UID FETCH (CHANGEDSINCE n) the flags."""
    uids = yield from search(session, selection, Query(ALL))
    stayed = uids & since.uids
    what = wanted(flags=True, mod_seq=True)
    found: list[Fetch] = []
    for item in fetch(session, selection, stayed, what, since.mod_seq):
        if type(item) is Fetch:
            found.append(item)
        else:
            yield item  # type: ignore[misc]
    flags, mod_seq = gathered(found)
    state = SyncState(since.uid_validity, uids, max(since.mod_seq or 0, mod_seq))
    return Changes(state, uids - since.uids, since.uids - uids, flags, reset=False)


def gathered(found: list[Fetch]) -> tuple[dict[int, Flags], int]:
    """The flags by UID, and the highest mod-sequence: all changes up to it have been told, as
    the command was completed (RFC 7162 §3.1.4.1)."""
    flags = {item.uid: flags_of(item) for item in found if item.uid is not None}
    return flags, max((item.mod_seq or 0 for item in found), default=0)


def flags_of(fetched: Fetch) -> Flags:
    r"""The flags to be compared. ``\Recent`` is another for each session (RFC 3501 §2.3.2)."""
    return (fetched.flags or frozenset()) - {"\\Recent"}


def by_flags(
    session: Session, selection: Selection, since: SyncState | None, known: Known
) -> Operation[Changes]:
    """Fetches all flags and compares."""
    groups: dict[Flags, list[int]] = {}
    for item in fetch(session, selection, None, wanted(flags=True)):
        if type(item) is Fetch:
            groups.setdefault(flags_of(item), []).append(item.uid or 0)
        else:
            yield item  # type: ignore[misc]
    now = tuple((flags, UidSet(uids)) for flags, uids in groups.items())
    uids = UidSet()
    for _, members in now:
        uids = uids | members
    before = since.uids if since is not None else UidSet()
    had = dict(since.flags) if since is not None else {}
    changed = {
        uid: flags
        for flags, members in now
        for uid in (members & before) - had.get(flags, UidSet())
    }
    state = SyncState(known.validity, uids, None, now)
    return Changes(state, uids - before, before - uids, changed, known.reset)
