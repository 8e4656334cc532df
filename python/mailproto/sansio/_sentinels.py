"""What `next_event` returns when there is no event. Both are false."""

from enum import Enum


class NeedData(Enum):
    """The type of `NEED_DATA`: all that was received has been taken."""

    NEED_DATA = "NEED_DATA"

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "NEED_DATA"


class Paused(Enum):
    """The type of `PAUSED`: a request awaits its answer, or much waits to be sent."""

    PAUSED = "PAUSED"

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "PAUSED"


NEED_DATA = NeedData.NEED_DATA
PAUSED = Paused.PAUSED
