"""Events do not depend on how the octets were cut; what one role emits the other understands."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from mailproto.sansio import pop3

SESSION = (
    (None, b"+OK ready <1.2@pop.example>\r\n"),
    (lambda c: c.capa(), b"+OK\r\nPIPELINING\r\nUIDL\r\nRESP-CODES\r\nSASL PLAIN\r\n.\r\n"),
    (lambda c: c.user("mrose"), b"+OK\r\n"),
    (lambda c: c.pass_("tanstaaf"), b"+OK logged in\n"),
    (lambda c: c.list(), b"+OK\r\n1 120\r\n\r\n2 200\r\nmud\r\n.\r\n"),
    (lambda c: c.uidl(), b"+OK\r\n1 a\r\n2 " + b"x" * 300 + b"\r\n3 c\r\n.\r\n"),
    (lambda c: c.retr(1), b"+OK 120 octets\r\nSubject: x\r\n\r\n..\r\n...\r\nend\r.\n.\n\r\n.\r\n"),
    (lambda c: c.retr(2), b"-ERR [SYS/TEMP] caf\xe9\r\n"),
    (lambda c: c.top(3, 0), b"+ok\r\n.\r\n"),
    (lambda c: c.quit(), b"+OK bye\r\n"),
)


def replay(cuts: list[int]) -> list[pop3.Event]:
    """Runs the session with every reply cut where it is told; joins the pieces of data."""
    client = pop3.Client(security="private", scratch=256)
    events: list[pop3.Event] = []
    for command, reply in SESSION:
        if command:
            command(client)
        client.data_to_send()
        places = sorted({cut % (len(reply) + 1) for cut in cuts} | {0, len(reply)})
        for start, end in itertools.pairwise(places):
            client.receive_data(reply[start:end])
            while found := client.events():
                events.extend(found)
    client.receive_data(b"")
    assert client.events() == []
    return joined(events)


def joined(events: list[pop3.Event]) -> list[pop3.Event]:
    whole: list[pop3.Event] = []
    for event in events:
        last = whole[-1] if whole else None
        if isinstance(event, pop3.Data) and isinstance(last, pop3.Data):
            assert event.command == last.command
            whole[-1] = pop3.Data(event.command, bytes(last) + bytes(event))
        else:
            whole.append(event)
    return whole


WHOLE = replay([])


def test_session_has_every_kind_of_event_in_it() -> None:
    kinds = {type(event) for event in WHOLE}
    assert kinds == {
        pop3.Greeting,
        pop3.Started,
        pop3.Capability,
        pop3.ScanListing,
        pop3.UniqueId,
        pop3.Data,
        pop3.Completed,
        pop3.Unrecognized,
        pop3.Oversize,
        pop3.Quirk,
    }
    data = [bytes(event) for event in WHOLE if isinstance(event, pop3.Data)]
    assert data == [b"Subject: x\r\n\r\n.\r\n..\r\nend\r.\n.\n\r\n"]


def test_octet_by_octet() -> None:
    assert replay(list(range(1000))) == WHOLE


def test_every_split_in_two() -> None:
    for cut in range(max(len(reply) for _, reply in SESSION)):
        assert replay([cut]) == WHOLE


@given(st.lists(st.integers(0, 400), max_size=30))
def test_random_splits(cuts: list[int]) -> None:
    assert replay(cuts) == WHOLE


MAIL = st.lists(
    st.sampled_from([b".", b"..", b"\r\n", b"\n", b"\r", b"\r\n.\r\n", b"text", b"\xff\0", b" "]),
    max_size=40,
).map(b"".join)


@settings(deadline=None)
@given(
    mails=st.lists(MAIL, min_size=1, max_size=6),
    cuts=st.lists(st.integers(1, 50), min_size=1, max_size=20),
    window=st.integers(1, 6),
)
def test_mail_arrives_through_client_and_server_as_it_was(
    mails: list[bytes], cuts: list[int], window: int
) -> None:
    got = fetch_all(mails, cuts, window)
    assert got == [mail if mail.endswith(b"\r\n") or not mail else mail + b"\r\n" for mail in mails]


def fetch_all(mails: list[bytes], cuts: list[int], window: int) -> list[bytes]:
    """A client and a server back to back, the octets between them cut again and again."""
    server = pop3.Server(security="private")
    server.greet()
    fetcher = Fetcher(len(mails), window)
    to_client = to_server = b""
    for length in itertools.cycle(cuts):
        to_server += fetcher.client.data_to_send()
        if to_server:
            server.receive_data(to_server[:length])
            to_server = to_server[length:]
        while requests := server.events():
            for request in requests:
                answer(server, request, mails)
        to_client += server.data_to_send()
        if to_client:
            fetcher.client.receive_data(to_client[:length])
            to_client = to_client[length:]
        fetcher.go_on()
        if len(fetcher.whole) == len(mails):
            break
    return [fetcher.whole[number] for number in sorted(fetcher.whole)]


class Fetcher:
    """Logs in, then retrieves every message, some of them at a time."""

    def __init__(self, messages: int, window: int) -> None:
        self.client = pop3.Client(security="private")
        self.window = window
        self.wanted = list(range(1, messages + 1))
        self.parts: dict[int, list[bytes]] = {}
        self.whole: dict[int, bytes] = {}

    def go_on(self) -> None:
        client = self.client
        for event in client.events():
            match event:
                case pop3.Greeting():
                    client.capa()
                case pop3.Completed(verb="CAPA"):
                    client.login("a", "b")
                case pop3.Data(command, view):
                    self.parts[command].append(bytes(view))
                case pop3.Completed(command, verb="RETR", message=number, ok=True):
                    self.whole[number] = b"".join(self.parts.pop(command))
        while client.state == "transaction" and self.wanted and client.in_flight < self.window:
            self.parts[client.retr(self.wanted.pop(0))] = []


def answer(server: pop3.Server, request: pop3.Request, mails: list[bytes]) -> None:
    match request:
        case pop3.Login():
            server.accept(len(mails))
        case pop3.Message(message=number):
            server.message()
            server.message_data(mails[number - 1])
            server.end_message()
