"""What the tests of the packages for firmware share. `cargo xtask test packaging` runs them: it puts the
packages together first, with two real libraries and empty files for the others."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
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
