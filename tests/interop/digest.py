"""What a directory of messages holds, in one line: how many, how many octets, one hash of all.

    python digest.py DIR

Counts the files of a Maildir (`cur` and `new`) or the *.eml files of a directory. The hash does
not depend on the files' names or order, only on the messages.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path


def message_files(directory: Path) -> Iterator[Path]:
    folders = [folder for folder in (directory / "cur", directory / "new") if folder.is_dir()]
    for folder in folders:
        yield from folder.iterdir()
    if not folders:
        yield from directory.glob("*.eml")


def file_digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def digest(directory: Path) -> tuple[int, int, str]:
    """Count, octets and SHA-256 (of the sorted SHA-256s) of the messages."""
    files = list(message_files(directory))
    together = hashlib.sha256(b"".join(sorted(map(file_digest, files))))
    return len(files), sum(path.stat().st_size for path in files), together.hexdigest()


if __name__ == "__main__":
    print(*digest(Path(sys.argv[1])))
