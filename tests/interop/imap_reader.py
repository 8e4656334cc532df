"""Reads what `imaplib` hands on raw, independently of our engine, for comparison with what it tells.

`imaplib` gives untagged responses as octets, and one that holds literals as pairs of the octets
before a literal and the literal. `parse` makes of that nested lists: `None` for NIL, `int` for a
number, `str` for a string or an atom (octets as characters of the same numbers), `list` for
what stands in parentheses. `messages` makes of FETCH responses what `imap_exercise` prints.
"""

from __future__ import annotations

import hashlib
import imaplib
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

Piece = bytes | tuple[bytes, bytes]

# An atom may hold a section in brackets, and spaces within it.
TOKEN = re.compile(rb'([()])|"((?:[^"\\]|\\.)*)"|((?:[^\s()\[\]"]|\[[^\]]*\])+)', re.DOTALL)
LITERAL = re.compile(rb"~?\{\d+\}$")


def tokens(pieces: Iterable[Piece]) -> Iterator[tuple[str, Any]]:
    for piece in pieces:
        text, literal = piece if isinstance(piece, tuple) else (piece, None)
        if literal is not None:
            text = LITERAL.sub(b"", text)
        for match in TOKEN.finditer(text):
            bracket, quoted, atom = match.groups()
            if bracket:
                yield "bracket", bracket.decode()
            elif atom is not None:
                yield "value", atom_value(atom.decode("latin-1"))
            else:
                yield "value", re.sub(rb"\\(.)", rb"\1", quoted).decode("latin-1")
        if literal is not None:
            yield "value", literal.decode("latin-1")


def atom_value(atom: str) -> None | int | str:
    if atom == "NIL":
        return None
    return int(atom) if atom.isdigit() else atom


def parse(pieces: Iterable[Piece]) -> list[Any]:
    """The values of one or more responses, one after another."""
    stack: list[list[Any]] = [[]]
    for kind, value in tokens(pieces):
        if kind == "value":
            stack[-1].append(value)
        elif value == "(":
            stack.append([])
        else:
            done = stack.pop()
            stack[-1].append(done)
    assert len(stack) == 1, "parentheses do not match"
    return stack[0]


def messages(pieces: Iterable[Piece]) -> dict[int, dict[str, Any]]:
    """FETCH responses: number and items of each message."""
    values = parse(piece for piece in pieces if piece is not None)
    found: dict[int, dict[str, Any]] = {}
    for number, items in zip(values[::2], values[1::2], strict=True):
        told = found.setdefault(number, {})
        for name, value in zip(items[::2], items[1::2], strict=True):
            told[name] = item(name, value)
    return found


def item(name: str, value: Any) -> Any:
    """The value of a data item as `imap_exercise` prints it."""
    if name in ("INTERNALDATE", "SAVEDATE"):
        return moment(value)
    if name in ("MODSEQ", "EMAILID"):
        return value[0]
    if name == "THREADID":
        return value and value[0]
    if name == "ENVELOPE":
        return envelope(value)
    if name in ("BODY", "BODYSTRUCTURE"):
        return structure(value)
    if name.startswith(("BODY[", "BINARY[", "RFC822")) and name != "RFC822.SIZE":
        return digest(value)
    return value


def digest(body: str | int | None) -> list[Any] | None:
    if body is None:
        return None
    octets = str(body).encode("latin-1")
    return [len(octets), hashlib.sha256(octets).hexdigest()]


def moment(text: str | None) -> list[int] | None:
    if text is None:
        return None
    when = datetime.strptime(text.strip(), "%d-%b-%Y %H:%M:%S %z")
    offset = when.utcoffset()
    assert offset is not None
    return [int(when.timestamp()), int(offset.total_seconds()) // 60]


# RFC 9051 §7.5.2.


def envelope(fields: list[Any]) -> list[Any]:
    addresses = range(2, 8)
    return [
        (field or []) if index in addresses else text(field) for index, field in enumerate(fields)
    ]


def text(value: str | int | None) -> str | None:
    """A string that looks like a number was read as one only if it was an atom."""
    return None if value is None else str(value)


def structure(body: list[Any]) -> list[Any]:
    """A row a part, as `imap_exercise` flattens it."""
    return list(rows(body, ()))


def rows(body: list[Any], section: tuple[int, ...]) -> Iterator[list[Any]]:
    if isinstance(body[0], list):
        yield from multipart(body, section)
    else:
        # A message that is not a multipart has the one part 1 (RFC 9051 §6.4.5.1).
        yield from part(body, section or (1,))


def multipart(body: list[Any], section: tuple[int, ...]) -> Iterator[list[Any]]:
    count = next(index for index, value in enumerate(body) if not isinstance(value, list))
    for number, inner in enumerate(body[:count], start=1):
        yield from rows(inner, (*section, number))
    subtype, *rest = body[count:]
    yield [
        "multipart end",
        subtype,
        parameters(rest[0] if rest else None),
        extension([None, *rest[1:]]),
    ]


def part(body: list[Any], section: tuple[int, ...]) -> Iterator[list[Any]]:
    media_type, subtype, given, identifier, description, encoding, octets, *rest = body
    kind = (media_type.upper(), subtype.upper())
    is_message = kind in (("MESSAGE", "RFC822"), ("MESSAGE", "GLOBAL")) and len(rest) >= 3
    inner: list[Any] = []
    lines = None
    if is_message:
        *inner, lines = rest[:3]
        rest = rest[3:]
    elif kind[0] == "TEXT":
        lines, *rest = rest
    row = [".".join(map(str, section)), media_type, subtype, parameters(given)]
    row += [identifier, description, encoding, octets]
    if not is_message:
        yield [*row, lines, extension(rest)]
        return
    yield [*row, None, extension([])]
    yield ["envelope", envelope(inner[0])]
    yield from rows_within(inner[1], section)
    yield ["message end", lines, extension(rest)]


def rows_within(body: list[Any], section: tuple[int, ...]) -> Iterator[list[Any]]:
    """The content of a message within shares its number if it is a multipart, else it is its part 1."""
    if isinstance(body[0], list):
        yield from multipart(body, section)
    else:
        yield from part(body, (*section, 1))


def parameters(given: list[Any] | None) -> list[list[str]]:
    pairs = given or []
    return [[name, str(value)] for name, value in zip(pairs[::2], pairs[1::2], strict=True)]


def extension(fields: list[Any]) -> list[Any]:
    """MD5, disposition, languages, location."""
    md5, disposition, language, location = [*fields, None, None, None, None][:4]
    if disposition is not None:
        disposition = [disposition[0], parameters(disposition[1])]
    languages = [language] if isinstance(language, str) else language or []
    return [md5, disposition, languages, location]


def fetched(box: imaplib.IMAP4, items: str, uid: bool = False) -> dict[int, dict[str, Any]]:
    """What `imaplib` is told by FETCH, of all messages."""
    status, pieces = box.uid("FETCH", "1:*", items) if uid else box.fetch("1:*", items)
    assert status == "OK", pieces
    return messages(without_closing(pieces))


def without_closing(pieces: Iterable[Any]) -> Iterator[Piece]:
    return (piece for piece in pieces if piece is not None)


def numbers(data: list[Any]) -> list[int]:
    """What SEARCH or SORT found; the mod-sequence behind it is left out."""
    found = data[0] or b""
    return [int(number) for number in found.split(b"(")[0].split()]
