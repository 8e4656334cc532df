"""The sans-IO client. Transcripts are the RFCs' own where these have one."""

from __future__ import annotations

import copy
import pickle
import tracemalloc

import pytest

import mailproto
from mailproto.sansio import NEED_DATA, pop3


def connected(**options: object) -> pop3.Client:
    client = pop3.Client(**{"security": "private", **options})  # type: ignore[arg-type]
    client.receive_data(b"+OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>\r\n")
    assert isinstance(client.next_event(), pop3.Greeting)
    return client


def told(client: pop3.Client, reply: bytes) -> list[pop3.Event]:
    """Sends what waits, then receives a reply."""
    client.data_to_send()
    client.receive_data(reply)
    return client.events()


def logged_in(**options: object) -> pop3.Client:
    client = connected(**options)
    client.login("mrose", "tanstaaf")
    told(client, b"+OK\r\n")
    told(client, b"+OK mrose's maildrop has 2 messages (320 octets)\r\n")
    assert client.state == "transaction"
    return client


def offering(client: pop3.Client, *capabilities: bytes) -> pop3.Client:
    client.capa()
    told(client, b"+OK\r\n" + b"".join(line + b"\r\n" for line in capabilities) + b".\r\n")
    return client


class TestEvents:
    def test_greeting_carries_the_timestamp_of_rfc_1939(self) -> None:
        client = pop3.Client()
        client.receive_data(b"+OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>\r\n")
        assert client.next_event() == pop3.Greeting(
            ok=True,
            code=None,
            text="POP3 server ready <1896.697170952@dbc.mtview.ca.us>",
            timestamp="<1896.697170952@dbc.mtview.ca.us>",
        )
        assert client.next_event() is NEED_DATA

    def test_session_of_rfc_1939(self) -> None:
        client = logged_in()
        stat = client.stat()
        assert told(client, b"+OK 2 320\r\n") == [
            pop3.Completed(
                stat, "STAT", 0, "ok", None, "2 320", pop3.DropListing(messages=2, octets=320)
            )
        ]
        listing = client.list()
        assert told(client, b"+OK 2 messages (320 octets)\r\n1 120\r\n2 200\r\n.\r\n") == [
            pop3.Started(listing, "LIST", 0, None, "2 messages (320 octets)"),
            pop3.ScanListing(listing, 1, 120),
            pop3.ScanListing(listing, 2, 200),
            pop3.Completed(listing, "LIST", 0, "ok", None, "", None),
        ]
        retr = client.retr(1)
        assert client.data_to_send() == b"RETR 1\r\n"
        client.receive_data(b"+OK 120 octets\r\nSubject: x\r\n\r\n..dot\r\n.\r\n")
        started, *data, completed = client.events()
        assert started == pop3.Started(retr, "RETR", 1, 120, "120 octets")
        assert b"".join(bytes(piece) for piece in data) == b"Subject: x\r\n\r\n.dot\r\n"
        assert completed == pop3.Completed(retr, "RETR", 1, "ok", None, "", None)
        dele = client.dele(1)
        (deleted,) = told(client, b"+OK message 1 deleted\r\n")
        assert (deleted.command, deleted.verb, deleted.message) == (dele, "DELE", 1)
        client.quit()
        (bye,) = told(client, b"+OK dewey POP3 server signing off (maildrop empty)\r\n")
        assert bye.ok
        assert client.state == "closed"
        client.receive_data(b"")
        assert client.events() == []

    def test_one_message_is_the_value_of_list_and_uidl(self) -> None:
        client = logged_in()
        one = client.list(2)
        (completed,) = told(client, b"+OK 2 200\r\n")
        assert completed.value == pop3.ScanListing(one, 2, 200)
        two = client.uidl(2)
        (completed,) = told(client, b"+OK 2 QhdPYR:00WBw1Ph7x7\r\n")
        assert completed.value == pop3.UniqueId(two, 2, "QhdPYR:00WBw1Ph7x7")

    def test_positive_reply_without_what_was_asked_is_malformed(self) -> None:
        client = logged_in()
        client.stat()
        (completed,) = told(client, b"+OK hello\r\n")
        assert (completed.status, completed.ok, completed.value) == ("malformed", False, None)

    def test_response_code_is_told_where_it_is_offered(self) -> None:
        client = offering(connected(), b"RESP-CODES", b"USER")
        client.login("mrose", "tanstaaf")
        told(client, b"+OK\r\n")
        (refused,) = told(client, b"-ERR [IN-USE] Do you have another POP session running?\r\n")
        assert (refused.status, refused.code) == ("err", "IN-USE")
        error = mailproto.CommandError.from_completed(refused)
        assert type(error) is mailproto.InUse
        assert (error.command, error.status, error.code) == ("PASS", "err", "IN-USE")

    def test_capabilities_are_names_and_words(self) -> None:
        client = connected()
        number = client.capa()
        _, *lines, _ = told(
            client, b"+OK\r\nTOP\r\nexpire 60 USER\r\nSASL CRAM-MD5 KERBEROS_V4\r\n.\r\n"
        )
        assert lines == [
            pop3.Capability(number, "TOP", ()),
            pop3.Capability(number, "EXPIRE", ("60", "USER")),
            pop3.Capability(number, "SASL", ("CRAM-MD5", "KERBEROS_V4")),
        ]
        assert client.capabilities == {"TOP", "EXPIRE", "SASL"}
        assert client.mechanisms == {"CRAM-MD5", "KERBEROS_V4"}

    def test_languages_are_utf_8(self) -> None:
        client = offering(connected(), b"LANG", b"UTF8")
        number = client.lang()
        _, french, _ = told(client, "+OK\r\nfr Français\r\n.\r\n".encode())
        assert french == pop3.Language(number, "fr", "Français")

    def test_text_that_is_not_utf_8_loses_nothing(self) -> None:
        client = logged_in()
        client.noop()
        (completed,) = told(client, b"+OK caf\xe9\r\n")
        assert completed.text == "caf\udce9"
        assert completed.text_raw == b"caf\xe9"

    def test_deviations_are_told(self) -> None:
        client = logged_in()
        client.noop()
        assert [type(event) for event in told(client, b"+ok\n")] == [
            pop3.Completed,
            pop3.Quirk,
            pop3.Quirk,
        ]

    def test_line_that_is_too_long_is_told_and_skipped(self) -> None:
        client = logged_in(scratch=128)
        client.uidl()
        client.data_to_send()
        client.receive_data(b"+OK\r\n1 " + b"x" * 100)
        client.receive_data(b"x" * 100 + b"\r\n2 b\r\n.\r\n")
        _, oversize, listing, completed = client.events()
        assert oversize == pop3.Oversize("UIDL", 202)
        assert listing.uid == "b"
        assert completed.ok


class TestObjects:
    SAMPLES = (
        pop3.Greeting(ok=True, code=None, text="ready", timestamp="<a@b>"),
        pop3.Started(1, "RETR", 7, 120, "120 octets"),
        pop3.Capability(1, "SASL", ("PLAIN", "LOGIN")),
        pop3.ScanListing(1, 2, 2**40),
        pop3.UniqueId(1, 2, "uid\udce9"),
        pop3.DropListing(2, 320),
        pop3.Language(1, "fr", "Français"),
        pop3.Data(1, memoryview(b"octets")),
        pop3.Challenge(1, b"PDE4OTY+"),
        pop3.Completed(1, "STAT", 0, "ok", None, "2 320", pop3.DropListing(2, 320)),
        pop3.Completed(2, "UIDL", 3, "ok", "IN-USE", "", pop3.UniqueId(2, 3, "x")),
        pop3.Completed(2, "", 0, "err", None, "", None),
        pop3.Unrecognized(b"\xff"),
        pop3.Oversize(None, 9999),
        pop3.Quirk("bare-lf", 17),
        pop3.Login("mrose", "tanstaaf"),
        pop3.Apop("mrose", "c4c9334bac560ecc979e58001b3e22fb"),
        pop3.PasswordClaim("PLAIN", "", "mrose", "tanstaaf"),
        pop3.SecretClaim("SCRAM-SHA-256", "", "mrose"),
        pop3.TokenClaim("OAUTHBEARER", "mrose", "ya29.token"),
        pop3.ExternalClaim("EXTERNAL", "mrose"),
        pop3.AnonymousClaim("ANONYMOUS", "sirhc"),
        pop3.Authenticated("PLAIN", "mrose"),
        pop3.Cancelled(),
        pop3.StartTls(),
        pop3.Stat(),
        pop3.List(None),
        pop3.Uidl(3),
        pop3.Message(3, None),
        pop3.Lang("fr"),
        pop3.Update((1, 3)),
        pop3.Handled("CAPA"),
        pop3.Refused(None),
    )

    def test_every_class_has_a_sample(self) -> None:
        kinds = {type(sample) for sample in self.SAMPLES}
        assert kinds == set(pop3.Event.__args__ + pop3.Request.__args__) | {pop3.DropListing}

    @pytest.mark.parametrize("event", SAMPLES, ids=lambda event: type(event).__name__)
    def test_survives_pickling_and_copying(self, event: pop3.Event) -> None:
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
            again = pickle.loads(pickle.dumps(event, protocol))
            assert again == event
            assert type(again) is type(event)
            assert hash(again) == hash(event)
        assert copy.deepcopy(event) == event

    @pytest.mark.parametrize("event", SAMPLES, ids=lambda event: type(event).__name__)
    def test_is_frozen_and_slotted(self, event: pop3.Event) -> None:
        assert not hasattr(event, "__dict__")
        for name in (*type(event).__match_args__, "anything"):
            with pytest.raises(AttributeError):
                setattr(event, name, 1)

    @pytest.mark.parametrize("event", SAMPLES, ids=lambda event: type(event).__name__)
    def test_dictionary_has_every_attribute(self, event: pop3.Event) -> None:
        entries = event.to_dict()
        assert entries.pop("event") == type(event).__name__
        assert tuple(entries) == type(event).__match_args__

    def test_differs_from_all_others(self) -> None:
        assert len(set(self.SAMPLES)) == len(self.SAMPLES)
        for number, event in enumerate(self.SAMPLES):
            assert [other == event for other in self.SAMPLES].index(True) == number
            assert event != "event"

    def test_matches_by_position_and_by_name(self) -> None:
        match pop3.Completed(1, "STAT", 0, "ok", None, "", pop3.DropListing(2, 320)):
            case pop3.Completed(_, "STAT", value=pop3.DropListing(messages, octets)):
                assert (messages, octets) == (2, 320)
            case _:
                pytest.fail("did not match")

    def test_wrong_names_and_types_are_refused(self) -> None:
        with pytest.raises(ValueError, match="verb"):
            pop3.Handled("FROB")
        with pytest.raises(TypeError):
            pop3.ScanListing("1", 2, 3)  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            pop3.Completed(1, "STAT", 0, "ok", None, "", "value")  # type: ignore[arg-type]

    def test_dictionary_of_a_value_is_a_dictionary(self) -> None:
        completed = pop3.Completed(1, "STAT", 0, "ok", None, "", pop3.DropListing(2, 320))
        assert completed.to_dict()["value"] == {
            "event": "DropListing",
            "messages": 2,
            "octets": 320,
        }


class TestJoinedData:
    """`events` joins what the engine breaks at dropped dots; `next_event` does not."""

    def begun(self) -> pop3.Client:
        client = logged_in()
        client.retr(1)
        client.data_to_send()
        return client

    @pytest.mark.parametrize(
        ("block", "message"),
        [
            (b"one\r\n..two\r\n..\r\nthree\r\n", b"one\r\n.two\r\n.\r\nthree\r\n"),
            (b"..first\r\nsecond\r\n", b".first\r\nsecond\r\n"),
            (b"x\r\n.\rY\r\n..z\r\n", b"x\r\n\rY\r\n.z\r\n"),
            (b".\rY\r\n..z\r\n", b"\rY\r\n.z\r\n"),
        ],
    )
    def test_pieces_of_one_feed_are_one_event(self, block: bytes, message: bytes) -> None:
        client = self.begun()
        client.receive_data(b"+OK\r\n" + block + b".\r\n")
        kinds = client.events()
        assert [type(event) for event in kinds] == [pop3.Started, pop3.Data, pop3.Completed]
        data = kinds[1]
        assert isinstance(data, pop3.Data)
        assert bytes(data) == bytes(data.data) == message
        assert len(data) == len(message)

    def test_feeds_and_messages_stay_apart(self) -> None:
        client = offering(logged_in(), b"PIPELINING")
        first, second = client.retr(1), client.retr(2)
        client.data_to_send()
        client.receive_data(b"+OK\r\na\r\n..b\r\n")
        client.receive_data(b"..c\r\n.\r\n+OK\r\n..d\r\ne\r\n..f\r\n.\r\n")
        data = [event for event in client.events() if isinstance(event, pop3.Data)]
        assert [(event.command, bytes(event)) for event in data] == [
            (first, b"a\r\n.b\r\n"),
            (first, b".c\r\n"),
            (second, b".d\r\ne\r\n.f\r\n"),
        ]

    def test_data_before_an_error_are_told(self) -> None:
        client = self.begun()
        client.receive_data(b"+OK\r\na\r\n..b\r\n")
        client.receive_data(b"")
        assert [type(event) for event in client.events()] == [pop3.Started, pop3.Data]
        with pytest.raises(mailproto.ConnectionLost):
            client.events()

    def test_next_event_hands_over_the_pieces(self) -> None:
        client = self.begun()
        client.receive_data(b"+OK\r\na\r\n..b\r\n.\r\n")
        assert isinstance(client.next_event(), pop3.Started)
        pieces = [client.next_event(), client.next_event()]
        assert pieces == [pop3.Data(2, b"a\r\n"), pop3.Data(2, b".b\r\n")]


class TestData:
    def message(self, feed: object) -> list[pop3.Data]:
        client = logged_in()
        client.retr(1)
        client.data_to_send()
        client.receive_data(feed)  # type: ignore[arg-type]
        return [event for event in client.events() if isinstance(event, pop3.Data)]

    def pieces(self, feed: bytes) -> list[pop3.Data]:
        client = logged_in()
        client.retr(1)
        client.data_to_send()
        client.receive_data(feed)
        events = iter(client.next_event, NEED_DATA)
        return [event for event in events if isinstance(event, pop3.Data)]

    def test_is_a_view_of_the_very_bytes_that_were_fed(self) -> None:
        feed = b"+OK\r\nline\r\n..dot\r\n.\r\n"
        first, second = self.pieces(feed)
        assert first.data.obj is feed
        assert second.data.obj is feed
        assert (bytes(first.data), bytes(second.data)) == (b"line\r\n", b".dot\r\n")
        assert (len(first), bytes(first)) == (6, b"line\r\n")
        assert first.data.readonly

    @pytest.mark.parametrize("kind", [bytearray, memoryview])
    def test_of_a_buffer_that_may_change_is_a_copy(self, kind: type) -> None:
        octets = bytearray(b"+OK\r\nline\r\n.\r\n")
        (data,) = self.message(kind(octets))
        octets[:] = b"x" * len(octets)
        assert bytes(data.data) == b"line\r\n"
        assert data.data.readonly

    def test_octets_that_were_withheld_are_no_part_of_the_feed(self) -> None:
        # The CR behind a dropped dot may belong to the terminator.
        client = logged_in()
        client.retr(1)
        client.data_to_send()
        client.receive_data(b"+OK\r\n..\r")
        client.receive_data(b"x\r\n.\r\n")
        pieces = [bytes(e) for e in client.events() if isinstance(e, pop3.Data)]
        assert b"".join(pieces) == b".\rx\r\n"

    def test_reading_it_leaves_nothing_behind(self) -> None:
        first, second = self.pieces(b"+OK\r\n" + b"x" * 9000 + b"\r\n..dot\r\n.\r\n")
        tracemalloc.start()
        try:
            for _ in range(10):
                len(second.data), first.data, repr(first), hash(first), first.to_dict()
            before, _ = tracemalloc.get_traced_memory()
            for _ in range(1000):
                len(second.data), first.data, repr(first), hash(first), first.to_dict()
            after, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert after - before < 4096

    def test_shows_its_length_only(self) -> None:
        assert repr(pop3.Data(3, b"secret")) == "Data(command=3, data=<6 octets>)"


class TestMisuse:
    """Each misuse raises its own error, sends nothing and leaves the session usable."""

    @pytest.mark.parametrize(
        ("call", "kind", "reason"),
        [
            (lambda c: c.retr(0), mailproto.InvalidArgument, "message-number"),
            (lambda c: c.retr(-1), mailproto.InvalidArgument, "message-number"),
            (lambda c: c.retr(2**32), mailproto.InvalidArgument, "message-number"),
            (lambda c: c.raw("XTND\r\nDELE 1"), mailproto.InvalidArgument, "forbidden-octet"),
            (lambda c: c.raw(b"XTND\0"), mailproto.InvalidArgument, "forbidden-octet"),
            (lambda c: c.raw("x" * 254), mailproto.InvalidArgument, "too-long"),
            (lambda c: c.user("mrose"), mailproto.WrongState, "wrong-state"),
            (lambda c: c.stls(), mailproto.WrongState, "wrong-state"),
            (lambda c: c.tls_established(), mailproto.WrongState, "wrong-state"),
            (lambda c: c.auth(pop3.Password("a", "b")), mailproto.WrongState, "wrong-state"),
        ],
    )
    def test_after_login(self, call, kind, reason) -> None:
        client = logged_in()
        client.data_to_send()
        with pytest.raises(kind) as caught:
            call(client)
        assert isinstance(caught.value, mailproto.LocalProtocolError)
        assert caught.value.reason == reason
        assert client.data_to_send() == b""
        assert client.idle
        client.noop()
        assert client.data_to_send() == b"NOOP\r\n"

    @pytest.mark.parametrize(
        ("call", "kind", "reason"),
        [
            (lambda c: c.stat(), mailproto.WrongState, "wrong-state"),
            (lambda c: c.user("a\nb"), mailproto.InvalidArgument, "forbidden-octet"),
            (lambda c: c.login("a", "b\r\nDELE 1"), mailproto.InvalidArgument, "forbidden-octet"),
            (lambda c: c.pass_("b"), mailproto.WrongState, "wrong-state"),
            (lambda c: c.apop("mrose", "tanstaaf"), mailproto.NotOffered, "not-offered"),
            (lambda c: c.auth(pop3.Password("a", "b")), mailproto.NotOffered, "not-offered"),
            (lambda c: c.auth(pop3.Token("a", "b"), "PLAIN"), mailproto.MechanismRefused, "sasl"),
            (lambda c: c.auth(pop3.Password("a", "b"), "X"), mailproto.MechanismRefused, "sasl"),
            (
                lambda c: c.auth(pop3.Password("a", ""), "PLAIN"),
                mailproto.MechanismRefused,
                "sasl",
            ),
        ],
    )
    def test_before_login(self, call, kind, reason) -> None:
        client = connected()
        with pytest.raises(kind) as caught:
            call(client)
        assert caught.value.reason == reason
        assert client.data_to_send() == b""
        assert (client.idle, client.in_flight) == (True, 0)

    def test_in_the_clear_no_credentials_are_sent(self) -> None:
        client = pop3.Client()
        client.receive_data(b"+OK ready\r\n")
        client.events()
        offering(client, b"STLS", b"USER", b"SASL PLAIN SCRAM-SHA-256")
        assert not client.may_send_credentials
        for call in (
            lambda: client.user("a"),
            lambda: client.login("a", "b"),
            lambda: client.auth(pop3.Password("a", "b")),
            lambda: client.auth(pop3.Password("a", "b"), "PLAIN"),
        ):
            with pytest.raises(mailproto.InsecureChannel):
                call()
        assert client.data_to_send() == b""

    def test_full_pipeline_takes_no_more_until_a_reply_comes(self) -> None:
        client = offering(logged_in(), b"PIPELINING")
        for number in range(1, 257):
            client.retr(number)
        with pytest.raises(mailproto.PipelineFull):
            client.noop()
        assert client.in_flight == 256
        client.data_to_send()
        client.receive_data(b"-ERR no such message\r\n")
        client.events()
        client.noop()
        assert client.in_flight == 256

    def test_arguments_of_other_types_are_refused(self) -> None:
        client = logged_in()
        for call in (
            lambda: client.retr("1"),  # type: ignore[arg-type]
            lambda: client.raw(1),  # type: ignore[arg-type]
            lambda: client.receive_data("text"),  # type: ignore[arg-type]
            lambda: client.auth("mrose"),  # type: ignore[arg-type]
        ):
            with pytest.raises(TypeError):
                call()
        with pytest.raises(ValueError, match="security"):
            pop3.Client(security="none")  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="reply_timeout"):
            pop3.Client(reply_timeout=-1)

    def test_after_the_end_every_command_is_refused(self) -> None:
        client = logged_in()
        client.quit()
        told(client, b"+OK\r\n")
        with pytest.raises(mailproto.WrongState) as caught:
            client.noop()
        assert caught.value.reason == "closed"


class TestPeer:
    def test_wrong_protocol_is_the_servers_fault(self) -> None:
        client = pop3.Client()
        client.receive_data(b"220 smtp.example ESMTP\r\n")
        with pytest.raises(mailproto.RemoteProtocolError) as caught:
            client.events()
        assert (caught.value.violation, caught.value.offset) == ("bad-greeting", 0)
        assert client.state == "closed"

    def test_events_before_an_error_are_not_lost(self) -> None:
        client = logged_in()
        client.noop()
        client.data_to_send()
        client.receive_data(b"+OK\r\n+OK one too many\r\n")
        (completed,) = client.events()
        assert completed.ok
        for _ in range(2):
            with pytest.raises(mailproto.RemoteProtocolError) as caught:
                client.events()
            assert caught.value.violation == "unsolicited-reply"

    def test_strict_client_ends_at_a_deviation(self) -> None:
        client = logged_in(strict=True)
        client.noop()
        client.data_to_send()
        client.receive_data(b"+OK\n")
        with pytest.raises(mailproto.RemoteProtocolError) as caught:
            client.events()
        assert caught.value.violation == "bare-lf"

    def test_plaintext_behind_stls_is_an_attack(self) -> None:
        client = self.asking_for_tls()
        client.receive_data(b"+OK\r\n+OK injected\r\n")
        with pytest.raises(mailproto.SecurityError) as caught:
            client.events()
        assert caught.value.violation == "plaintext-after-stls"

    def test_plaintext_that_comes_before_the_handshake_is_an_attack(self) -> None:
        client = self.asking_for_tls()
        client.receive_data(b"+OK\r\n")
        assert len(client.events()) == 1
        client.receive_data(b"+OK injected\r\n")
        with pytest.raises(mailproto.SecurityError):
            client.events()

    def asking_for_tls(self) -> pop3.Client:
        client = pop3.Client()
        client.receive_data(b"+OK ready\r\n")
        client.events()
        client.stls()
        client.data_to_send()
        return client

    def test_plaintext_that_was_fed_but_not_looked_at_is_not_taken_for_tls(self) -> None:
        client = self.asking_for_tls()
        client.receive_data(b"+OK\r\n")
        client.next_event()
        client.receive_data(b"+OK injected\r\n")
        with pytest.raises(mailproto.SecurityError):
            client.tls_established()

    def test_stls_makes_the_channel_private_and_forgets_what_was_offered(self) -> None:
        client = pop3.Client()
        client.receive_data(b"+OK ready\r\n")
        client.events()
        offering(client, b"STLS", b"X-INJECTED")
        client.stls()
        told(client, b"+OK begin TLS\r\n")
        assert client.state == "handshake"
        client.tls_established()
        assert client.may_send_credentials
        assert client.capabilities == frozenset()

    def test_refusal_of_stls_is_a_security_error(self) -> None:
        client = pop3.Client()
        client.receive_data(b"+OK ready\r\n")
        client.events()
        client.stls()
        client.data_to_send()
        client.receive_data(b"-ERR no TLS here\r\n")
        with pytest.raises(mailproto.SecurityError) as caught:
            client.events()
        assert caught.value.violation == "stls-refused"

    def test_end_in_mid_message_is_the_networks_fault(self) -> None:
        client = logged_in()
        client.retr(1)
        told(client, b"+OK\r\nhalf")
        client.receive_data(b"")
        with pytest.raises(mailproto.ConnectionLost) as caught:
            client.next_event()
        assert isinstance(caught.value, ConnectionError)

    def test_silence_is_a_timeout(self) -> None:
        client = logged_in(reply_timeout=30)
        client.tick(1e6)
        assert client.deadline() is None
        client.noop()
        client.data_to_send()
        client.tick(1e6 + 1)
        assert client.deadline() == pytest.approx(1e6 + 31)
        client.tick(1e6 + 30.5)
        with pytest.raises(mailproto.Timeout) as caught:
            client.tick(1e6 + 31)
        assert isinstance(caught.value, TimeoutError)

    def test_refused_user_keeps_the_password_at_home(self) -> None:
        client = connected()
        number = client.login("mrose", "tanstaaf")
        assert client.data_to_send() == b"USER mrose\r\n"
        client.receive_data(b"-ERR never heard of mrose\r\n")
        user, password = client.events()
        assert (user.verb, user.status) == ("USER", "err")
        assert (password.command, password.status) == (number, "not-sent")
        assert client.data_to_send() == b""
        assert client.in_flight == 0


class TestSasl:
    def test_apop_of_rfc_1939(self) -> None:
        client = connected(apop=True)
        client.apop("mrose", "tanstaaf")
        assert client.data_to_send() == b"APOP mrose c4c9334bac560ecc979e58001b3e22fb\r\n"

    def test_plain_of_rfc_5034(self) -> None:
        client = offering(connected(), b"SASL PLAIN")
        client.auth(pop3.Password("test", "test", authzid="test"))
        assert client.data_to_send() == b"AUTH PLAIN dGVzdAB0ZXN0AHRlc3Q=\r\n"
        client.receive_data(b"+OK Maildrop locked and ready\r\n")
        (completed,) = client.events()
        assert (completed.verb, client.state) == ("AUTH", "transaction")

    def test_cram_md5_of_rfc_2195(self) -> None:
        client = offering(connected(), b"SASL CRAM-MD5")
        number = client.auth(pop3.Password("tim", "tanstaaftanstaaf"))
        assert client.data_to_send() == b"AUTH CRAM-MD5\r\n"
        client.receive_data(b"+ PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+\r\n")
        (challenge,) = client.events()
        assert challenge == pop3.Challenge(number, b"<1896.697170952@postoffice.reston.mci.net>")
        assert client.data_to_send() == b"dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw\r\n"

    def test_strongest_offered_mechanism_is_chosen(self) -> None:
        client = offering(connected(), b"SASL PLAIN LOGIN SCRAM-SHA-256 CRAM-MD5")
        client.auth(pop3.Password("mrose", "tanstaaf"))
        assert client.data_to_send().startswith(b"AUTH SCRAM-SHA-256 ")

    def test_impostor_is_a_security_error(self) -> None:
        client = offering(connected(), b"SASL SCRAM-SHA-256")
        client.auth(pop3.Password("user", "pencil"))
        client.data_to_send()
        # A nonce that does not begin with ours (RFC 5802 §5): r=x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096
        client.receive_data(b"+ cj14LHM9VzIyWmFKMFNOWTdzb0VzVUVqYjZnUT09LGk9NDA5Ng==\r\n")
        assert [type(event) for event in client.events()] == [pop3.Challenge]
        for _ in range(2):
            with pytest.raises(mailproto.SecurityError) as caught:
                client.events()
            assert caught.value.violation == "server-not-authenticated"
        assert client.data_to_send() == b"*\r\n"
        assert client.sasl_failure is not None

    def test_challenge_out_of_place_cancels_the_exchange(self) -> None:
        client = offering(connected(), b"SASL PLAIN")
        client.auth(pop3.Password("test", "test"))
        told(client, b"+ d2hhdD8=\r\n")
        assert client.data_to_send() == b"*\r\n"
        client.receive_data(b"-ERR cancelled\r\n")
        (completed,) = client.events()
        assert (completed.verb, completed.status) == ("AUTH", "err")
        assert type(mailproto.CommandError.from_completed(completed)) is (
            mailproto.AuthenticationError
        )


SECRET = "tanstaaf"


@pytest.mark.parametrize(
    "credentials",
    [
        pop3.Password("mrose", SECRET),
        pop3.Token("mrose", SECRET, host="pop.example", port=995),
    ],
)
def test_credentials_hide_their_secret(credentials: pop3.Credentials) -> None:
    assert SECRET not in repr(credentials)
    assert "mrose" in repr(credentials)
    for name in dir(credentials):
        if not name.startswith("_"):
            assert getattr(credentials, name) != SECRET
    with pytest.raises(TypeError):
        pickle.dumps(credentials)


@pytest.mark.parametrize(
    "event",
    [
        pop3.Login("mrose", SECRET),
        pop3.Apop("mrose", SECRET),
        pop3.PasswordClaim("PLAIN", "", "mrose", SECRET),
        pop3.TokenClaim("XOAUTH2", "mrose", SECRET),
        pop3.Challenge(1, SECRET.encode()),
        pop3.Data(1, SECRET.encode()),
    ],
)
def test_no_repr_shows_a_secret(event: pop3.Event | pop3.Request) -> None:
    assert SECRET not in repr(event)


def test_errors_carry_no_secret() -> None:
    client = connected()
    for call in (
        lambda: client.login("mrose", SECRET + "\r\n"),
        lambda: client.auth(pop3.Password("mrose", SECRET + "\0"), "PLAIN"),
    ):
        with pytest.raises(mailproto.MailError) as caught:
            call()
        assert SECRET not in f"{caught.value!r}{caught.value}{vars(caught.value)}"


@pytest.mark.parametrize(
    "error",
    [
        mailproto.InvalidArgument("empty", "argument is empty"),
        mailproto.RemoteProtocolError("bad-greeting", 3, "no greeting"),
        mailproto.SecurityError("stls-refused", 17),
        mailproto.LimitExceeded("too small", 512),
        mailproto.Throttled("PASS", "err", "LOGIN-DELAY", "wait"),
        mailproto.ConnectionLost("lost", 5),
        mailproto.Timeout(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_survive_pickling(error: mailproto.MailError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert (str(again), vars(again)) == (str(error), vars(error))
