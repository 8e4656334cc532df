"""IMAP for asyncio: the names of `mailproto.imap`, awaited.

    from mailproto.aio import imap

    async with imap.connect("imap.example.com", "mrose", "secret") as client:
        async with client.select("INBOX", readonly=True) as inbox:
            async for message in inbox.fetch(await inbox.search(unseen=True), envelope=True):
                print(message.uid, message.date, message.from_, message.subject)

Any number of tasks may use one client: their commands are pipelined, each gets what is its own,
and a task that is cancelled leaves the others' alone. One folder is selected at a time, though.
What is not awaited is not asked of the server: `exists`, `uid_validity` and so on are attributes.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Any, TypeVar, cast

from mailproto import _imap_commands as commands
from mailproto import _imap_fetch as fetching
from mailproto._errors import ConnectionLost, MailError
from mailproto._imap_login import Login
from mailproto._imap_message import Headers, MessageFields
from mailproto._imap_parts import decode_text, part_name, text_part
from mailproto._imap_query import Q, Query, as_query
from mailproto._imap_session import (
    PORTS,
    SEND,
    START_TLS,
    BodyReply,
    Letter,
    Options,
    Selection,
    Session,
    client_identity,
    new_session,
)
from mailproto._imap_values import (
    AppendUid,
    Arrived,
    Change,
    CopyUid,
    Expunged,
    FlagsChanged,
    FolderInfo,
)
from mailproto._net import default_context
from mailproto._transfer import decoder
from mailproto.aio._net import Connection
from mailproto.sansio.imap import (
    Address,
    Envelope,
    Fetch,
    MailboxStatus,
    Namespaces,
    Part,
    Quota,
    UidSet,
)

if TYPE_CHECKING:
    from collections.abc import (
        AsyncGenerator,
        AsyncIterator,
        Callable,
        Generator,
        Iterable,
        Iterator,
        Mapping,
    )
    from datetime import datetime
    from ssl import SSLContext
    from types import TracebackType
    from typing import IO, Self, Unpack

    from mailproto._imap_append import Content
    from mailproto._imap_changes import Changes, SyncState
    from mailproto._imap_commands import Argument
    from mailproto._imap_message import Messages
    from mailproto._imap_query import Criteria
    from mailproto._imap_session import Octets, Operation, Step, Stream, Tls, Trace
    from mailproto._login import Credentials
    from mailproto.sansio.imap import Event, StoreMode

__all__ = [
    "Address",
    "AppendUid",
    "Arrived",
    "Change",
    "Changes",
    "Client",
    "CopyUid",
    "Envelope",
    "Expunged",
    "FlagsChanged",
    "Folder",
    "FolderInfo",
    "FolderStatus",
    "Headers",
    "Message",
    "Namespaces",
    "Part",
    "Q",
    "Query",
    "Quota",
    "SyncState",
    "UidSet",
    "connect",
]

T = TypeVar("T")


def __getattr__(name: str) -> object:
    """Imports what few need when it is first used."""
    if name in ("Changes", "SyncState"):
        from mailproto import _imap_changes  # noqa: PLC0415

        return getattr(_imap_changes, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


FolderStatus = MailboxStatus
"""What `Client.status` returns."""


def connect(
    host: str,
    user: str | None = None,
    password: str | None = None,
    *,
    port: int | None = None,
    tls: Tls = "implicit",
    ssl_context: SSLContext | None = None,
    credentials: Credentials | None = None,
    oauth: str | Callable[[], str] | None = None,
    mechanism: str | None = None,
    timeout: float | None = 30.0,
    pipelining: bool = True,
    compress: bool = False,
    client_id: Mapping[str, str | None] | bool = True,
    enable: Iterable[str] = (),
    trace: Trace | None = None,
) -> Connecting:
    """Connects, makes the channel private and logs in: `await` it, or use it in `async with`.

    The arguments and the exceptions are those of `mailproto.imap.connect`.
    """
    login = Login(user, password, credentials, oauth, mechanism)
    options = Options(tuple(enable), compress, client_identity(client_id))
    session = new_session(tls, trace, pipelining=pipelining)
    connection = Connection(session, host, port or PORTS[tls], timeout)
    client = Client(session, connection, ssl_context, login.user)
    return Connecting(client, tls, login, options)


class Connecting:
    """What `connect` returns."""

    def __init__(self, client: Client, tls: Tls, login: Login, options: Options) -> None:
        self._client = client
        self._arguments = (tls, login, options)

    def __await__(self) -> Generator[Any, None, Client]:
        return self._client._open(*self._arguments).__await__()

    async def __aenter__(self) -> Client:
        return await self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._client.__aexit__(kind, error, trace)


class Message(MessageFields):
    """A message: what was fetched of it, and the way to the rest."""

    __slots__ = ("_folder",)

    def __init__(self, fetched: Fetch | Letter, folder: Folder) -> None:
        super().__init__(fetched)
        self._folder = folder

    async def stream(
        self, part: str | Part = "", *, decode: bool = False
    ) -> AsyncGenerator[bytes, None]:
        """A part in chunks, as they come; the whole message by default.

        part: its section, such as "1.2", or one of the parts of `body_structure`; "HEADER",
            "TEXT" and "1.MIME" are sections too (RFC 9051 §6.4.5.1).
        decode: whether to take the transfer encoding off (base64, quoted-printable).

        What was fetched already is not fetched again. While chunks wait to be read, other tasks'
        commands go on, and what comes before their replies is set aside, in a temporary file where
        it is much.
        """
        name = part_name(part)
        taken_off = decoder(await self._encoding(part, name) if decode else None)
        at_hand = self._chunks(name)
        if at_hand is not None:
            for octets in at_hand:
                yield taken_off.feed(octets)
        else:
            async with aclosing(self._folder._section(self.uid, name)) as chunks:
                async for chunk in chunks:
                    yield taken_off.feed(chunk)
        if rest := taken_off.finish():
            yield rest

    async def read(self, part: str | Part = "", *, decode: bool = False) -> bytes:
        """A part in memory; see `stream`."""
        return b"".join([chunk async for chunk in self.stream(part, decode=decode)])

    async def save(self, file: IO[bytes], part: str | Part = "", *, decode: bool = False) -> int:
        """Writes a part to a binary file as it comes, in the event loop's thread; returns its
        length. See `stream`."""
        count = 0
        async with aclosing(self.stream(part, decode=decode)) as chunks:
            async for chunk in chunks:
                file.write(chunk)
                count += len(chunk)
        return count

    async def structure(self) -> Part:
        """`body_structure`, which is fetched if it was not yet."""
        if self.body_structure is not None:
            return self.body_structure
        fetched = await self._folder.message(self.uid, flags=False, body_structure=True)
        if fetched.body_structure is None:
            raise MailError("the server did not tell the structure of the message")
        return fetched.body_structure

    async def attachments(self) -> list[Part]:
        """The parts that are meant to be saved, rather than shown."""
        return [part for part in (await self.structure()).walk() if part.is_attachment]

    async def text(self) -> str:
        """What there is to read: the plain text, or HTML if there is no other; decoded."""
        part = text_part(await self.structure())
        return decode_text(part, await self.read(part, decode=True)) if part is not None else ""

    async def _encoding(self, part: str | Part, name: str) -> str | None:
        """The transfer encoding of a part."""
        if isinstance(part, Part):
            return part.encoding
        found = (await self.structure()).find(name) if name else None
        return found.encoding if found is not None else None


class Folder:
    """A selected folder (RFC 9051 §6.3.2). Made by `Client.select`, of use until another one is
    selected. At the end of a `with` block it is unselected.

    Messages are given by UID, in any of these ways: a number; a `UidSet`, as `search` returns it;
    any iterable of numbers or of `Message`; a `Message`; `"1:9,12"` or `"1000:*"` (1000 and above);
    a `Query`; `None` for all.
    """

    def __init__(self, client: Client, selection: Selection) -> None:
        self._client = client
        self._selection = selection

    # What is known of it.

    @property
    def name(self) -> str:
        """Its name."""
        return self._selection.name

    @property
    def readonly(self) -> bool:
        """Whether nothing can be changed in it."""
        return self._selection.readonly

    @property
    def flags(self) -> frozenset[str]:
        """The flags in use in it."""
        return self._selection.flags

    @property
    def permanent_flags(self) -> frozenset[str] | None:
        r"""The flags that can be changed for good, with ``\*`` if new ones can be made; `None` if
        the server did not tell."""
        return self._selection.permanent_flags

    @property
    def exists(self) -> int:
        """How many messages it holds, by what the server has told so far."""
        return self._client._session.client.messages or 0

    @property
    def uid_validity(self) -> int | None:
        """With another value than the last time, all UIDs that were kept are void."""
        return self._client._session.client.uid_validity

    @property
    def uid_next(self) -> int | None:
        """No message that comes will have a lower UID."""
        return self._client._session.client.uid_next

    @property
    def highest_mod_seq(self) -> int | None:
        """The latest change (RFC 7162), if the server counts changes."""
        return self._client._session.client.highest_mod_seq

    # Finding.

    async def search(
        self, query: Query | str | None = None, **criteria: Unpack[Criteria]
    ) -> UidSet:
        """The messages that match: `search(unseen=True, from_="ann", since="2026-11-01")`.

        query: a `Query`, made by `Q` and combined with `&`, `|` and `~`; or the search program of
            RFC 9051 §6.4.4 as text: 'UNSEEN OR FROM "ann" LARGER 10000'.
        criteria: as of `Q`; they must hold too.
        """
        operation = commands.search(self._session, self._selection, as_query(query, criteria))
        return await self._client._run(operation)

    async def sort(
        self,
        by: str | Iterable[str],
        query: Query | str | None = None,
        **criteria: Unpack[Criteria],
    ) -> list[int]:
        """The messages that match, in an order (RFC 5256): "ARRIVAL", "CC", "DATE", "FROM",
        "SIZE", "SUBJECT", "TO", each also as "REVERSE DATE". Raises NotOffered where the server
        cannot sort."""
        made = as_query(query, criteria)
        return await self._client._run(commands.sort(self._session, self._selection, by, made))

    async def thread(
        self,
        algorithm: str = "REFERENCES",
        query: Query | str | None = None,
        **criteria: Unpack[Criteria],
    ) -> tuple[Any, ...]:
        """The messages that match, as conversations (RFC 5256): nested tuples of UIDs. Raises
        NotOffered where the server does not know the algorithm."""
        made = as_query(query, criteria)
        operation = commands.thread(self._session, self._selection, algorithm, made)
        return await self._client._run(operation)

    # Fetching.

    def fetch(
        self,
        messages: Messages = None,
        *,
        flags: bool = True,
        size: bool = False,
        internal_date: bool = False,
        envelope: bool = False,
        body_structure: bool = False,
        headers: Iterable[str] = (),
        body: bool | str | Iterable[str] = False,
        mod_seq: bool = False,
        gmail: bool = False,
        changed_since: int | None = None,
        items: Iterable[str] = (),
    ) -> AsyncIterator[Message]:
        """Messages as they come, in the server's order. All of them by default.

        flags, size, internal_date, envelope, body_structure, mod_seq: whether to fetch these.
        headers: header fields by name, for `Message.headers`.
        body: True for the whole message, for `Message.body`; or sections, such as "TEXT" or
            ["1", "2.MIME"]. Without, `Message.stream` fetches them one by one.
        gmail: Gmail's labels, message and thread numbers.
        changed_since: only messages that were changed since this `mod_seq` (RFC 7162).
        items: more data items, as RFC 9051 §6.4.5 and the extensions write them; their values are
            in `Message.fetched`.

        Messages that are not there any more are left out. They are asked for by the hundreds, the
        following ones while these are read. Other commands may be given in between, and the loop
        may be left at any time.
        """
        what = fetching.wanted(
            flags=flags,
            size=size,
            internal_date=internal_date,
            envelope=envelope,
            body_structure=body_structure,
            headers=headers,
            body=body,
            mod_seq=mod_seq,
            gmail=gmail,
            items=items,
        )
        stream = fetching.fetch(self._session, self._selection, messages, what, changed_since)
        return self._client._messages(stream, self)

    async def message(
        self,
        uid: int,
        *,
        flags: bool = True,
        size: bool = True,
        internal_date: bool = True,
        envelope: bool = True,
        body_structure: bool = True,
        headers: Iterable[str] = (),
        body: bool | str | Iterable[str] = False,
    ) -> Message:
        """One message. Raises MessageNotFound when there is none of that UID."""
        what = fetching.wanted(
            flags=flags,
            size=size,
            internal_date=internal_date,
            envelope=envelope,
            body_structure=body_structure,
            headers=headers,
            body=body,
        )
        operation = fetching.one(self._session, self._selection, uid, what)
        return Message(await self._client._run(operation), self)

    # Changing.

    async def add_flags(
        self, messages: Messages, *flags: str, unchanged_since: int | None = None
    ) -> UidSet:
        r"""Sets flags: ``\Seen``, ``\Answered``, ``\Flagged``, ``\Deleted``, ``\Draft``, or any
        word.

        With `unchanged_since`, messages that were changed since that `mod_seq` are left as they
        are (RFC 7162); returns those.
        """
        return await self._store(messages, flags, "add", unchanged_since)

    async def remove_flags(
        self, messages: Messages, *flags: str, unchanged_since: int | None = None
    ) -> UidSet:
        """Takes flags away; see `add_flags`."""
        return await self._store(messages, flags, "remove", unchanged_since)

    async def set_flags(
        self, messages: Messages, *flags: str, unchanged_since: int | None = None
    ) -> UidSet:
        """Sets these flags and takes all others away; see `add_flags`."""
        return await self._store(messages, flags, "replace", unchanged_since)

    async def copy(self, messages: Messages, to: str) -> CopyUid | None:
        """Copies messages to another folder; returns where they went, if the server tells.
        Raises MailboxNotFound when there is no such folder."""
        operation = commands.copy(self._session, self._selection, messages, to)
        return await self._client._run(operation)

    async def move(self, messages: Messages, to: str) -> CopyUid | None:
        r"""Moves messages to another folder; returns where they went, if the server tells.

        Where the server lacks MOVE (RFC 6851) they are copied, marked as ``\Deleted`` and
        expunged; if that is interrupted, they are in both folders. Raises NotOffered where the
        server lacks UIDPLUS (RFC 4315) too, as then others' marked messages would go with them.
        """
        operation = commands.move(self._session, self._selection, messages, to)
        return await self._client._run(operation)

    async def delete(self, messages: Messages) -> None:
        r"""Marks messages as ``\Deleted``. They are there until `expunge`."""
        await self._store(messages, ("\\Deleted",), "add", None)

    async def expunge(self, messages: Messages = None) -> None:
        r"""Removes messages that are marked as ``\Deleted``, for good: all of them, whoever has
        marked them; or those of `messages` that are. For these the server must offer UIDPLUS
        (RFC 4315), else NotOffered is raised."""
        await self._client._run(commands.expunge(self._session, self._selection, messages))

    # Keeping up.

    def watch(
        self, timeout: float | None = None, *, reissue: float = 540.0, poll: float = 30.0
    ) -> AsyncIterator[Change]:
        """What happens in the folder from now on: `Arrived`, `Expunged` and `FlagsChanged`.

        timeout: after so many seconds the loop ends; None: never.
        reissue: after so many seconds IDLE (RFC 2177) is begun anew: shows whether the server is
            still there.
        poll: how often to ask, in seconds, where the server lacks IDLE.

        Other commands may be given in the loop, and it may be left at any time. Raises
        ConnectionLost when the server has gone.
        """
        # Imported late: few watch.
        from mailproto._imap_watch import watch  # noqa: PLC0415

        stream = watch(self._session, self._selection, timeout, reissue=reissue, poll=poll)
        return self._client._stream(stream)

    async def changes(self, since: SyncState | None = None) -> Changes:
        """What is different from what was known at `since`, for a copy that is kept offline.

        Without `since`, all messages are new. `Changes.state` is to be kept, and given the next
        time, in another connection too:

            changes = await folder.changes(SyncState.from_json(saved))
            async for message in folder.fetch(changes.arrived, body=True): ...
            forget(changes.vanished)
            for uid, flags in changes.flags.items(): ...
            saved = changes.state.to_json()
        """
        # Imported late: few synchronise.
        from mailproto._imap_changes import changes  # noqa: PLC0415

        return await self._client._run(changes(self._session, self._selection, since))

    async def close(self) -> None:
        r"""Unselects the folder. Nothing is expunged."""
        if self._client.closed:
            return
        await self._client._run(commands.unselect(self._session, self._selection))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            await self.close()

    def __repr__(self) -> str:
        selected = self._selection is self._session.selection
        facts = f"{self.exists} messages" if selected else "no longer selected"
        return f"<Folder {self.name!r}: {facts}>"

    @property
    def _session(self) -> Session:
        return self._client._session

    async def _store(
        self,
        messages: Messages,
        flags: tuple[str, ...],
        mode: StoreMode,
        unchanged_since: int | None,
    ) -> UidSet:
        operation = commands.store(
            self._session, self._selection, messages, flags, mode, unchanged_since=unchanged_since
        )
        return await self._client._run(operation)

    async def _section(self, uid: int, name: str) -> AsyncGenerator[Octets, None]:
        """A section as it comes."""
        begun = fetching.begin_section(self._session, self._selection, uid, name)
        reply: BodyReply = await self._client._run(begun)
        stream: AsyncGenerator[Octets, None] = self._client._stream(
            fetching.section(self._session, reply, name)
        )
        async with aclosing(stream) as chunks:
            async for chunk in chunks:
                yield chunk


class Client:
    """A connection to a server, logged in. Made by `connect`; at the end of an `async with` block
    it logs out, or is dropped after an exception.
    """

    def __init__(
        self,
        session: Session,
        connection: Connection,
        ssl_context: SSLContext | None,
        user: str | None,
    ) -> None:
        self._session = session
        self._connection = connection
        self._ssl_context = ssl_context
        self._closed = True
        self.user = user
        """Who has logged in."""

    # The session.

    @property
    def capabilities(self) -> frozenset[str]:
        """What the server offers, in upper case: "IMAP4REV1", "IDLE", "AUTH=PLAIN" …"""
        return self._session.client.capabilities

    @property
    def enabled(self) -> frozenset[str]:
        """The extensions that were switched on."""
        return self._session.client.enabled

    @property
    def closed(self) -> bool:
        """Whether the session has ended, by `logout()`, `close()` or an error of the network."""
        return self._closed

    async def namespace(self) -> Namespaces:
        """Where one's own folders, those of others and shared ones are (RFC 2342)."""
        return await self._run(commands.namespaces(self._session))

    async def id(self, fields: Mapping[str, str | None] | None = None) -> dict[str, str | None]:
        """Tells the server who we are; returns what it is: "name", "version" … (RFC 2971)."""
        return await self._run(commands.identify(self._session, fields))

    async def noop(self) -> None:
        """Does nothing, but lets the server know that we are alive, and tell news."""
        await self._run(commands.noop(self._session))

    async def logout(self) -> None:
        """Ends the session."""
        try:
            await self._run(self._session.logout())
        finally:
            self._closed = True
            self._connection.close()

    def close(self) -> None:
        """Drops the connection."""
        self._closed = True
        self._connection.abort()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None and not self.closed:
            await self.logout()
        else:
            self.close()

    def __repr__(self) -> str:
        return f"<Client {'closed' if self.closed else self._session.client.state}>"

    # Folders.

    async def folders(
        self,
        pattern: str = "*",
        *,
        reference: str = "",
        subscribed: bool = False,
        status: bool = False,
    ) -> list[FolderInfo]:
        """The folders whose names match: `*` any, `%` any of one level, `lists/*` what is below.

        subscribed: only those that the user has subscribed to.
        status: whether to ask how many messages each holds, too: see `FolderInfo.status`.
        """
        return await self._run(
            commands.list_folders(
                self._session, reference, pattern, subscribed=subscribed, status=status
            )
        )

    async def special(self, use: str) -> FolderInfo | None:
        """The folder for a use, whatever its name: "sent", "trash", "drafts", "junk", "archive",
        "all", "flagged" or "important" (RFC 6154). None where the server does not tell."""
        return await self._run(commands.special_folder(self._session, use))

    async def create(self, name: str, special_use: str | None = None) -> None:
        r"""Makes a folder, if wanted for a use such as ``\Archive`` (RFC 6154). Raises
        MailboxExists when there is one."""
        uses = (special_use,) if special_use else ()
        await self._run(self._session.run(self._session.client.create, name, special_use=uses))

    async def delete(self, name: str) -> None:
        """Removes a folder with all its messages."""
        await self._run(self._session.run(self._session.client.delete, name))

    async def rename(self, old: str, new: str) -> None:
        """Gives a folder another name, and so moves it."""
        await self._run(self._session.run(self._session.client.rename, old, new))

    async def subscribe(self, name: str) -> None:
        """Lets a folder be listed by programs that show subscribed ones only."""
        await self._run(self._session.run(self._session.client.subscribe, name))

    async def unsubscribe(self, name: str) -> None:
        """The opposite."""
        await self._run(self._session.run(self._session.client.unsubscribe, name))

    async def status(self, name: str) -> FolderStatus:
        """How many messages a folder holds, without selecting it: `messages`, `unseen`,
        `uid_next`, `uid_validity`, and `size` and so on where the server knows."""
        return await self._run(commands.folder_status(self._session, name))

    def select(self, name: str = "INBOX", *, readonly: bool = False) -> Selecting:
        """Opens a folder: `await` it, or use it in `async with`. One is open at a time. Raises
        MailboxNotFound when there is none."""
        return Selecting(self, name, readonly=readonly)

    async def _select(self, name: str, *, readonly: bool) -> Folder:
        return Folder(
            self, await self._run(commands.select(self._session, name, readonly=readonly))
        )

    async def append(
        self,
        folder: str,
        message: Content,
        *,
        flags: Iterable[str] = (),
        date: datetime | None = None,
        size: int | None = None,
    ) -> AppendUid | None:
        r"""Puts a message into a folder; returns its UID if the server tells.

        message: octets; a file by its path; an open binary file; or chunks, then `size` is how
            many octets there are altogether. Lines must end with CRLF. It goes up as it is read.
        flags: such as ``\Seen``.
        date: when it was received; now, if None. A `datetime` with a zone.

        Raises MailboxNotFound when there is no such folder, OverQuota when there is no room. If
        reading fails midway, the connection is dropped, and the server keeps nothing.
        """
        # Imported late: few append.
        from mailproto._imap_append import Source, append  # noqa: PLC0415

        source = Source(message, size)
        return await self._run(append(self._session, folder, source, flags, date))

    # Quota, rights, annotations.

    async def quota(self, folder: str = "INBOX") -> list[Quota]:
        """The limits that hold for a folder, with what is used of them (RFC 9208)."""
        return await self._run(commands.quota(self._session, folder))

    async def acl(self, folder: str) -> dict[str, str]:
        """Who may do what in a folder (RFC 4314)."""
        return await self._run(commands.rights(self._session, folder))

    async def my_rights(self, folder: str) -> str:
        """What one may do oneself in a folder (RFC 4314)."""
        return await self._run(commands.my_rights(self._session, folder))

    async def set_acl(self, folder: str, who: str, rights: str) -> None:
        """Lets somebody do something: "lrs", or "+s" and "-s" to change what was (RFC 4314)."""
        await self._run(self._session.run(self._session.client.set_acl, folder, who, rights))

    async def delete_acl(self, folder: str, who: str) -> None:
        """Takes somebody's rights."""
        await self._run(self._session.run(self._session.client.delete_acl, folder, who))

    async def metadata(self, folder: str, *entries: str) -> dict[str, bytes | None]:
        """Annotations of a folder, or of the server for "": "/private/comment" (RFC 5464)."""
        return await self._run(commands.metadata(self._session, folder, entries))

    async def set_metadata(self, folder: str, entries: Mapping[str, str | bytes | None]) -> None:
        """Annotates a folder; None removes an entry."""
        await self._run(self._session.run(self._session.client.set_metadata, folder, entries))

    # What is not wrapped.

    async def execute(self, name: str, *arguments: Argument) -> list[Event]:
        """Gives a command of any name: `execute("XLIST", "", "*")`.

        arguments: text, octets, numbers, `UidSet`, None for NIL, and sequences of these for lists
            in parentheses.

        Returns all that the server says meanwhile as events of `mailproto.sansio.imap`, the last
        one `Completed`. What changes in the selected folder comes from `events()`.
        """
        return await self._run(commands.execute(self._session, name, arguments))

    def events(self) -> Iterator[Event]:
        """What the server told without being asked, and nobody was told yet: changes in the
        selected folder, warnings, alerts. The last few thousand are kept."""
        unsolicited = self._session.unsolicited
        while unsolicited:
            yield unsolicited.popleft()

    # Moving octets.

    async def _open(self, tls: Tls, login: Login, options: Options) -> Client:
        context = (self._ssl_context or default_context()) if tls == "implicit" else None
        try:
            await self._connection.open(context)
            self._closed = False
            await self._run(self._session.start(tls, login, options))
        except BaseException:
            self.close()
            raise
        return self

    def _check_open(self) -> None:
        if self._closed:
            raise ConnectionLost("the session has ended")

    async def _run(self, operation: Operation[T]) -> T:
        self._check_open()
        try:
            while True:
                await self._step(next(operation))
        except StopIteration as done:
            result: T = done.value
            return result
        finally:
            operation.close()
            self._settle()

    async def _stream(self, stream: Stream[T]) -> AsyncGenerator[T, None]:
        self._check_open()
        try:
            for item in stream:
                if item is None or isinstance(item, float | str):
                    await self._step(cast("Step", item))
                else:
                    yield cast("Any", item)
        finally:
            stream.close()
            self._settle()

    async def _messages(
        self, stream: Stream[Fetch | Letter], folder: Folder
    ) -> AsyncGenerator[Message, None]:
        """As `_stream`, with fewer calls for each message."""
        self._check_open()
        try:
            for item in stream:
                if item is None:
                    await self._exchange(None)
                else:
                    yield Message(item, folder)  # type: ignore[arg-type]
        finally:
            stream.close()
            self._settle()

    async def _step(self, step: Step) -> None:
        if step == START_TLS:
            await self._connection.start_tls(self._ssl_context)
        else:
            await self._exchange(step)

    async def _exchange(self, step: Step) -> None:
        try:
            if step == SEND:
                await self._connection.drain()
            elif self._session.resume():
                self._connection.flush()
                self._connection.wake()
                await asyncio.sleep(0)
            else:
                await self._connection.exchange(None if step is None else float(step))
        except Exception:
            self.close()
            raise

    def _settle(self) -> None:
        """After an operation, whether it came to its end or not: says DONE to an IDLE that was
        left, and hangs up where there is no way back."""
        if self._closed:
            return
        if self._session.broken is not None or self._session.bye is not None:
            self.close()
        elif self._session.is_leaving_idle:
            with suppress(MailError):
                self._connection.flush()


class Selecting:
    """What `Client.select` returns."""

    def __init__(self, client: Client, name: str, *, readonly: bool) -> None:
        self._client = client
        self._name = name
        self._readonly = readonly
        self._folder: Folder | None = None

    def __await__(self) -> Generator[Any, None, Folder]:
        return self._client._select(self._name, readonly=self._readonly).__await__()

    async def __aenter__(self) -> Folder:
        self._folder = await self
        return self._folder

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._folder is not None:
            await self._folder.__aexit__(kind, error, trace)
