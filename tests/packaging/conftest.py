"""What the tests of the packages for firmware share. `cargo xtask test packaging` runs them: it puts the
packages together first, with two real libraries and empty files for the others."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "interop"))

from servers import Dovecot, Unavailable

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = Path(os.environ["MAILPROTO_PACKAGES"])


def package(name: str) -> Path:
    """The directory of a package, as an archive has it."""
    (place,) = PACKAGES.glob(f"mailproto-*-{name}/")
    return place


def version() -> str:
    manifest = (ROOT / "Cargo.toml").read_text()
    return re.search(r'^version = "(.+)"$', manifest, re.MULTILINE)[1]


@pytest.fixture
def library() -> Path:
    """The library of this host."""
    return ROOT / "target/c/libmailproto.a"


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    """A real server, for the users that the examples name."""
    try:
        server = Dovecot(users=["ann", "ann@example.com"], password="secret").__enter__()
    except Unavailable as missing:
        if os.environ.get("MAILPROTO_REQUIRE_ALL") == "1":
            pytest.fail(str(missing))
        pytest.skip(str(missing))
    try:
        yield server
    finally:
        server.close()
