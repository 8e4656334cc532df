"""Real-looking mail, the same for the same seed on every machine and Python version.

`corpus` mixes what trips mail software up: lines that begin with dots or are nothing but a
dot, lines longer than RFC 5322 allows, 8-bit octets, empty bodies, MIME parts with base64
attachments. Every message has CRLF line ends and a final CRLF, as POP3 delivers it.

    python mail.py DIR [--count N] [--seed N] [--average OCTETS] [--big OCTETS]

writes the same messages as a Maildir.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

CRLF = b"\r\n"
# RFC 2045 §6.8: at most 76 characters of base64 a line, so 57 octets.
BASE64_OCTETS = 57
# RFC 5322 §2.1.1: at most 998 characters a line; real mail goes beyond.
LONG_LINES = (998, 5_000)

NAMES = ["Anna", "Bjarne", "Chiara", "Dmitri", "Elena", "Farid", "Greta", "Hiroshi", "Ines"]
HOSTS = ["example.com", "example.org", "mail.example.net", "lists.example.edu"]
NOUNS = ["meeting", "notes", "invoice", "report", "draft", "patch", "release", "server", "budget"]
OTHER_WORDS = ["the", "a", "of", "and", "to", "quarterly", "updated", "asked", "scheduled"]
WORDS = NOUNS + OTHER_WORDS
DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
DOTTED_LINES = (b".", b"..", b"...", b".hidden", b". leading", b"trailing.", b".\t.", b"", b".")
UTF8_LINES = [s.encode() for s in ("Grüße aus Köln", "日本語のメール", "Ещё одно", "naïve — “ok”")]
LATIN1_LINES = [s.encode("latin-1") for s in ("Grüße", "señor", "\xa0\xff\xfe", "déjà vu")]


class Dice:
    """Only `random.Random.random()` is used: the one sequence that Python promises to keep."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def between(self, low: int, high: int) -> int:
        return low + int(self._random.random() * (high - low + 1))

    def pick(self, choices: Sequence[T]) -> T:
        return choices[self.between(0, len(choices) - 1)]


@dataclass(frozen=True)
class Recipe:
    """What a shape works from: chance, the size to come near to, the longest line allowed."""

    dice: Dice
    size: int
    longest_line: int


def corpus(
    count: int, seed: int = 1, average: int = 4_500, longest_line: int = 5_000
) -> list[bytes]:
    """`count` different messages of about `average` octets each, every shape in turn.

    `longest_line` counts the CRLF, and is for clients that give up on lines as long as real
    mail has them (Python's poplib: 2,048 octets).
    """
    dice = Dice(seed)
    return [message(dice, number, average, longest_line) for number in range(count)]


def big(size: int, seed: int = 1) -> bytes:
    """One message with a base64 attachment that brings it to `size` octets, to the octet."""
    dice = Dice(seed)
    headers = [*common_headers(dice, 0, seed), b"X-Shape: big", b"MIME-Version: 1.0"]
    boundary = b"=_big"
    headers.append(b'Content-Type: multipart/mixed; boundary="%b"' % boundary)
    text = part(b"text/plain; charset=us-ascii", b"7bit", lines([b".", b"The file is attached."]))
    frame = len(assemble(headers, multipart(boundary, [text, attachment("data.bin", b"")])))
    # A line more than enough, then cut to measure: CRLF stays at the end.
    room = max(0, size - frame)
    data = pseudorandom(b"big", seed, room * 3 // 4 + BASE64_OCTETS)
    encoded = base64_lines(data)[: max(0, room - 2)].rstrip(CRLF)
    filled = encoded.ljust(max(0, room - 2), b"=") + CRLF if room > 2 else b""
    file = part(*attachment_headers("data.bin"), filled)
    return assemble(headers, multipart(boundary, [text, file]))


def message(dice: Dice, number: int, average: int, longest_line: int) -> bytes:
    """Message `number` of a corpus; its shape follows from its number."""
    name, shape = list(SHAPES.items())[number % len(SHAPES)]
    size = dice.between(average // 3, average * 5 // 3)
    seed = dice.between(0, 1 << 30)
    headers = [*common_headers(dice, number, seed), b"X-Shape: " + name.encode()]
    shape_headers, body = shape(Recipe(dice, size, longest_line))
    return assemble([*headers, *shape_headers], body)


def common_headers(dice: Dice, number: int, seed: int) -> list[bytes]:
    sender, recipient, host = dice.pick(NAMES), dice.pick(NAMES), dice.pick(HOSTS)
    date = (
        f"{dice.pick(DAYS)}, {dice.between(1, 28)} {dice.pick(MONTHS)} 20{dice.between(10, 25)} "
        f"{dice.between(0, 23):02}:{dice.between(0, 59):02}:{dice.between(0, 59):02} +0100"
    )
    return [
        f"Received: from {host} by mx.example.com with ESMTPS".encode(),
        f"\tid {seed:08x}; {date}".encode(),
        f"From: {sender} Tester <{sender.lower()}@{host}>".encode(),
        f"To: {recipient} Tester <{recipient.lower()}@example.com>".encode(),
        f"Subject: {words(dice, 5)} ({number})".encode(),
        f"Date: {date}".encode(),
        f"Message-ID: <{number}.{seed:08x}@{host}>".encode(),
    ]


# The shapes. Each gives its own headers and its body, of about the size asked for.

Shape = tuple[list[bytes], bytes]
PLAIN_HEADERS = [b"MIME-Version: 1.0", b"Content-Type: text/plain; charset=us-ascii"]


def plain(recipe: Recipe) -> Shape:
    return PLAIN_HEADERS, prose(recipe)


def dotted(recipe: Recipe) -> Shape:
    """Dots where RFC 1939 §3 stuffs them, first and last line among them."""
    text = prose(recipe, DOTTED_LINES)
    return PLAIN_HEADERS, lines([b"."]) + text + lines([b"."])


def long_lines(recipe: Recipe) -> Shape:
    lengths = [min(length, recipe.longest_line - 2) for length in LONG_LINES]
    long = [b"." + b"x" * (length - 2) + b"." for length in lengths]
    return PLAIN_HEADERS, prose(recipe) + lines(long)


def empty(_: Recipe) -> Shape:
    return PLAIN_HEADERS, b""


def blank_lines(_: Recipe) -> Shape:
    return PLAIN_HEADERS, CRLF * 5


def utf8(recipe: Recipe) -> Shape:
    return eight_bit_headers("utf-8"), prose(recipe, UTF8_LINES)


def latin1(recipe: Recipe) -> Shape:
    return eight_bit_headers("iso-8859-1"), prose(recipe, LATIN1_LINES)


def with_attachment(recipe: Recipe) -> Shape:
    boundary = f"=_{recipe.dice.between(0, 1 << 30):08x}".encode()
    few_lines = prose(replace(recipe, size=recipe.size // 4), DOTTED_LINES)
    text = part(b"text/plain; charset=us-ascii", b"7bit", few_lines)
    # A quarter of the size is text; base64 makes four octets of three.
    data = pseudorandom(boundary, 0, recipe.size * 3 // 4 * 3 // 4)
    headers = [b"MIME-Version: 1.0", b'Content-Type: multipart/mixed; boundary="%b"' % boundary]
    return headers, multipart(boundary, [text, attachment("picture.bin", data)])


SHAPES: dict[str, Callable[[Recipe], Shape]] = {
    "dotted": dotted,
    "plain": plain,
    "long-lines": long_lines,
    "utf-8": utf8,
    "empty": empty,
    "with-attachment": with_attachment,
    "latin-1": latin1,
    "blank-lines": blank_lines,
}


def eight_bit_headers(charset: str) -> list[bytes]:
    content_type = f"Content-Type: text/plain; charset={charset}".encode()
    return [b"MIME-Version: 1.0", content_type, b"Content-Transfer-Encoding: 8bit"]


# Building blocks.


def prose(recipe: Recipe, every_other: Sequence[bytes] = ()) -> bytes:
    """Lines of words up to the recipe's size, one of `every_other` after each when given."""
    written: list[bytes] = []
    length, turn = 0, 0
    while length < recipe.size:
        line = words(recipe.dice, recipe.dice.between(4, 12)).encode()
        written.append(line)
        length += len(line) + 2
        if every_other:
            written.append(every_other[turn % len(every_other)])
            length += len(written[-1]) + 2
            turn += 1
    return lines(written)


def words(dice: Dice, count: int) -> str:
    return " ".join(dice.pick(WORDS) for _ in range(count))


def lines(of: Iterable[bytes]) -> bytes:
    return b"".join(line + CRLF for line in of)


def assemble(headers: list[bytes], body: bytes) -> bytes:
    return lines(headers) + CRLF + body


def multipart(boundary: bytes, parts: list[bytes]) -> bytes:
    delimiter = b"--" + boundary
    opened = b"".join(delimiter + CRLF + one for one in parts)
    preamble = b"This is a multi-part message in MIME format."
    return lines([preamble]) + opened + lines([delimiter + b"--"])


def part(content_type: bytes, encoding: bytes, body: bytes, *headers: bytes) -> bytes:
    own = [b"Content-Type: " + content_type, b"Content-Transfer-Encoding: " + encoding, *headers]
    return assemble(own, body)


def attachment(name: str, data: bytes) -> bytes:
    content_type, encoding = attachment_headers(name)
    return part(content_type, encoding, base64_lines(data))


def attachment_headers(name: str) -> tuple[bytes, bytes]:
    return f'application/octet-stream; name="{name}"'.encode(), b"base64"


def base64_lines(data: bytes) -> bytes:
    encoded = base64.b64encode(data)
    width = BASE64_OCTETS // 3 * 4
    return lines(encoded[at : at + width] for at in range(0, len(encoded), width))


def pseudorandom(label: bytes, seed: int, count: int) -> bytes:
    return hashlib.shake_128(label + str(seed).encode()).digest(count)


# As a program.


def write_maildir(directory: Path, messages: Iterable[bytes]) -> int:
    """Writes the messages as a Maildir, in the order of their file names; returns how many."""
    for name in ("cur", "new", "tmp"):
        (directory / name).mkdir(parents=True, exist_ok=True)
    count = 0
    for count, octets in enumerate(messages, start=1):
        (directory / "new" / f"1700000000.M{count:06}P1.mailproto").write_bytes(octets)
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description="Write generated mail as a Maildir.")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--average", type=int, default=4_500)
    parser.add_argument("--big", type=int, default=0, help="one more message of this size")
    options = parser.parse_args()
    messages = corpus(options.count, options.seed, options.average)
    if options.big:
        messages.append(big(options.big, options.seed))
    print(f"{write_maildir(options.directory, messages)} messages in {options.directory}")


if __name__ == "__main__":
    main()
