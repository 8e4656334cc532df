"""What to look for: search programs (RFC 9051 §6.4.4) that are composed in Python.

>>> Q(unseen=True) & Q(from_="ann") | ~Q(larger=10_000)
Q(('OR', ('AND', 'UNSEEN', ('FROM', 'ann')), ('NOT', ('LARGER', 10000))))
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from mailproto.sansio.imap import UidSet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import NotRequired, TypeAlias, TypedDict, Unpack

    Day: TypeAlias = date | datetime | timedelta | str
    Texts: TypeAlias = str | Iterable[str]
    Key: TypeAlias = str | UidSet | tuple[Any, ...]

    class Criteria(TypedDict):
        """What `Q` and `Folder.search` may be told; see there."""

        seen: NotRequired[bool]
        unseen: NotRequired[bool]
        answered: NotRequired[bool]
        flagged: NotRequired[bool]
        deleted: NotRequired[bool]
        draft: NotRequired[bool]
        new: NotRequired[bool]
        recent: NotRequired[bool]
        old: NotRequired[bool]
        keyword: NotRequired[Texts]
        without_keyword: NotRequired[Texts]
        from_: NotRequired[Texts]
        to: NotRequired[Texts]
        cc: NotRequired[Texts]
        bcc: NotRequired[Texts]
        subject: NotRequired[Texts]
        body: NotRequired[Texts]
        text: NotRequired[Texts]
        header: NotRequired[tuple[str, str]]
        since: NotRequired[Day]
        before: NotRequired[Day]
        on: NotRequired[Day]
        sent_since: NotRequired[Day]
        sent_before: NotRequired[Day]
        sent_on: NotRequired[Day]
        older: NotRequired[int | timedelta]
        younger: NotRequired[int | timedelta]
        larger: NotRequired[int]
        smaller: NotRequired[int]
        uid: NotRequired[UidSet | str | int | Iterable[int]]
        mod_seq: NotRequired[int]
        gmail: NotRequired[str]


__all__ = ["Q", "Query", "as_query", "is_ascii"]

ALL = "ALL"


class Query:
    """A search program. Combine with `&`, `|` and `~`; equal programs are equal and hash alike.

    >>> urgent = Q(flagged=True) | Q(subject="urgent")
    >>> urgent & Q(unseen=True, larger=1000)
    Q(('AND', ('OR', 'FLAGGED', ('SUBJECT', 'urgent')), 'UNSEEN', ('LARGER', 1000)))
    """

    __slots__ = ("_key",)

    _key: Key

    def __init__(self, key: Key) -> None:
        object.__setattr__(self, "_key", key)

    @property
    def key(self) -> Key:
        """As `mailproto.sansio.imap.Client.search` takes it."""
        return self._key

    def __and__(self, other: object) -> Query:
        if not isinstance(other, Query):
            return NotImplemented
        return Query(conjunction([*operands(self._key), *operands(other._key)]))

    def __or__(self, other: object) -> Query:
        if not isinstance(other, Query):
            return NotImplemented
        return Query(("OR", self._key, other._key))

    def __invert__(self) -> Query:
        return Query(("NOT", self._key))

    def __eq__(self, other: object) -> bool:
        return self._key == other._key if isinstance(other, Query) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("queries do not change")

    def __reduce__(self) -> tuple[type[Query], tuple[Key]]:
        return Query, (self._key,)

    def __repr__(self) -> str:
        return f"Q({self._key!r})"


class _Maker:
    """Makes queries: `Q(unseen=True, from_="ann")`, where all must hold."""

    def __call__(self, **criteria: Unpack[Criteria]) -> Query:
        """A query for messages of which all that is given holds; of all messages without.

        seen, unseen, answered, flagged, deleted, draft, recent, new, old: whether the message has
            the flag; `seen=False` is `unseen=True`.
        keyword, without_keyword: a flag without a backslash that it has, or has not.
        from_, to, cc, bcc, subject: what a header field contains, `header=(name, text)` any
            field; `body` and `text` (header and body) look inside. Several texts: all of them.
        since, before, on: when the server received it, as a day; sent_since, sent_before, sent_on:
            the day in its Date field. A `date`, a `datetime` (in its own zone), "2026-11-23", or a
            `timedelta` back from now. `before` excludes the day itself.
        older, younger: seconds or a `timedelta` (RFC 5032).
        larger, smaller: octets.
        uid: one of these.
        mod_seq: changed since, or in, this (RFC 7162).
        gmail: as in Gmail's search box.
        """
        keys: list[Key] = []
        for name, value in criteria.items():
            make = MAKERS.get(name)
            if make is None:
                raise TypeError(f"no such criterion: {name}")
            keys.extend(make(value))
        return Query(conjunction(keys))

    @staticmethod
    def raw(key: Key) -> Query:
        """A search key as `mailproto.sansio.imap.Client.search` takes it, for what is missing
        here: `Q.raw(("X-GM-RAW", "has:attachment"))`."""
        return Query(key)

    def __repr__(self) -> str:
        return "Q"


Q = _Maker()


def operands(key: Key) -> tuple[Key, ...]:
    """What all must hold so that `key` does."""
    if isinstance(key, tuple) and key[0] == "AND":
        return key[1:]
    return () if key == ALL else (key,)


def conjunction(keys: list[Key]) -> Key:
    """All of the keys."""
    if not keys:
        return ALL
    return keys[0] if len(keys) == 1 else ("AND", *keys)


def as_query(query: Query | str | None, criteria: Criteria) -> Query:
    """A query that was given in any of the ways."""
    made = Q(**criteria)
    if query is None:
        return made
    if isinstance(query, str):
        # Imported late: it needs a tokenizer, which few do.
        from mailproto._imap_program import parsed  # noqa: PLC0415

        query = Query(parsed(query))
    return query & made if criteria else query


def is_ascii(key: object) -> bool:
    """Whether a search can do without a charset."""
    if isinstance(key, tuple):
        return all(map(is_ascii, cast("tuple[object, ...]", key)))
    return not isinstance(key, str) or key.isascii()


# How each criterion becomes keys.


def flag(name: str, opposite: str) -> Callable[[Any], list[Key]]:
    return lambda value: [name if value else opposite]


def texts(name: str) -> Callable[[Any], list[Key]]:
    return lambda value: [(name, text) for text in ([value] if isinstance(value, str) else value)]


def day(name: str) -> Callable[[Any], list[Key]]:
    return lambda value: [(name, as_date(value))]


def seconds(name: str) -> Callable[[Any], list[Key]]:
    return lambda value: [
        (name, int(value.total_seconds()) if isinstance(value, timedelta) else int(value))
    ]


def number(name: str) -> Callable[[Any], list[Key]]:
    return lambda value: [(name, int(value))]


def uids(value: UidSet | str | int | Iterable[int]) -> list[Key]:
    if isinstance(value, int):
        value = UidSet([value])
    return [("UID", value if isinstance(value, str | UidSet) else UidSet(value))]


def as_date(value: Day) -> date:
    """The day meant. IMAP knows no time of day and no zone here (RFC 9051 §6.4.4)."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, timedelta):
        value = datetime.now(UTC) - value
    return value.date() if isinstance(value, datetime) else value


MAKERS: dict[str, Callable[[Any], list[Key]]] = {
    "seen": flag("SEEN", "UNSEEN"),
    "unseen": flag("UNSEEN", "SEEN"),
    "answered": flag("ANSWERED", "UNANSWERED"),
    "flagged": flag("FLAGGED", "UNFLAGGED"),
    "deleted": flag("DELETED", "UNDELETED"),
    "draft": flag("DRAFT", "UNDRAFT"),
    "recent": flag("RECENT", "OLD"),
    "old": flag("OLD", "RECENT"),
    "new": lambda value: ["NEW" if value else ("NOT", "NEW")],
    "keyword": texts("KEYWORD"),
    "without_keyword": texts("UNKEYWORD"),
    "from_": texts("FROM"),
    "to": texts("TO"),
    "cc": texts("CC"),
    "bcc": texts("BCC"),
    "subject": texts("SUBJECT"),
    "body": texts("BODY"),
    "text": texts("TEXT"),
    "header": lambda value: [("HEADER", *value)],
    "since": day("SINCE"),
    "before": day("BEFORE"),
    "on": day("ON"),
    "sent_since": day("SENTSINCE"),
    "sent_before": day("SENTBEFORE"),
    "sent_on": day("SENTON"),
    "older": seconds("OLDER"),
    "younger": seconds("YOUNGER"),
    "larger": number("LARGER"),
    "smaller": number("SMALLER"),
    "uid": uids,
    "mod_seq": number("MODSEQ"),
    "gmail": texts("X-GM-RAW"),
}
