"""What `next_event` returns when there is no event."""

from enum import Enum


class NeedData(Enum):
    """The type of `NEED_DATA`, which is false and equal to itself only."""

    NEED_DATA = "NEED_DATA"

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "NEED_DATA"


NEED_DATA = NeedData.NEED_DATA
