"""`imap_cases.py FILE` writes what servers say, as imap_replay.c reads it: of the transcripts of tests/corpus/imap, and, where they
are, of the cases collected from other projects (MAILPROTO_SHARED says where; `../shared` unless told)."""

from __future__ import annotations

import base64
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("MAILPROTO_SHARED", REPOSITORY.parent / "shared"))
# Longer ones take valgrind minutes, and show nothing that these do not.
LONGEST = 20_000


def transcripts() -> Iterator[bytes]:
    """The server's lines; what stands for repeated octets is left as it is written."""
    for file in sorted((REPOSITORY / "tests/corpus/imap").glob("*.txt")):
        lines = file.read_text().splitlines()
        said = [line[3:] for line in lines if re.match("S[:|] ", line)]
        yield (
            "\r\n".join([*said, ""])
            .replace("\\\\", "\\")
            .replace("\\r\\n", "\r\n")
            .encode()
        )


def collected() -> Iterator[bytes]:
    """What servers say in the collected cases."""
    for file in sorted((SHARED / "cases").glob("*.jsonl")):
        for line in file.read_text().splitlines():
            yield from said_in(json.loads(line))


def said_in(case: dict) -> Iterator[bytes]:
    if "server" in case:  # security.jsonl
        text = "".join(case["server"]).replace("<EOF>", "")
        yield re.sub(r"\bT(\d)\b", r"AAA\1", text).encode("latin-1")
        return
    if case.get("protocol") != "imap" or case.get("side") == "client-to-server":
        return
    if script := case.get("script"):
        yield b"".join(base64.b64decode(step[1]) for step in script if step[0] == "S")
    elif octets := case.get("bytes_b64"):
        octets = base64.b64decode(octets)
        yield octets if octets.endswith(b"\n") else octets + b"\r\n"


def main() -> None:
    cases = list(transcripts())
    own = len(cases)
    if SHARED.is_dir():
        cases += collected()
    else:
        print("the collected cases are not here: skipped")
    with open(sys.argv[1], "wb") as file:
        for case in cases:
            if len(case) <= LONGEST:
                file.write(b"%08x" % len(case) + case)
    print(f"{own} transcripts, {len(cases) - own} collected cases")


if __name__ == "__main__":
    main()
