"""A small IMAP server for tests, written apart from the engine, that can be told to misbehave."""

from __future__ import annotations

import re
import socket
import threading
import time
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Sequence

CAPABILITIES = "IMAP4rev1 IDLE ESEARCH UIDPLUS MOVE UNSELECT CONDSTORE ENABLE ID LITERAL+ NAMESPACE"


class Hangup(Exception):
    """Ends a connection as a crashing server would."""


class ImapServer:
    """Serves INBOX with `messages` to user "mrose", password "secret", in a thread.

    UIDs are 101, 102 … `replies` maps a command, or its first words without the tag ("UID FETCH"),
    to what is answered instead: octets, in which `{tag}` is replaced, or a function of the
    connection. `commands` is what all clients said, without tags. Without a greeting it hangs up
    at once.
    """

    def __init__(
        self,
        messages: Sequence[bytes] = (),
        *,
        capabilities: str = CAPABILITIES,
        greeting: bytes = b"* OK ready\r\n",
        replies: dict[str, bytes | Callable[[Connection], None]] | None = None,
        tls: ssl.SSLContext | None = None,
        implicit: bool = False,
    ) -> None:
        self.messages = {101 + index: octets for index, octets in enumerate(messages)}
        self.flags: dict[int, set[str]] = {uid: set() for uid in self.messages}
        self.capabilities = capabilities
        self.greeting = greeting
        self.replies = replies or {}
        self.tls = tls
        self.implicit = implicit
        self.commands: list[str] = []
        self.appended: list[bytes] = []
        self.sessions = 0

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.host, self.port = self._listener.getsockname()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _listen(self) -> None:
        while True:
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            self.sessions += 1
            threading.Thread(target=self._serve, args=(peer,), daemon=True).start()

    def _serve(self, peer: socket.socket) -> None:
        try:
            Connection(self, peer).run()
        except (Hangup, OSError):
            pass
        finally:
            peer.close()


class Connection:
    """One client."""

    def __init__(self, server: ImapServer, peer: socket.socket) -> None:
        self.server = server
        self.peer = peer
        self.tag = ""
        self.line = ""
        self.literals: list[bytes] = []
        self.octets = b""

    def run(self) -> None:
        if self.server.implicit:
            self.start_tls()
        if not self.server.greeting:
            self.hang_up()
        self.send(self.server.greeting)
        while (line := self.read_command()) is not None:
            self.tag, _, self.line = line.partition(" ")
            self.server.commands.append(self.line)
            reply = self.scripted()
            if callable(reply):
                reply(self)
            elif reply is not None:
                self.send(reply.replace(b"{tag}", self.tag.encode()))
            else:
                self.answer()
            if self.line == "LOGOUT":
                return

    def scripted(self) -> bytes | Callable[[Connection], None] | None:
        words = self.line.split(" ")
        for count in range(len(words), 0, -1):
            if (reply := self.server.replies.get(" ".join(words[:count]))) is not None:
                return reply
        return None

    def start_tls(self) -> None:
        assert self.server.tls is not None
        self.peer = self.server.tls.wrap_socket(self.peer, server_side=True)

    def read_line(self) -> str | None:
        while b"\r\n" not in self.octets:
            octets = self.peer.recv(65536)
            if not octets:
                return None
            self.octets += octets
        line, self.octets = self.octets.split(b"\r\n", 1)
        return line.decode("utf-8", "surrogateescape")

    def read_exactly(self, count: int) -> bytes:
        while len(self.octets) < count:
            octets = self.peer.recv(65536)
            if not octets:
                raise Hangup
            self.octets += octets
        found, self.octets = self.octets[:count], self.octets[count:]
        return found

    def read_command(self) -> str | None:
        self.literals = []
        line = self.read_line()
        while line is not None and (found := re.search(r"\{(\d+)(\+?)\}$", line)):
            if not found[2]:
                self.send(b"+ go on\r\n")
            self.literals.append(self.read_exactly(int(found[1])))
            more = self.read_line()
            line = None if more is None else line[: found.start()] + "{}" + more
        return line

    def send(self, octets: bytes) -> None:
        self.peer.sendall(octets)

    def untagged(self, text: str) -> None:
        self.send(f"* {text}\r\n".encode())

    def ok(self, text: str = "done") -> None:
        self.send(f"{self.tag} OK {text}\r\n".encode())

    def no(self, text: str) -> None:
        self.send(f"{self.tag} NO {text}\r\n".encode())

    def hang_up(self) -> None:
        raise Hangup

    def stall(self) -> None:
        time.sleep(30)

    def answer(self) -> None:
        words = self.line.split(" ")
        name = words[0].upper()
        if name == "UID":
            name = f"UID_{words[1].upper()}"
        getattr(self, f"do_{name.lower()}", self.unknown)()

    def unknown(self) -> None:
        self.send(f"{self.tag} BAD what?\r\n".encode())

    def do_capability(self) -> None:
        self.untagged(f"CAPABILITY {self.server.capabilities}")
        self.ok()

    def do_starttls(self) -> None:
        self.ok("begin")
        self.start_tls()

    def do_login(self) -> None:
        if self.line.endswith(" secret") or self.line.endswith('"secret"'):
            self.ok(f"[CAPABILITY {self.server.capabilities}] welcome")
        else:
            self.no("[AUTHENTICATIONFAILED] wrong")

    def do_id(self) -> None:
        self.untagged('ID ("name" "small")')
        self.ok()

    def do_noop(self) -> None:
        self.ok()

    def do_enable(self) -> None:
        self.untagged("ENABLED " + self.line.split(" ", 1)[1])
        self.ok()

    def do_logout(self) -> None:
        self.untagged("BYE bye")
        self.ok()

    def do_namespace(self) -> None:
        self.untagged('NAMESPACE (("" "/")) NIL NIL')
        self.ok()

    def do_list(self) -> None:
        self.untagged(r'LIST (\HasNoChildren) "/" INBOX')
        self.untagged(r'LIST (\HasNoChildren \Sent) "/" Sent')
        self.ok()

    def do_lsub(self) -> None:
        self.untagged(r'LSUB () "/" INBOX')
        self.ok()

    def do_status(self) -> None:
        name = self.line.split(" ")[1]
        self.untagged(f"STATUS {name} (MESSAGES {len(self.server.messages)} UNSEEN 0)")
        self.ok()

    def do_select(self) -> None:
        if "INBOX" not in self.line:
            self.no("no such mailbox")
            return
        self.untagged(r"FLAGS (\Seen \Deleted \Flagged)")
        self.untagged(f"{len(self.server.messages)} EXISTS")
        self.untagged("0 RECENT")
        self.untagged("OK [UIDVALIDITY 7] valid")
        self.untagged(f"OK [UIDNEXT {max(self.server.messages, default=100) + 1}] next")
        self.untagged(r"OK [PERMANENTFLAGS (\Seen \Deleted \*)] permanent")
        self.untagged("OK [HIGHESTMODSEQ 5] highest")
        self.ok("[READ-WRITE] selected" if self.line.startswith("SELECT") else "[READ-ONLY] look")

    do_examine = do_select

    def do_unselect(self) -> None:
        self.ok()

    def do_create(self) -> None:
        self.no("[ALREADYEXISTS] there is one")

    def uids(self, text: str) -> list[int]:
        """The UIDs that a set names, of those that there are."""
        there = sorted(self.server.messages)
        named: set[int] = set()
        for part in text.split(","):
            ends = (
                [there[-1] if end == "*" else int(end) for end in part.split(":")] if there else []
            )
            named.update(uid for uid in there if min(ends) <= uid <= max(ends))
        return [uid for uid in there if uid in named]

    def number(self, uid: int) -> int:
        return sorted(self.server.messages).index(uid) + 1

    def do_uid_search(self) -> None:
        found = re.search(r"UID ([\d:*,]+)$", self.line)
        uids = self.uids(found[1]) if found else sorted(self.server.messages)
        if "RETURN" in self.line:
            text = f" ALL {','.join(map(str, uids))}" if uids else ""
            self.untagged(f'ESEARCH (TAG "{self.tag}") UID{text}')
        else:
            self.untagged(" ".join(["SEARCH", *map(str, uids)]))
        self.ok()

    def do_uid_fetch(self) -> None:
        _, _, which, items = self.line.split(" ", 3)
        for uid in self.uids(which):
            self.fetched(uid, items)
        self.ok()

    def fetched(self, uid: int, items: str) -> None:
        octets = self.server.messages[uid]
        answer = [f"UID {uid}".encode()]
        if "FLAGS" in items:
            answer.append(f"FLAGS ({' '.join(sorted(self.server.flags[uid]))})".encode())
        if "MODSEQ" in items:
            answer.append(b"MODSEQ (9)")
        if "RFC822.SIZE" in items:
            answer.append(b"RFC822.SIZE %d" % len(octets))
        if "INTERNALDATE" in items:
            answer.append(b'INTERNALDATE "23-Nov-2026 09:00:00 +0100"')
        if "ENVELOPE" in items:
            answer.append(
                b'ENVELOPE (NIL "=?utf-8?q?m=C3=B6in?= %d" (("Ann" NIL "ann" "example.com"))'
                b" NIL NIL NIL NIL NIL NIL NIL)" % uid
            )
        if "BODYSTRUCTURE" in items:
            answer.append(
                b'BODYSTRUCTURE ("text" "plain" ("charset" "utf-8") NIL NIL "quoted-printable"'
                b" %d 3 NIL NIL NIL NIL)" % len(octets)
            )
        for section in re.findall(r"BODY\.PEEK\[([^]]*)\]", items):
            part = octets if not section else octets.partition(b"\r\n\r\n")[2]
            if section.startswith("HEADER"):
                part = octets.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
            answer.append(b"BODY[%s] {%d}\r\n%s" % (section.encode(), len(part), part))
        self.send(b"* %d FETCH (%s)\r\n" % (self.number(uid), b" ".join(answer)))

    def do_uid_store(self) -> None:
        _, _, which, mode, flags = self.line.split(" ", 4)
        given = set(flags.strip("()").split())
        for uid in self.uids(which):
            had = self.server.flags[uid]
            added = had | given if mode[0] == "+" else had - given
            self.server.flags[uid] = given if mode[0] == "F" else added
        self.ok()

    def do_uid_copy(self) -> None:
        which = self.line.split(" ")[2]
        if "missing" in self.line:
            self.no("[TRYCREATE] no such mailbox")
            return
        uids = self.uids(which)
        copies = f"{500 + uids[0]}:{499 + uids[0] + len(uids)}"
        self.ok(f"[COPYUID 9 {','.join(map(str, uids))} {copies}] copied")

    def do_uid_move(self) -> None:
        uids = self.uids(self.line.split(" ")[2])
        copies = f"{500 + uids[0]}:{499 + uids[0] + len(uids)}"
        self.untagged(f"OK [COPYUID 9 {','.join(map(str, uids))} {copies}] moved")
        self.remove(uids)
        self.ok()

    def do_expunge(self) -> None:
        self.remove([uid for uid, flags in self.server.flags.items() if "\\Deleted" in flags])
        self.ok()

    def do_uid_expunge(self) -> None:
        uids = self.uids(self.line.split(" ")[2])
        self.remove([uid for uid in uids if "\\Deleted" in self.server.flags[uid]])
        self.ok()

    def remove(self, uids: list[int]) -> None:
        for uid in uids:
            number = self.number(uid)
            del self.server.messages[uid], self.server.flags[uid]
            self.untagged(f"{number} EXPUNGE")

    def arrive(self, octets: bytes) -> None:
        """A message comes; the client is told."""
        uid = max(self.server.messages, default=100) + 1
        self.server.messages[uid] = octets
        self.server.flags[uid] = set()
        self.untagged(f"{len(self.server.messages)} EXISTS")

    def do_append(self) -> None:
        self.server.appended.append(self.literals[-1])
        self.ok("[APPENDUID 7 900] taken")

    def do_idle(self) -> None:
        self.send(b"+ idling\r\n")
        if self.read_line() != "DONE":
            self.hang_up()
        self.ok()


def mail(number: int, size: int = 200) -> bytes:
    """A message of about `size` octets."""
    head = b"Subject: message %d\r\nFrom: ann@example.com\r\n\r\n" % number
    line = b"text =C3=BC and more text" + b"x" * 40 + b"\r\n"
    return head + line * max(1, (size - len(head)) // len(line))
