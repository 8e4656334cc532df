"""A mailbox as people have them: ten thousand letters of about 5 kB, and some of 25 MB.

    python letters.py DIR [--count N] [--large N]

writes one as a Maildir. The same letters for the same numbers, on every machine and Python. Unlike
`mail.py` of the interop tests, which makes what trips up software, this makes what a mailbox mostly
holds: newsletters in two forms, attachments, forwarded letters, bounces, mailing lists, meetings;
senders and subjects in many scripts, as encoded words (RFC 2047), and file names as RFC 2231 has
them. So ENVELOPE and BODYSTRUCTURE have something to tell.
"""

from __future__ import annotations

import argparse
import base64
import quopri
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "interop"))

from mail import (
    CRLF,
    DAYS,
    MONTHS,
    Dice,
    assemble,
    base64_lines,
    big,
    lines,
    part,
    pseudorandom,
    words,
    write_maildir,
)

# What makes a letter of 5 kB on average, with its header.
BODY = 3_600
LARGE = 25_000_000

PEOPLE = [
    "Anna Andersson",
    "Chiara Bianchi",
    "Liam Kowalski",
    "Mei Chen",
    "Omar Haddad",
    "Hiroshi Tanaka",
    "Greta Fischer",
    "Jonas Eriksen",
    "Katya Ivanova",
    "Elena Garcia",
    "Farid Dubois",
    "Ines Jensen",
    "Nadia Haddad",
    "Bjarne Lund",
    "Build server",
    "Billing at Example",
    "Zoë Müller",
    "François Lefèvre",
    "Łukasz Wójcik",
    "Дмитрий Иванов",
    "山田 太郎",
    "Ελένη Παπαδοπούλου",
]
HOSTS = [
    "example.com",
    "example.org",
    "mail.example.net",
    "lists.example.edu",
    "corp.example.co.uk",
]
TOPICS = [
    "Quarterly report",
    "Meeting notes",
    "Your invoice 20431",
    "Build failed on main",
    "Re: travel plans",
    "Re: Re: budget for next year",
    "Welcome!",
    "Your order has shipped",
    "Invitation: review",
    "Fwd: photos",
    "[users] Question about the server",
    "Release 2.4.1",
    "Password changed",
    "Minutes, and a question",
    'The "final" draft',
    "Fwd: Angebot für Köln",
    "Résumé and cover letter",
    "会議の議事録",
    "Счёт за октябрь",
    "Reminder: dentist on Thursday 🦷",
    "[dev] patch 3/7: split the reader",
]
FILES = [
    "report.pdf",
    "photo 2024-05-01.jpeg",
    "minutes.docx",
    "Übersicht.xlsx",
    "результаты.csv",
    "logo.png",
    "build.log",
]
TYPES = {
    "pdf": "application/pdf",
    "jpeg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "png": "image/png",
    "log": "text/plain",
}
PHRASES = (
    "Grüße aus Köln, bis nächste Woche.",
    "Nous vous remercions de votre réponse.",
    "ご確認のほどよろしくお願いいたします。",
)
# RFC 2047 §2: an encoded word has at most 75 characters, so at most 45 octets as base64.
WORD_OCTETS = 42


def letters(count: int, seed: int = 4) -> Iterator[bytes]:
    """`count` letters of about 5 kB on average, in the mix of `KINDS`."""
    dice = Dice(seed)
    kinds = [kind for kind, share in KINDS for _ in range(share)]
    for number in range(count):
        size = dice.between(BODY // 4, BODY * 7 // 4)
        headers, body = dice.pick(kinds)(dice, size)
        yield assemble([*envelope(dice, number), *headers], body)


def large_letters(count: int) -> Iterator[bytes]:
    """`count` letters with an attachment that makes each `LARGE` octets."""
    return (big(LARGE, seed) for seed in range(1, count + 1))


# Headers.


def envelope(dice: Dice, number: int) -> list[bytes]:
    """The fields that every letter has, those on its way here among them."""
    host, sender = dice.pick(HOSTS), mailbox(dice)
    date, ident = moment(dice), f"<{number}.{token(dice, 20)}@{host}>"
    relay = f"{host} (192.0.2.{dice.between(1, 254)}) by mx.example.com with ESMTPS"
    signed = f"d={host}; s=s1;\r\n\th=from:to:subject:date:message-id; bh={token(dice, 43)}=;"
    fields = [
        f"Return-Path: <bounce-{token(dice, 8)}@{host}>",
        f"Received: from {relay}\r\n\tid {token(dice, 12)} for <me@example.com>; {date}",
        f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; {signed}\r\n\tb={token(dice, 70)}",
        f"From: {sender}",
        f"To: {people(dice, 1, 4)}",
        f"Subject: {encoded(dice.pick(TOPICS) + ' ' + words(dice, dice.between(0, 6)))}",
        f"Date: {date}",
        f"Message-ID: {ident}",
    ]
    if dice.between(1, 100) <= 30:
        fields.append(f"Cc: {people(dice, 1, 6)}")
    if dice.between(1, 100) <= 40:
        fields.append(f"In-Reply-To: <{token(dice, 24)}@{dice.pick(HOSTS)}>")
        earlier = (f"<{token(dice, 24)}@{host}>" for _ in range(dice.between(1, 5)))
        fields.append("References: " + "\r\n\t".join(earlier))
    if dice.between(1, 100) <= 15:
        fields.append(f"Reply-To: {mailbox(dice)}")
    return [field.encode() for field in fields] + [b"MIME-Version: 1.0"]


def mailbox(dice: Dice) -> str:
    """One address, mostly with a name (RFC 5322 §3.4)."""
    name, host = dice.pick(PEOPLE), dice.pick(HOSTS)
    local = "".join(c for c in name.lower().replace(" ", ".") if c.isascii()).strip(".") or "box"
    address = f"{local}{dice.between(1, 99)}@{host}"
    return address if dice.between(1, 10) == 1 else f"{encoded(name)} <{address}>"


def people(dice: Dice, fewest: int, most: int) -> str:
    return ",\r\n\t".join(mailbox(dice) for _ in range(dice.between(fewest, most)))


def encoded(text: str) -> str:
    """The text itself, or as encoded words, base64 of UTF-8, never cut within a character."""
    text = text.strip()
    if text.isascii():
        return text
    pieces = [""]
    for character in text:
        if len((pieces[-1] + character).encode()) > WORD_OCTETS:
            pieces.append("")
        pieces[-1] += character
    return "\r\n ".join(f"=?UTF-8?B?{base64.b64encode(p.encode()).decode()}?=" for p in pieces)


def moment(dice: Dice) -> str:
    day, clock = dice.between(1, 28), f"{dice.between(0, 23):02}:{dice.between(0, 59):02}"
    zone = dice.pick(("+0000", "+0200", "-0700", "+0530"))
    year = dice.between(2005, 2026)
    seconds = dice.between(0, 59)
    return f"{dice.pick(DAYS)}, {day} {dice.pick(MONTHS)} {year} {clock}:{seconds:02} {zone}"


def token(dice: Dice, length: int) -> str:
    return base64.b32encode(pseudorandom(b"token", dice.between(0, 1 << 30), length))[
        :length
    ].decode()


# The kinds. Each gives its own header fields and its body, of about the size asked for.

Letter = tuple[list[bytes], bytes]


def note(dice: Dice, size: int) -> Letter:
    """Plain text, nothing else."""
    charset = dice.pick((b"us-ascii", b"utf-8; format=flowed", b"iso-8859-1"))
    return [b"Content-Type: text/plain; charset=" + charset], prose(dice, size)


def foreign_note(dice: Dice, size: int) -> Letter:
    """Text beyond ASCII, quoted-printable."""
    text = prose(dice, size * 2 // 3, PHRASES)
    kind = [b"Content-Type: text/plain; charset=utf-8"]
    return [*kind, b"Content-Transfer-Encoding: quoted-printable"], quoted_printable(text)


def newsletter(dice: Dice, size: int) -> Letter:
    """The same twice: as text and as HTML (RFC 2046 §5.1.4)."""
    list_id = f"List-Id: News of the day <news.{dice.pick(HOSTS)}>".encode()
    unsubscribe = f"List-Unsubscribe: <https://example.com/u/{token(dice, 40)}>".encode()
    headers, body = both_forms(dice, size)
    return [list_id, unsubscribe, *headers], body


def both_forms(dice: Dice, size: int) -> Letter:
    return multipart(dice, b"alternative", [text(dice, size // 3), html(dice, size * 2 // 3)])


def with_files(dice: Dice, size: int) -> Letter:
    """A text and one to three attachments."""
    count = dice.between(1, 3)
    files = [attachment(dice, size * 3 // 4 // count) for _ in range(count)]
    return multipart(dice, b"mixed", [text(dice, size // 4), *files])


def with_picture(dice: Dice, size: int) -> Letter:
    """HTML with a picture in it (RFC 2387), beside its text, beside a file."""
    ident = f"Content-ID: <{token(dice, 16)}@example.com>".encode()
    octets = pseudorandom(b"picture", dice.between(0, 1 << 30), size // 4)
    kind = b'image/png; name="logo.png"'
    disposition = b'Content-Disposition: inline; filename="logo.png"'
    picture = part(kind, b"base64", base64_lines(octets), ident, disposition)
    related = assemble(*multipart(dice, b"related", [html(dice, size // 4), picture]))
    forms = assemble(*multipart(dice, b"alternative", [text(dice, size // 8), related]))
    return multipart(dice, b"mixed", [forms, attachment(dice, size // 4)])


def forwarded(dice: Dice, size: int) -> Letter:
    """A text and the letter it speaks of (RFC 2046 §5.2.1): an envelope within the structure."""
    headers, body = both_forms(dice, size // 2)
    inner = assemble([*envelope(dice, dice.between(0, 99_999)), *headers], body)
    description = b"Content-Description: " + encoded(dice.pick(TOPICS)).encode()
    message = part(b"message/rfc822", b"7bit", inner, description)
    return multipart(dice, b"mixed", [text(dice, size // 4), message])


def bounce(dice: Dice, size: int) -> Letter:
    """What a mail system says that could not deliver (RFC 6522, RFC 3464)."""
    status = lines([b"Reporting-MTA: dns; mx.example.com", b""]) + lines(
        [b"Final-Recipient: rfc822; " + token(dice, 9).encode() + b"@example.org"]
        + [b"Action: failed", b"Status: 5.1.1"]
    )
    parts = [
        text(dice, size // 2),
        part(b"message/delivery-status", b"7bit", status),
        part(b"text/rfc822-headers", b"7bit", lines(envelope(dice, 0))),
    ]
    return multipart(dice, b"report", parts, b"; report-type=delivery-status")


def meeting(dice: Dice, size: int) -> Letter:
    """An invitation: text, HTML and a calendar (RFC 6047)."""
    event = lines([b"BEGIN:VCALENDAR", b"METHOD:REQUEST", b"BEGIN:VEVENT"])
    event += prose(dice, size // 4) + lines([b"END:VEVENT", b"END:VCALENDAR"])
    calendar = part(b"text/calendar; charset=utf-8; method=REQUEST", b"7bit", event)
    forms = [text(dice, size // 4), html(dice, size // 2), calendar]
    return multipart(dice, b"alternative", forms)


# How many of a hundred letters are of this kind.
KINDS: tuple[tuple[Callable[[Dice, int], Letter], int], ...] = (
    (note, 18),
    (foreign_note, 7),
    (newsletter, 40),
    (with_files, 15),
    (with_picture, 8),
    (forwarded, 5),
    (bounce, 3),
    (meeting, 4),
)

# Parts.


def multipart(dice: Dice, subtype: bytes, parts: list[bytes], more: bytes = b"") -> Letter:
    boundary = b"----=_Part_" + token(dice, 16).encode()
    kind = b'Content-Type: multipart/%b; boundary="%b"%b' % (subtype, boundary, more)
    delimited = b"".join(b"--" + boundary + CRLF + one + CRLF for one in parts)
    return [kind], delimited + b"--" + boundary + b"--" + CRLF


def text(dice: Dice, size: int) -> bytes:
    octets = quoted_printable(prose(dice, size, PHRASES))
    return part(b"text/plain; charset=utf-8", b"quoted-printable", octets)


def html(dice: Dice, size: int) -> bytes:
    paragraphs = prose(dice, size * 3 // 4).replace(CRLF, b"</p>\r\n<p>")
    page = b"<html><body><p>" + paragraphs + b"</p></body></html>\r\n"
    return part(b"text/html; charset=utf-8", b"quoted-printable", quoted_printable(page))


def attachment(dice: Dice, size: int) -> bytes:
    """A file, its name in ASCII quoted, otherwise as RFC 2231 §4 and, for old readers, RFC 2047."""
    name = dice.pick(FILES)
    kind = TYPES[name.rpartition(".")[2]]
    octets = pseudorandom(name.encode(), dice.between(0, 1 << 30), size * 3 // 4)
    disposition = (
        f'attachment; filename="{name}"'
        if name.isascii()
        else f"attachment; filename*=UTF-8''{quote(name)}"
    )
    fields = [
        f"Content-Disposition: {disposition}; size={len(octets)}".encode(),
        f"X-Attachment-Id: {token(dice, 10)}".encode(),
    ]
    named = f'{kind};\r\n\tname="{encoded(name)}"'.encode()
    return part(named, b"base64", base64_lines(octets), *fields)


def prose(dice: Dice, size: int, phrases: tuple[str, ...] = ()) -> bytes:
    """Lines of words up to a size, now and then one of the phrases."""
    written: list[bytes] = []
    length = 0
    while length < size:
        line = words(dice, dice.between(6, 11))
        if phrases and dice.between(1, 8) == 1:
            line = dice.pick(phrases)
        written.append(line.encode())
        length += len(written[-1]) + 2
    return lines(written)


def quoted_printable(octets: bytes) -> bytes:
    return quopri.encodestring(octets.replace(CRLF, b"\n")).replace(b"\n", CRLF)


# As a program.


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a generated mailbox as a Maildir.")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--large", type=int, default=0)
    options = parser.parse_args()
    written = [*letters(options.count), *large_letters(options.large)]
    octets = sum(map(len, written))
    print(f"{write_maildir(options.directory, written)} letters, {octets} octets")


if __name__ == "__main__":
    main()
