"""The examples in the documentation do what they say."""

import doctest

from mailproto.sansio import pop3


def test_module() -> None:
    result = doctest.testmod(pop3)
    assert result.attempted > 0
    assert result.failed == 0
