"""Small programs that download a mailbox, look at every message and keep none.

    python pop3_reader.py bare|bare-unpipelined|poplib|pipelined|unpipelined PORT USER

Each prints how many messages and octets it saw. The password is in MAILPROTO_PASSWORD.
Imports stand in the functions, so that a process pays for what it uses.
"""

import os
import sys

HOST = "127.0.0.1"
WINDOW = 200


def bare(port: int, user: str, password: str) -> tuple[int, int]:
    """The least that Python can do: pipelines, counts the ends of messages, nothing else."""
    return bare_sockets(port, user, password, WINDOW)


def bare_unpipelined(port: int, user: str, password: str) -> tuple[int, int]:
    """The same, one command at a time: what sending and waiting alone cost."""
    return bare_sockets(port, user, password, 1)


def bare_sockets(port: int, user: str, password: str, window: int) -> tuple[int, int]:
    import socket

    connection = socket.create_connection((HOST, port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    replies = connection.makefile("rb")
    replies.readline()
    for command in (f"USER {user}", f"PASS {password}", "STAT"):
        connection.sendall(command.encode() + b"\r\n")
        line = replies.readline()
    count = int(line.split()[1])
    asked = done = octets = 0
    tail = b""
    while done < count:
        if asked - done <= window // 2:
            until = min(count, done + window)
            connection.sendall(b"".join(b"RETR %d\r\n" % n for n in range(asked + 1, until + 1)))
            asked = until
        received = connection.recv(1 << 17)
        octets += len(received)
        joined = tail + received
        done += joined.count(b"\r\n.\r\n")
        # What may be the beginning of an end, but no end that was counted.
        tail = joined[-4:] if not joined.endswith(b"\r\n.\r\n") else b""
    connection.sendall(b"QUIT\r\n")
    return count, octets


def with_poplib(port: int, user: str, password: str) -> tuple[int, int]:
    import poplib

    box = poplib.POP3(HOST, port)
    box.user(user)
    box.pass_(password)
    count, _ = box.stat()
    octets = 0
    for number in range(1, count + 1):
        _, lines, _ = box.retr(number)
        octets += sum(len(line) for line in lines)
    box.quit()
    return count, octets


def with_mailproto(port: int, user: str, password: str, *, pipelining: bool) -> tuple[int, int]:
    from mailproto import pop3

    count = octets = 0
    with pop3.connect(
        HOST, user, password, port=port, tls="insecure", pipelining=pipelining
    ) as box:
        for _, message in box.messages():
            count += 1
            octets += len(message)
    return count, octets


def pipelined(port: int, user: str, password: str) -> tuple[int, int]:
    return with_mailproto(port, user, password, pipelining=True)


def unpipelined(port: int, user: str, password: str) -> tuple[int, int]:
    return with_mailproto(port, user, password, pipelining=False)


KINDS = {
    "bare": bare,
    "bare-unpipelined": bare_unpipelined,
    "poplib": with_poplib,
    "pipelined": pipelined,
    "unpipelined": unpipelined,
}

if __name__ == "__main__":
    kind, port, user = sys.argv[1:]
    print(*KINDS[kind](int(port), user, os.environ["MAILPROTO_PASSWORD"]))
