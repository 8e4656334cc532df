"""FETCH (RFC 9051 §6.4.5): many messages by pipelined commands, one section as a stream."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from mailproto._errors import MessageNotFound
from mailproto._imap_commands import resolve
from mailproto._imap_session import FLAGS, MOD_SEQ, UID, BodyReply, FetchReply
from mailproto.sansio.imap import UidSet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mailproto._imap_message import Messages
    from mailproto._imap_session import Letter, Octets, Operation, Selection, Session, Stream
    from mailproto.sansio.imap import Fetch

__all__ = ["Wanted", "fetch", "section", "wanted"]

# What is not one of the bits that a server may send unasked.
ESSENTIAL = 8
# How many commands are in flight: the server is to work on one while another is read.
AHEAD = 3
# How many messages the first command names, by how many times more each further one does, and the
# most. A loop that is left at once leaves little under way, and one that is not wastes no time.
FIRST, GROWTH, MOST = 64, 8, 4096
# The same where bodies are fetched.
FIRST_BODIES, GROWTH_BODIES, MOST_BODIES = 4, 4, 512


class Wanted(NamedTuple):
    """What is asked for of each message."""

    items: tuple[str, ...]
    needs: int
    sections: frozenset[str]


def wanted(
    *,
    flags: bool = False,
    size: bool = False,
    internal_date: bool = False,
    envelope: bool = False,
    body_structure: bool = False,
    headers: Iterable[str] = (),
    body: bool | str | Iterable[str] = False,
    mod_seq: bool = False,
    gmail: bool = False,
    items: Iterable[str] = (),
) -> Wanted:
    """The arguments of `Folder.fetch` as data items."""
    chosen: list[str] = ["UID"]
    chosen += ["FLAGS"] if flags else []
    chosen += ["MODSEQ"] if mod_seq else []
    needs = UID | (FLAGS if flags else 0) | (MOD_SEQ if mod_seq else 0)
    frequent = len(chosen)
    chosen += ["RFC822.SIZE"] if size else []
    chosen += ["INTERNALDATE"] if internal_date else []
    chosen += ["ENVELOPE"] if envelope else []
    chosen += ["BODYSTRUCTURE"] if body_structure else []
    chosen += ["X-GM-MSGID", "X-GM-THRID", "X-GM-LABELS"] if gmail else []
    chosen += [items] if isinstance(items, str) else items
    sections = sections_of(body)
    if names := [headers] if isinstance(headers, str) else list(headers):
        sections.append(f"HEADER.FIELDS ({' '.join(names)})")
    chosen += [f"BODY.PEEK[{name}]" for name in sections]
    needs |= ESSENTIAL if len(chosen) > frequent else 0
    return Wanted(tuple(chosen), needs, frozenset(name.upper() for name in sections))


def sections_of(body: bool | str | Iterable[str]) -> list[str]:  # noqa: FBT001
    """The sections that `body` names: the whole message is the empty one."""
    if isinstance(body, bool):
        return [""] if body else []
    return [body] if isinstance(body, str) else list(body)


def fetch(
    session: Session,
    selection: Selection,
    messages: Messages,
    what: Wanted,
    changed_since: int | None = None,
) -> Stream[Fetch | Letter]:
    """Messages as they come. Few commands are in flight at a time; who leaves early has these
    answered for nobody."""
    uids = yield from resolve(session, selection, messages)
    flight: deque[FetchReply] = deque()
    chunks = growing_chunks(uids, bodies=bool(what.sections))
    chunk = next(chunks, None)
    try:
        while True:
            while chunk is not None and len(flight) < AHEAD:
                reply = FetchReply(chunk, what.needs, what.sections, selection)
                command = session.client.fetch
                if session.begin(reply, command, chunk, what.items, changed_since=changed_since):
                    flight.append(reply)
                    chunk = next(chunks, None)
                elif flight:
                    break
                else:
                    yield from session.turn()
            if not flight:
                return
            reply = flight[0]
            arrived = reply.arrived
            while arrived:
                yield arrived.popleft()
            if reply.completed is None:
                yield from session.pause(reply)
            elif not arrived:
                flight.popleft()
                session.checked(reply)
    finally:
        for reply in flight:
            reply.abandon()


def growing_chunks(uids: UidSet, *, bodies: bool) -> Iterator[UidSet]:
    """Parts of a set: small ones first, so that the first messages come soon."""
    count, growth, most = FIRST, GROWTH, MOST
    if bodies:
        count, growth, most = FIRST_BODIES, GROWTH_BODIES, MOST_BODIES
    while uids:
        if len(uids) <= count:
            yield from uids.chunks(count)
            return
        chunk = next(iter(uids.chunks(count)))
        yield chunk
        uids = uids - chunk
        if count == most:
            yield from uids.chunks(count)
            return
        count = min(count * growth, most)


def one(
    session: Session, selection: Selection, uid: int, what: Wanted
) -> Operation[Fetch | Letter]:
    """One message."""
    reply = yield from begin_one(session, selection, uid, what)
    yield from session.wait(reply)
    if not reply.arrived:
        raise missing(selection, uid)
    return reply.arrived[-1]


def begin_one(
    session: Session, selection: Selection, uid: int, what: Wanted
) -> Operation[FetchReply]:
    """Asks for one message."""
    uids = UidSet([uid])
    reply = FetchReply(uids, what.needs, what.sections, selection)
    return (yield from session.expect(reply, session.client.fetch, uids, what.items))


def missing(selection: Selection, uid: int) -> MessageNotFound:
    """What is not there any more, or never was."""
    text = f"no message with UID {uid} in {selection.name!r}"
    return MessageNotFound("FETCH", "ok", None, text)


def begin_section(
    session: Session, selection: Selection, uid: int, name: str
) -> Operation[BodyReply]:
    """Asks for one section of one message, and waits until it begins to come, so that a refusal
    shows at once."""
    uids = UidSet([uid])
    reply = BodyReply(uids, UID | ESSENTIAL, (name.upper(),), selection)
    item = name if name.upper().startswith("BINARY") else f"BODY.PEEK[{name}]"
    item = item.replace("BINARY[", "BINARY.PEEK[", 1) if item is name else item
    yield from session.expect(reply, session.client.fetch, uids, ("UID", item))
    try:
        while reply.stream is None and not reply.arrived and reply.completed is None:
            yield from session.pause(reply)
    except BaseException:
        reply.abandon()
        raise
    if reply.completed is not None:
        session.checked(reply)
    if reply.stream is None and not reply.arrived:
        raise missing(selection, uid)
    return reply


def section(session: Session, reply: BodyReply, name: str) -> Stream[Octets]:
    """The octets of a section as they come."""
    try:
        stream = reply.stream
        while stream is not None:
            yield from stream.take()
            if stream.ended:
                yield from stream.take()
                break
            if reply.completed is not None:
                session.checked(reply)
                break
            yield from session.pause(reply)
        while reply.completed is None:
            yield from session.pause(reply)
        session.checked(reply)
        if stream is None:
            yield from small_section(reply, name)
    finally:
        reply.abandon()


def small_section(reply: BodyReply, name: str) -> Iterator[bytes]:
    """A section that was small enough to come with the response."""
    for fetched in reply.arrived:
        octets = fetched.bodies.get(name.upper())  # type: ignore[union-attr]
        if octets:
            yield octets
