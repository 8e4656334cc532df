"""`mailproto serve`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailproto.cli._exit import Exit, UsageError

if TYPE_CHECKING:
    from argparse import Namespace


def serve(options: Namespace) -> Exit:
    """Serves."""
    raise UsageError("not built yet")
