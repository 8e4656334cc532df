"""The IMAP commands but FETCH, APPEND and IDLE, as operations on a `Session`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from mailproto._errors import NotOffered
from mailproto._imap_message import MessageFields
from mailproto._imap_query import ALL, Query, is_ascii
from mailproto._imap_session import RawReply, Reply, Selection, refusal
from mailproto._imap_values import CopyUid, FolderInfo
from mailproto.sansio.imap import (
    Acl,
    Esearch,
    Exists,
    Flags,
    Id,
    Mailbox,
    MailboxStatus,
    Metadata,
    MyRights,
    Namespaces,
    Quota,
    QuotaRoots,
    Recent,
    Search,
    Status,
    Thread,
    UidSet,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import TypeAlias

    from mailproto._imap_message import Messages
    from mailproto._imap_query import Key
    from mailproto._imap_session import Operation, Session
    from mailproto.sansio.imap import Code, Completed, Event, StoreMode

    Argument: TypeAlias = str | bytes | int | UidSet | Sequence["Argument"] | None

# No more messages a command than this: other commands must get through in between.
MESSAGES_A_COMMAND = 10_000
SELECT_CODES = frozenset(
    {
        "CLOSED",
        "HIGHESTMODSEQ",
        "MAILBOXID",
        "NOMODSEQ",
        "PERMANENTFLAGS",
        "READ-ONLY",
        "READ-WRITE",
        "UIDNEXT",
        "UIDNOTSTICKY",
        "UIDVALIDITY",
        "UNSEEN",
    }
)
STATUS_ITEMS = ("MESSAGES", "UIDNEXT", "UIDVALIDITY", "UNSEEN")
# STATUS items that only some servers know, by capability.
MORE_STATUS_ITEMS = {
    "CONDSTORE": "HIGHESTMODSEQ",
    "STATUS=SIZE": "SIZE",
}
SPECIAL_USES = {
    "all": "\\All",
    "archive": "\\Archive",
    "drafts": "\\Drafts",
    "flagged": "\\Flagged",
    "important": "\\Important",
    "junk": "\\Junk",
    "sent": "\\Sent",
    "trash": "\\Trash",
}


def offers(session: Session, *names: str) -> bool:
    """Whether the server offers one of these, or IMAP4rev2, which includes them."""
    offered = session.client.capabilities
    return "IMAP4REV2" in offered or any(name in offered for name in names)


# Folders (RFC 9051 §6.3).


def list_folders(
    session: Session, reference: str, pattern: str, *, subscribed: bool, status: bool
) -> Operation[list[FolderInfo]]:
    """LIST, in the most telling way that the server knows."""
    client = session.client
    extended = offers(session, "LIST-EXTENDED")
    # RFC 5819: the status of all of them in one go.
    in_one = status and extended and offers(session, "LIST-STATUS")
    reply = Reply((Mailbox, MailboxStatus))
    if extended:
        returns = ["SUBSCRIBED", "CHILDREN"]
        if "SPECIAL-USE" in client.capabilities:
            returns.append("SPECIAL-USE")
        items = yield from session.ask(
            reply,
            client.list,
            reference,
            pattern,
            selection=("SUBSCRIBED",) if subscribed else (),
            returns=returns,
            status=status_items(session) if in_one else (),
        )
    else:
        command = client.lsub if subscribed else client.list
        items = yield from session.ask(reply, command, reference, pattern)
    told = {item.mailbox: item for item in items if type(item) is MailboxStatus}
    folders: list[FolderInfo] = []
    for item in items:
        if type(item) is Mailbox:
            info = folder_info(item, told.get(item.name), known=extended or subscribed)
            if status and not in_one and info.selectable:
                info = info._replace(status=(yield from folder_status(session, info.name)))
            folders.append(info)
    return folders


def folder_info(listed: Mailbox, status: MailboxStatus | None, *, known: bool) -> FolderInfo:
    """A folder as users see it; `known` if the server told whether it is subscribed."""
    return FolderInfo(
        listed.name,
        listed.delimiter,
        listed.attributes,
        listed.special_use,
        listed.selectable,
        (listed.subscribed or listed.kind == "LSUB") if known else None,
        status,
    )


def special_folder(session: Session, use: str) -> Operation[FolderInfo | None]:
    """The folder for a certain use (RFC 6154)."""
    attribute = SPECIAL_USES.get(use.lower())
    if attribute is None:
        raise ValueError(f"use must be one of {', '.join(SPECIAL_USES)}, not {use!r}")
    folders = yield from list_folders(session, "", "*", subscribed=False, status=False)
    wanted = attribute.lower()
    for folder in folders:
        if any(given.lower() == wanted for given in folder.attributes):
            return folder
    return None


def status_items(session: Session) -> tuple[str, ...]:
    """What STATUS can tell."""
    offered = session.client.capabilities
    more = [item for name, item in MORE_STATUS_ITEMS.items() if name in offered]
    return (*STATUS_ITEMS, *more)


def folder_status(session: Session, name: str) -> Operation[MailboxStatus]:
    """STATUS."""
    reply = Reply((MailboxStatus,))
    items = yield from session.ask(reply, session.client.status, name, status_items(session))
    if not items:
        raise refusal_of_silence(reply)
    status: MailboxStatus = items[-1]
    return status


def select(session: Session, name: str, *, readonly: bool) -> Operation[Selection]:
    """SELECT or EXAMINE."""
    reply = Reply((Flags, Exists, Recent), SELECT_CODES)
    yield from session.expect(reply, session.client.select, name, readonly=readonly)
    # Whatever comes of it, the mailbox that was selected is not any more (RFC 9051 §6.3.2).
    session.selection = None
    completed = yield from session.wait(reply)
    selection = Selection(name, readonly=session.client.readonly)
    for item in reply.items:
        if type(item) is Flags:
            selection.flags = item.flags
        elif type(item) is Status and item.code is not None:
            if item.code.name == "PERMANENTFLAGS":
                selection.permanent_flags = cast("frozenset[str]", item.code.value)
            elif item.code.name == "NOMODSEQ":
                selection.counts = False
    if completed.code is not None and completed.code.name == "READ-ONLY":
        selection.readonly = True
    session.selection = selection
    return selection


def unselect(session: Session, selection: Selection) -> Operation[None]:
    """UNSELECT, or what comes near it: to examine a folder that cannot be (RFC 3691 §1)."""
    if selection is not session.selection:
        return
    if offers(session, "UNSELECT"):
        reply = yield from session.expect(Reply(selection=selection), session.client.unselect)
        session.selection = None
        yield from session.wait(reply)
    else:
        # Nothing need be said: the next SELECT ends it as well, and removes nothing.
        session.selection = None


def namespaces(session: Session) -> Operation[Namespaces]:
    reply = Reply((Namespaces,))
    items = yield from session.ask(reply, session.client.namespace)
    return items[-1] if items else Namespaces((), (), ())


def identify(
    session: Session, fields: Mapping[str, str | None] | None
) -> Operation[dict[str, Any]]:
    """ID (RFC 2971)."""
    items = yield from session.ask(Reply((Id,)), session.client.id, fields)
    return dict(items[-1].fields) if items else {}


# Quota, rights, annotations.


def quota(session: Session, folder: str) -> Operation[list[Quota]]:
    """GETQUOTAROOT (RFC 9208 §4.1.2)."""
    reply = Reply((Quota, QuotaRoots))
    items = yield from session.ask(reply, session.client.get_quota_root, folder)
    return [item for item in items if type(item) is Quota]


def rights(session: Session, folder: str) -> Operation[dict[str, str]]:
    """GETACL (RFC 4314 §3.3)."""
    items = yield from session.ask(Reply((Acl,)), session.client.get_acl, folder)
    return dict(items[-1].rights) if items else {}


def my_rights(session: Session, folder: str) -> Operation[str]:
    """MYRIGHTS (RFC 4314 §3.5)."""
    items = yield from session.ask(Reply((MyRights,)), session.client.my_rights, folder)
    return str(items[-1].rights) if items else ""


def metadata(
    session: Session, folder: str, entries: tuple[str, ...]
) -> Operation[dict[str, bytes | None]]:
    """GETMETADATA (RFC 5464 §4.2)."""
    reply = Reply((Metadata,))
    items = yield from session.ask(reply, session.client.get_metadata, folder, entries)
    found: dict[str, bytes | None] = dict.fromkeys(entries)
    for item in items:
        found.update(item.entries)
    return found


def execute(session: Session, name: str, arguments: tuple[Argument, ...]) -> Operation[list[Event]]:
    """A command of any name, with all that the server says meanwhile."""
    reply = yield from session.expect(RawReply(), session.client.raw, name, *arguments)
    completed = yield from session.wait(reply)
    return [*reply.items, completed]


def refusal_of_silence(reply: Reply) -> Exception:
    """A command that was completed, but the data that it is for never came."""
    completed = reply.check()
    error = refusal(completed)
    error.args = (f"{completed.command}: the server told nothing",)
    return error


# Searching (RFC 9051 §6.4.4).


def keys_of(query: Query) -> tuple[tuple[Key, ...], str | None]:
    """A query as the engine takes it, and the charset that it needs."""
    key = query.key
    keys = key[1:] if isinstance(key, tuple) and key[0] == "AND" else (key,)
    return keys, None if is_ascii(key) else "UTF-8"


def search(session: Session, selection: Selection, query: Query) -> Operation[UidSet]:
    """UID SEARCH."""
    found = UidSet()
    for item in (yield from search_items(session, selection, query)):
        uids = item.uids if type(item) is Search else item.all
        if uids:
            found = found | uids if found else uids
    return found


def search_items(session: Session, selection: Selection, query: Query) -> Operation[list[Any]]:
    """UID SEARCH, and what the server says to it."""
    keys, charset = keys_of(query)
    # RFC 4731: ranges, and the answer says to which command.
    returns = ("ALL",) if offers(session, "ESEARCH") else None
    reply = Reply((Search, Esearch), selection=selection)
    return (
        yield from session.ask(
            reply, session.client.search, *keys, returns=returns, charset=charset
        )
    )


def sort(
    session: Session, selection: Selection, by: str | Iterable[str], query: Query
) -> Operation[list[int]]:
    """UID SORT (RFC 5256)."""
    keys, _ = keys_of(query)
    reply = Reply((Search, Esearch), selection=selection)
    items = yield from session.ask(reply, session.client.sort, by, *keys, charset="UTF-8")
    return [number for item in items for number in item.numbers]


def thread(
    session: Session, selection: Selection, algorithm: str, query: Query
) -> Operation[tuple[Any, ...]]:
    """UID THREAD (RFC 5256)."""
    keys, _ = keys_of(query)
    reply = Reply((Thread,), selection=selection)
    items = yield from session.ask(reply, session.client.thread, algorithm, *keys, charset="UTF-8")
    return tuple(thread for item in items for thread in item.threads)


def resolve(session: Session, selection: Selection, messages: Messages) -> Operation[UidSet]:
    """The UIDs that a user means."""
    if messages is None:
        return (yield from search(session, selection, Query(ALL)))
    if isinstance(messages, UidSet):
        return messages
    if isinstance(messages, Query):
        return (yield from search(session, selection, messages))
    if isinstance(messages, str):
        if "*" in messages:
            return (yield from resolve_open(session, selection, messages))
        return UidSet(messages)
    if isinstance(messages, int | MessageFields):
        messages = (messages,)
    return UidSet([message if isinstance(message, int) else message.uid for message in messages])


def resolve_open(session: Session, selection: Selection, text: str) -> Operation[UidSet]:
    """A set with `*` in it, the highest UID. Unlike in IMAP, where `9:*` is never empty but
    names the highest UID however low it is, it means 9 and above."""
    found = yield from search(session, selection, Query(("UID", text)))
    if not found:
        return found
    meant = UidSet()
    for part in text.split(","):
        ends = [end for end in part.split(":") if end != "*"]
        if not ends:
            meant = meant | UidSet([found.max])
        elif "*" in part:
            meant = meant | UidSet(f"{ends[0]}:{2**32 - 1}")
        else:
            meant = meant | UidSet(part)
    return found & meant


# Changing messages (RFC 9051 §6.4).


def chunks(uids: UidSet) -> Iterator[UidSet]:
    """As many UIDs as one command may name."""
    return uids.chunks(MESSAGES_A_COMMAND)


def store(
    session: Session,
    selection: Selection,
    messages: Messages,
    flags: tuple[str, ...],
    mode: StoreMode,
    *,
    unchanged_since: int | None = None,
) -> Operation[UidSet]:
    """UID STORE; returns the messages that were not changed because others had (RFC 7162
    §3.1.3)."""
    modified = UidSet()
    uids = yield from resolve(session, selection, messages)
    replies: list[Reply] = []
    for chunk in chunks(uids):
        reply = yield from session.expect(
            Reply(selection=selection),
            session.client.store,
            chunk,
            flags,
            mode,
            silent=True,
            unchanged_since=unchanged_since,
        )
        replies.append(reply)
    for reply in replies:
        code = yield from stored(session, reply)
        if code is not None and code.name == "MODIFIED" and isinstance(code.value, UidSet):
            modified = modified | code.value
    return modified


def stored(session: Session, reply: Reply) -> Operation[Code | None]:
    """The code of a STORE's completion. A NO that tells which messages were left out is none."""
    try:
        completed = yield from session.wait(reply)
    except Exception:
        done = reply.completed
        if done is not None and done.code is not None and done.code.name == "MODIFIED":
            return done.code
        raise
    return completed.code


def copy(
    session: Session, selection: Selection, messages: Messages, to: str, *, move: bool = False
) -> Operation[CopyUid | None]:
    """UID COPY or UID MOVE."""
    command = session.client.move if move else session.client.copy
    uids = yield from resolve(session, selection, messages)
    replies: list[Reply] = []
    for chunk in chunks(uids):
        # MOVE tells in an untagged OK (RFC 6851 §4.3).
        reply = Reply(codes=("COPYUID",), selection=selection)
        replies.append((yield from session.expect(reply, command, chunk, to)))
    codes: list[Code] = []
    for reply in replies:
        completed = yield from session.wait(reply)
        told = [event.code for event in (*reply.items, completed)]
        codes += [code for code in told if code is not None and code.name == "COPYUID"]
    return copy_uid(codes)


def copy_uid(codes: list[Code]) -> CopyUid | None:
    """What the server told of the copies."""
    if not codes:
        return None
    values: list[Any] = [code.value for code in codes]
    source = destination = UidSet()
    mapping: dict[int, int] = {}
    for code, (_, from_, to) in zip(codes, values, strict=True):
        source, destination = source | from_, destination | to
        mapping.update(code.pairs())
    return CopyUid(values[0][0], source, destination, mapping)


def move(
    session: Session, selection: Selection, messages: Messages, to: str
) -> Operation[CopyUid | None]:
    """UID MOVE, or the three commands that it stands for (RFC 6851 §3.3)."""
    uids = yield from resolve(session, selection, messages)
    if offers(session, "MOVE"):
        return (yield from copy(session, selection, uids, to, move=True))
    require_uidplus(session, "to move messages")
    copied = yield from copy(session, selection, uids, to)
    yield from store(session, selection, uids, ("\\Deleted",), "add")
    yield from expunge(session, selection, uids)
    return copied


def expunge(session: Session, selection: Selection, messages: Messages) -> Operation[None]:
    """EXPUNGE of all that is marked, or UID EXPUNGE of some."""
    if messages is None:
        yield from session.run_in(selection, session.client.expunge)
        return
    require_uidplus(session, "to expunge some messages and not what others have marked")
    uids = yield from resolve(session, selection, messages)
    for chunk in chunks(uids):
        yield from session.run_in(selection, session.client.expunge, chunk)


def require_uidplus(session: Session, why: str) -> None:
    """RFC 4315 §2.1: without UID EXPUNGE all marked messages go."""
    if not offers(session, "UIDPLUS"):
        raise NotOffered("not-offered", f"{why}, the server must offer UIDPLUS")


def noop(session: Session, selection: Selection | None = None) -> Operation[Completed]:
    """NOOP: asks for news."""
    reply = yield from session.expect(Reply(selection=selection), session.client.noop)
    return (yield from session.wait(reply))
