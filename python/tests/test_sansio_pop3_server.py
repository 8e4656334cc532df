"""The sans-IO server, spoken to in C: lines and answered as a program would."""

from __future__ import annotations

import base64

import pytest

import mailproto
from mailproto.sansio import NEED_DATA, PAUSED, pop3

TIMESTAMP = "<1896.697170952@dbc.mtview.ca.us>"


def greeted(**options: object) -> pop3.Server:
    server = pop3.Server(**{"security": "private", **options})  # type: ignore[arg-type]
    server.greet("ready")
    server.data_to_send()
    return server


def asked(server: pop3.Server, line: bytes) -> list[pop3.Request]:
    server.receive_data(line + b"\r\n")
    return server.events()


def logged_in(messages: int = 3, **options: object) -> pop3.Server:
    server = greeted(**options)
    asked(server, b"USER mrose")
    asked(server, b"PASS tanstaaf")
    server.accept(messages)
    server.data_to_send()
    return server


def test_greeting_and_login() -> None:
    server = pop3.Server(security="private")
    server.greet("POP3 server ready")
    assert server.data_to_send() == b"+OK POP3 server ready\r\n"
    assert asked(server, b"USER mrose") == [pop3.Handled("USER")]
    assert asked(server, b"PASS tan staaf") == [pop3.Login("mrose", "tan staaf")]
    assert server.owes_answer
    assert server.next_event() is PAUSED
    server.accept(2)
    assert server.data_to_send() == b"+OK\r\n+OK 2 messages\r\n"
    assert server.next_event() is NEED_DATA
    assert server.state == "transaction"


def test_refused_login_carries_a_code() -> None:
    server = greeted()
    asked(server, b"USER mrose")
    asked(server, b"PASS wrong")
    server.data_to_send()
    server.reject("wrong password", code="AUTH")
    assert server.data_to_send() == b"-ERR [AUTH] wrong password\r\n"
    assert server.state == "authorization"


def test_requests_wait_behind_one_that_is_not_answered() -> None:
    server = logged_in()
    server.receive_data(b"STAT\r\nNOOP\r\nLIST 2\r\nDELE 2\r\n")
    assert server.events() == [pop3.Stat()]
    assert server.events() == []
    server.drop_listing(3, 600)
    assert server.events() == [pop3.Handled("NOOP"), pop3.List(2)]
    server.scan_listing(2, 200)
    assert server.events() == [pop3.Handled("DELE")]
    assert server.data_to_send() == b"+OK 3 600\r\n+OK\r\n+OK 2 200\r\n+OK\r\n"
    assert server.is_deleted(2)


def test_listings_leave_deleted_messages_out() -> None:
    server = logged_in()
    asked(server, b"DELE 2")
    server.data_to_send()
    assert asked(server, b"LIST") == [pop3.List(None)]
    server.scan_listings((number, number * 100) for number in (1, 2, 3))
    assert server.data_to_send() == b"+OK\r\n1 100\r\n3 300\r\n.\r\n"
    assert asked(server, b"UIDL") == [pop3.Uidl(None)]
    server.unique_ids([(1, "a"), (2, b"b"), (3, "c")])
    assert server.data_to_send() == b"+OK\r\n1 a\r\n3 c\r\n.\r\n"
    assert asked(server, b"LIST 2") == [pop3.Refused("LIST")]


def test_message_of_any_size_is_taken_in_one_call_and_stuffed() -> None:
    server = logged_in()
    text = b".dot\r\n" + b"x" * 998 + b"\r\n"
    assert asked(server, b"RETR 3") == [pop3.Message(3, None)]
    server.message(octets=len(text) * 500)
    server.message_data(bytearray(text * 500))
    server.end_message()
    expected = b"+OK 502000 octets\r\n"[:4] + str(len(text) * 500).encode() + b" octets\r\n"
    assert server.data_to_send() == expected + (b"." + text) * 500 + b".\r\n"


def test_top_is_cut_where_the_client_asked() -> None:
    server = logged_in()
    assert asked(server, b"TOP 1 1") == [pop3.Message(1, 1)]
    server.message()
    server.message_data(b"Subject: x\r\n\r\none\r\ntwo\r\n")
    assert not server.wants_more
    server.end_message()
    assert server.data_to_send() == b"+OK\r\nSubject: x\r\n\r\none\r\n.\r\n"


def test_bare_line_feeds_become_crlf_where_asked() -> None:
    server = logged_in(newlines="to-crlf")
    asked(server, b"RETR 1")
    server.message()
    server.message_data(b"a\n.b\n")
    server.end_message()
    assert server.data_to_send() == b"+OK\r\na\r\n..b\r\n.\r\n"


def test_deletions_happen_at_quit_only() -> None:
    server = logged_in()
    server.receive_data(b"DELE 3\r\nDELE 1\r\nQUIT\r\n")
    *_, update = server.events()
    assert update == pop3.Update((1, 3))
    server.data_to_send()
    server.receive_data(b"")
    assert server.events() == []  # the answer is still owed
    server.updated(all_removed=True)
    assert server.data_to_send() == b"+OK bye\r\n"
    assert server.state == "closed"
    assert server.next_event() is NEED_DATA


def test_client_that_leaves_without_quit_deletes_nothing() -> None:
    server = logged_in()
    asked(server, b"DELE 1")
    server.receive_data(b"")
    with pytest.raises(mailproto.ConnectionLost):
        server.next_event()


def test_capabilities_are_as_configured() -> None:
    server = greeted(
        mechanisms=["scram-sha-256", "PLAIN"],
        expire="never",
        login_delay=900,
        implementation="Shlemazle-Plotz-v302",
        utf8="users",
        lang=True,
        stls=False,
    )
    asked(server, b"CAPA")
    lines = server.data_to_send().decode().splitlines()
    assert lines[0] == "+OK"
    assert lines[-1] == "."
    assert set(lines[1:-1]) == {
        "TOP",
        "UIDL",
        "USER",
        "RESP-CODES",
        "AUTH-RESP-CODE",
        "PIPELINING",
        "EXPIRE NEVER",
        "LOGIN-DELAY 900",
        "IMPLEMENTATION Shlemazle-Plotz-v302",
        "UTF8 USER",
        "LANG",
        "SASL SCRAM-SHA-256 PLAIN",
    }


def test_language() -> None:
    server = greeted(lang=True)
    assert asked(server, b"LANG") == [pop3.Lang(None)]
    server.language("fr", "Français")
    server.end_listing()
    assert server.data_to_send() == "+OK\r\nfr Français\r\n.\r\n".encode()
    assert asked(server, b"LANG fr") == [pop3.Lang("fr")]
    server.accept_language("fr", "la langue")
    assert server.data_to_send() == b"+OK fr la langue\r\n"


def test_apop_of_rfc_1939() -> None:
    server = greeted(timestamp=TIMESTAMP)
    (apop,) = asked(server, b"APOP mrose c4c9334bac560ecc979e58001b3e22fb")
    assert isinstance(apop, pop3.Apop)
    assert server.apop_matches(apop.digest, "tanstaaf")
    assert not server.apop_matches(apop.digest, "tanstaaf2")


class TestSasl:
    def test_password_is_the_callers_to_check(self) -> None:
        server = greeted(mechanisms=["PLAIN"])
        (claim,) = asked(server, b"AUTH PLAIN dGVzdAB0ZXN0AHRlc3Q=")  # RFC 5034 §6
        assert claim == pop3.PasswordClaim("PLAIN", "test", "test", "test")
        server.verdict(accepted=True)
        assert server.next_event() == pop3.Authenticated("PLAIN", "test")
        server.accept(1)
        assert server.data_to_send() == b"+OK 1 messages\r\n"

    def test_wrong_password_is_refused_by_the_engine(self) -> None:
        server = greeted(mechanisms=["PLAIN"])
        asked(server, b"AUTH PLAIN dGVzdAB0ZXN0AHRlc3Q=")
        server.verdict(accepted=False)
        assert server.next_event() == pop3.Refused("AUTH")
        assert server.data_to_send() == b"-ERR [AUTH] authentication failed\r\n"
        assert server.state == "authorization"

    @pytest.mark.parametrize("mechanism", ["SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5"])
    @pytest.mark.parametrize(
        ("password", "outcome"),
        [
            ("pencil", pop3.Authenticated),
            ("eraser", pop3.Refused),
            (None, pop3.Refused),
        ],
    )
    def test_secret_stays_with_the_caller(self, mechanism, password, outcome) -> None:
        server = greeted(mechanisms=[mechanism], hostname="pop.example")
        client = pop3.Client(security="private")
        client.receive_data(b"+OK ready\r\n")
        client.events()
        client.capa()
        last = None
        for _ in range(12):
            server.receive_data(client.data_to_send() or b"\0")
            for request in server.events():
                match request:
                    case pop3.SecretClaim(user="user"):
                        server.secret(password)
                        last = server.next_event()
                    case pop3.Authenticated() | pop3.Refused():
                        last = request
            if last:
                break
            client.receive_data(server.data_to_send())
            for event in client.events():
                if isinstance(event, pop3.Completed) and event.verb == "CAPA":
                    client.auth(pop3.Password("user", "pencil"))
        assert isinstance(last, outcome)

    def test_cancelled_exchange(self) -> None:
        server = greeted(mechanisms=["PLAIN"])
        assert asked(server, b"AUTH PLAIN") == []
        assert server.data_to_send() == b"+ \r\n"
        assert asked(server, b"*") == [pop3.Cancelled()]
        assert server.data_to_send().startswith(b"-ERR")

    def test_refused_token_is_told_before_it_is_refused(self) -> None:
        server = greeted(mechanisms=["XOAUTH2"])
        token = base64.b64encode(b"user=mrose\x01auth=Bearer ya29\x01\x01")
        (claim,) = asked(server, b"AUTH XOAUTH2 " + token)
        assert claim == pop3.TokenClaim("XOAUTH2", "mrose", "ya29")
        server.verdict(accepted=False)
        assert server.next_event() is NEED_DATA
        assert server.data_to_send().startswith(b"+ ")
        assert asked(server, b"") == [pop3.Refused("AUTH")]


class TestMisuse:
    @pytest.mark.parametrize(
        "call",
        [
            lambda s: s.accept(1),
            lambda s: s.reject("no"),
            lambda s: s.verdict(accepted=True),
            lambda s: s.secret("x"),
            lambda s: s.drop_listing(1, 2),
            lambda s: s.scan_listing(1, 2),
            lambda s: s.unique_id(1, "x"),
            lambda s: s.end_listing(),
            lambda s: s.message(1),
            lambda s: s.message_data(b"x"),
            lambda s: s.end_message(),
            lambda s: s.updated(all_removed=True),
            lambda s: s.greet("again"),
            lambda s: s.tls_established(),
        ],
    )
    def test_answer_to_what_was_not_asked(self, call) -> None:
        server = logged_in()
        with pytest.raises(mailproto.WrongState):
            call(server)
        assert server.data_to_send() == b""
        assert asked(server, b"NOOP") == [pop3.Handled("NOOP")]

    def test_words_that_would_be_two_lines(self) -> None:
        server = logged_in()
        asked(server, b"STAT")
        for call in (
            lambda: server.reject("no\r\n+OK"),
            lambda: server.reject("no", code="A] x"),
            lambda: server.reject("no", code="A\r\n"),
            lambda: server.reject("no", code=""),
        ):
            with pytest.raises(mailproto.InvalidArgument):
                call()
        assert server.data_to_send() == b""
        server.reject("no")
        assert server.data_to_send() == b"-ERR no\r\n"

    def test_unique_id_that_rfc_1939_does_not_allow(self) -> None:
        server = logged_in()
        asked(server, b"UIDL 1")
        for uid in ("", "a b", "x" * 71, "\xe9"):
            with pytest.raises(mailproto.InvalidArgument):
                server.unique_id(1, uid)
        server.unique_id(1, "x" * 70)
        assert server.data_to_send() == b"+OK 1 " + b"x" * 70 + b"\r\n"

    def test_mailbox_larger_than_was_said(self) -> None:
        server = greeted(max_messages=8)
        asked(server, b"USER a")
        asked(server, b"PASS b")
        with pytest.raises(mailproto.LimitExceeded) as caught:
            server.accept(9)
        assert caught.value.needed == 2
        server.accept(8)

    @pytest.mark.parametrize(
        "options",
        [
            {"mechanisms": ["GSSAPI"]},
            {"utf8": "yes"},
            {"expire": "soon"},
            {"newlines": "lf"},
            {"implementation": "a\r\nb"},
            {"autologout": float("nan")},
        ],
    )
    def test_options(self, options) -> None:
        with pytest.raises(ValueError):  # noqa: PT011 - each option has its own words
            pop3.Server(**options)


def test_flood_of_commands_waits_until_answers_are_sent() -> None:
    server = logged_in(outgoing=1000)
    server.receive_data(b"NOOP\r\n" * 1000)
    told = len(server.events())
    assert told < 1000
    assert server.bytes_to_send < 2000
    assert server.next_event() is PAUSED
    while server.data_to_send():
        told += len(server.events())
    assert told == 1000


def test_plaintext_behind_stls_is_an_attack() -> None:
    server = pop3.Server()
    server.greet()
    server.receive_data(b"STLS\r\nUSER injected\r\n")
    with pytest.raises(mailproto.SecurityError):
        server.events()
    server = pop3.Server()
    server.greet()
    assert asked(server, b"STLS") == [pop3.StartTls()]
    server.receive_data(b"USER injected\r\n")
    with pytest.raises(mailproto.SecurityError):
        server.tls_established()


def test_stls_makes_credentials_welcome() -> None:
    server = pop3.Server()
    server.greet()
    assert asked(server, b"USER mrose") == [pop3.Refused("USER")]
    assert asked(server, b"STLS") == [pop3.StartTls()]
    server.data_to_send()
    server.tls_established()
    assert asked(server, b"USER mrose") == [pop3.Handled("USER")]


def test_idle_client_is_logged_out() -> None:
    server = logged_in(autologout=600)
    server.tick(0)
    asked(server, b"NOOP")
    server.tick(10)
    assert server.deadline() == pytest.approx(610)
    server.tick(609)
    with pytest.raises(mailproto.Timeout):
        server.tick(610)


def test_looking_for_requests_does_not_put_the_logout_off() -> None:
    server = logged_in(autologout=600)
    server.tick(0)
    for now in (1, 300, 599):
        assert server.events() == []
        server.tick(now)
    assert server.events() == []
    with pytest.raises(mailproto.Timeout):
        server.tick(600)


def test_abort_leaves_the_message_without_its_end() -> None:
    server = logged_in()
    asked(server, b"RETR 1")
    server.message(1000)
    server.message_data(b"half\r\n")
    server.abort()
    assert server.data_to_send() == b"+OK 1000 octets\r\nhalf\r\n"
    assert server.state == "closed"
