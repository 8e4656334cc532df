"""Fetching many messages: RETR is pipelined, as many ahead of the reader as the window holds."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

from mailproto._errors import PipelineFull
from mailproto._pop3_common import WINDOW_COMMANDS, MessageInfo, Reply, Session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mailproto._pop3_common import Stream

__all__ = ["LazyReader", "ReadAhead", "whole_messages"]

M = TypeVar("M", bound=MessageInfo)


class ReadAhead(Generic[M]):
    """Messages that are asked for in order, ahead of who reads them.

    At most `window` octets are under way, or one message. New commands go out when half the
    window has come, so that many share a packet.
    """

    def __init__(self, session: Session, messages: Sequence[M], window: int) -> None:
        self._session = session
        self._messages = messages
        self._window = window
        self._position = 0
        self._ahead = 0
        self._asked: deque[tuple[M, Reply]] = deque()

    def next(self) -> tuple[M, Reply] | None:
        """The message to be read next, and the reply that brings it."""
        if self._ahead <= self._window // 2:
            self._ask()
        if not self._asked:
            return None
        message, reply = self._asked.popleft()
        self._ahead -= message.size
        return message, reply

    def stop(self) -> None:
        """Asks for no more messages; those under way still come."""
        self._messages = self._messages[: self._position]

    def close(self) -> None:
        """Drops what is under way."""
        for _, reply in self._asked:
            reply.abandon()
        self._asked.clear()

    def _ask(self) -> None:
        room = WINDOW_COMMANDS - len(self._asked)
        wanted = self._fitting(self._messages[self._position : self._position + room])
        retr = self._session.client.retr
        try:
            replies = self._session.submit_each(retr, [message.number for message in wanted])
        except PipelineFull:
            # Others use this connection too: their replies make room.
            if self._asked:
                return
            raise
        asked = wanted[: len(replies)]
        self._asked.extend(zip(asked, replies, strict=True))
        self._position += len(asked)
        self._ahead += sum([message.size for message in asked])

    def _fitting(self, messages: Sequence[M]) -> Sequence[M]:
        """As many of the messages as the window has room for; one if nothing is under way."""
        room = self._window - self._ahead
        for count, message in enumerate(messages):
            if room <= 0 and (count or self._asked):
                return messages[:count]
            room -= message.size
        return messages


def whole_messages(session: Session, messages: Sequence[M], window: int) -> Stream[tuple[M, bytes]]:
    """Each message with its octets."""
    ahead = ReadAhead(session, messages, window)
    reply: Reply | None = None
    try:
        while (asked := ahead.next()) is not None:
            message, reply = asked
            while reply.completed is None:
                session.make_way(reply)
                yield None
            yield message, reply.whole()
    finally:
        ahead.close()
        if reply is not None:
            reply.abandon()


class LazyReader(Generic[M]):
    """Messages of which the caller reads some.

    A message is asked for when it is read. Whoever reads two in a row is taken to go on, and the
    following ones are asked for ahead; those that are skipped then are dropped.
    """

    def __init__(self, session: Session, messages: Sequence[M], window: int) -> None:
        self._session = session
        self._messages = messages
        self._window = window
        self._expected = 0
        self._position = 0
        self._asked: deque[tuple[int, Reply]] = deque()

    def read(self, index: int) -> Reply:
        """The reply that brings the message at `index`."""
        asked = self._asked
        while asked and asked[0][0] != index:
            asked.popleft()[1].abandon()
        reply = asked.popleft()[1] if asked else self._ask(index)
        if index == self._expected:
            self._ask_ahead()
        self._expected = index + 1
        return reply

    def close(self) -> None:
        """Drops what was asked for and not read."""
        for _, reply in self._asked:
            reply.abandon()
        self._asked.clear()

    def _ask(self, index: int) -> Reply:
        reply = self._session.submit(self._session.client.retr, self._messages[index].number)
        self._position = index + 1
        return reply

    def _ask_ahead(self) -> None:
        asked, messages = self._asked, self._messages
        ahead = sum(messages[index].size for index, _ in asked)
        while self._position < len(messages) and len(asked) < WINDOW_COMMANDS:
            index = self._position
            ahead += messages[index].size
            if ahead > self._window:
                return
            try:
                asked.append((index, self._ask(index)))
            except PipelineFull:
                return
