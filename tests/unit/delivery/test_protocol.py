"""What we say and what we take a server's words for; no sockets."""

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from letters import PlainComposer, recipient

from publisher.delivery.envelope import Offers, address, utf8_xtext, wire_address, xtext
from publisher.delivery.models import Claim, Job, Letter, Recipient, Reply, Stage
from publisher.delivery.protocol import Answer, Conversation, GoAhead, Lost, Over, Say
from publisher.delivery.replies import LIMIT, GarbageError, Replies

CHAINED = Offers(pipelining=True)
OK = b"250 ok\r\n"


def job(number=1, **changes):
    reader = changes.pop("recipient", None) or recipient(number)
    letter = PlainComposer().compose(reader)
    fields = asdict(letter) | changes
    return Job(Claim(number, reader), Letter(**fields))


def test_an_envelope_goes_in_one_group_and_the_body_only_after_its_own_354() -> None:
    """RFC 2920: MAIL, RCPT and DATA together; then we wait."""
    talk, first = Conversation(CHAINED), job()
    assert talk.begin(first) == [
        Say(b"MAIL FROM:<b+1@bounce.letter.example>\r\nRCPT TO:<reader1@readers.example>\r\nDATA\r\n")
    ]
    assert talk.hear(OK + OK) == []
    assert talk.hear(b"354 go\r\n") == [GoAhead(first)]
    assert not talk.idle


def test_the_next_envelope_rides_behind_the_body() -> None:
    """One round trip a letter: answer to the dot, and the next 354, come back together."""
    talk, first, second = Conversation(CHAINED), job(1), job(2)
    talk.begin(first)
    talk.hear(OK + OK + b"354 go\r\n")
    assert b"".join(talk.body(first)) == b"".join(first.letter.chunks) + b".\r\n"
    talk.begin(second)
    answer = Answer(first, Stage.DOT, Reply(250, "queued"))
    assert talk.hear(b"250 queued\r\n" + OK + OK + b"354 go\r\n") == [answer, GoAhead(second)]


def test_a_body_without_its_354_is_refused() -> None:
    """The rule that keeps intents before bodies cannot be broken by a caller's mistake."""
    talk, first, second = Conversation(CHAINED), job(1), job(2)
    talk.begin(first)
    with pytest.raises(RuntimeError):
        talk.body(first)
    talk.hear(OK + OK + b"354 go\r\n")
    with pytest.raises(RuntimeError):
        talk.body(second)


def test_without_pipelining_each_command_waits_for_its_reply() -> None:
    """The plain four steps."""
    talk, first = Conversation(Offers()), job()
    assert talk.begin(first) == [Say(b"MAIL FROM:<b+1@bounce.letter.example>\r\n")]
    assert talk.hear(OK) == [Say(b"RCPT TO:<reader1@readers.example>\r\n")]
    assert talk.hear(OK) == [Say(b"DATA\r\n")]
    assert talk.hear(b"354 go\r\n") == [GoAhead(first)]


def test_a_refused_recipient_that_is_followed_by_354_gets_a_lone_dot() -> None:
    """RFC 2920 sec. 3.1: the server may say 354 all the same; it must not get a letter."""
    talk, first = Conversation(CHAINED), job()
    talk.begin(first)
    assert talk.hear(OK + b"550 5.1.1 no\r\n" + b"354 go\r\n") == [Say(b".\r\n")]
    assert talk.hear(b"554 nobody\r\n") == [Answer(first, Stage.RCPT, Reply(550, "5.1.1 no"))]


def test_after_a_refusal_the_next_envelope_starts_with_rset() -> None:
    """Otherwise the server would call the next MAIL nested."""
    talk, first, second = Conversation(CHAINED), job(1), job(2)
    talk.begin(first)
    assert talk.hear(OK + b"550 no\r\n" + b"503 no recipients\r\n")[0].stage is Stage.RCPT
    [say] = talk.begin(second)
    assert say.data.startswith(b"RSET\r\nMAIL FROM:")


def test_without_pipelining_rset_waits_for_its_reply_too() -> None:
    """Two commands in one write might lose the second."""
    talk, first, second = Conversation(Offers()), job(1), job(2)
    talk.begin(first)
    talk.hear(OK)
    talk.hear(b"550 no\r\n")
    assert talk.begin(second) == [Say(b"RSET\r\n")]
    assert talk.hear(OK) == [Say(b"MAIL FROM:<b+2@bounce.letter.example>\r\n")]


def test_a_refused_rset_ends_the_conversation_and_the_letter_behind_it_is_not_in_doubt() -> None:
    """Nothing of it has left."""
    talk, first, second = Conversation(Offers()), job(1), job(2)
    talk.begin(first)
    talk.hear(OK)
    talk.hear(b"550 no\r\n")
    talk.begin(second)
    assert isinstance(talk.hear(b"500 what\r\n")[-1], Over)
    assert talk.leave() == [Lost(second, in_doubt=False)]


@pytest.mark.parametrize("pipelining", [True, False])
def test_bdat_says_how_long_the_letter_is_and_waits_for_no_354(pipelining) -> None:
    """RFC 3030: the recipient's 250 is the go-ahead, and the letter goes with its command in one write."""
    talk, first = Conversation(Offers(pipelining, chunking=True), bdat=True), job()
    talk.begin(first)
    talk.hear(OK)
    assert talk.hear(OK) == [GoAhead(first)]
    letter = b"".join(first.letter.chunks)
    assert b"".join(talk.body(first)) == b"BDAT %d LAST\r\n" % len(letter) + letter
    assert talk.hear(b"250 queued\r\n") == [Answer(first, Stage.DOT, Reply(250, "queued"))]


def test_behind_a_bdat_comes_rset_because_a_refusal_may_leave_its_transaction_open() -> None:
    """A nested MAIL would be refused, and that refusal would stop the run."""
    talk, first, second = Conversation(Offers(True, chunking=True), bdat=True), job(1), job(2)
    talk.begin(first)
    talk.hear(OK + OK)
    talk.body(first)
    [say] = talk.begin(second)
    assert say.data.startswith(b"RSET\r\nMAIL FROM:")
    assert say.data.endswith(b"RCPT TO:<reader2@readers.example>\r\n")
    refused = Answer(first, Stage.DOT, Reply(552, "too big"))
    assert talk.hear(b"552 too big\r\n" + OK + OK + OK) == [refused, GoAhead(second)]


@pytest.mark.parametrize(("offers", "bdat"), [(Offers(True, chunking=True), False), (Offers(True), True)])
def test_bdat_is_used_only_if_asked_for_and_offered(offers, bdat) -> None:
    """DATA is what every server has."""
    [say] = Conversation(offers, bdat=bdat).begin(job())
    assert say.data.endswith(b"DATA\r\n")


def test_421_settles_the_letter_and_ends_the_conversation() -> None:
    """What else was under way is lost without doubt."""
    talk, first, second = Conversation(CHAINED), job(1), job(2)
    talk.begin(first)
    talk.hear(OK + OK + b"354 go\r\n")
    talk.body(first)
    talk.begin(second)
    answer, over = talk.hear(b"421 4.3.2 closing\r\n")
    assert (answer.job, answer.stage, answer.reply.code) == (first, Stage.DOT, 421)
    assert isinstance(over, Over)
    assert talk.leave() == [Lost(second, in_doubt=False)]


def test_only_a_letter_whose_dot_may_have_left_is_in_doubt() -> None:
    """The envelope behind it is simply not delivered."""
    talk, first, second = Conversation(CHAINED), job(1), job(2)
    talk.begin(first)
    talk.hear(OK + OK + b"354 go\r\n")
    talk.body(first)
    talk.begin(second)
    assert talk.leave() == [Lost(first, in_doubt=True), Lost(second, in_doubt=False)]
    assert talk.leave() == []


def test_a_body_that_never_left_our_memory_is_not_in_doubt() -> None:
    """The dot was not handed to the system."""
    talk, first = Conversation(CHAINED), job(1)
    talk.begin(first)
    talk.hear(OK + OK + b"354 go\r\n")
    talk.body(first)
    assert talk.leave(body_unsent=True) == [Lost(first, in_doubt=False)]


def test_a_reply_before_garbage_still_counts() -> None:
    """The letter was taken; only what follows is not to be trusted."""
    talk, first = Conversation(CHAINED), job()
    talk.begin(first)
    talk.hear(OK + OK + b"354 go\r\n")
    talk.body(first)
    answer, over = talk.hear(b"250 queued\r\nHTTP/1.1 400\r\n")
    assert answer == Answer(first, Stage.DOT, Reply(250, "queued"))
    assert isinstance(over, Over)


@pytest.mark.parametrize("words", [b"250 surprise\r\n", b"354 go\r\n", b"421 idle\r\n"])
def test_words_that_were_not_asked_for_end_the_conversation(words) -> None:
    """Out of step is out of trust."""
    [over] = Conversation(CHAINED).hear(words)
    assert isinstance(over, Over)


class Player:
    """Plays a line's part: sends bodies when asked, chains one envelope, notes what is settled."""

    def __init__(self, pipelining, bdat) -> None:
        self.talk = Conversation(Offers(pipelining=pipelining, chunking=True), bdat=bdat)
        self.settled, self.begun, self.bodies, self.promised, self.over = [], [], [], None, False
        self.begin(job(1))

    def begin(self, letter) -> None:
        self.begun.append(letter)
        self.note(self.talk.begin(letter))

    def hear(self, code) -> None:
        if self.over:
            return
        self.note(self.talk.hear(b"%d words\r\n" % code))
        if self.promised and not self.over:
            self.bodies.append(self.promised)
            self.talk.body(self.promised)
            self.promised = None
            if self.talk.offers.pipelining and len(self.begun) == 1:
                self.begin(job(2))

    def note(self, events) -> None:
        self.settled += [event for event in events if isinstance(event, Answer | Lost)]
        self.over = self.over or any(isinstance(event, Over) for event in events)
        self.promised = next((event.job for event in events if isinstance(event, GoAhead)), self.promised)


@given(
    st.lists(st.sampled_from([200, 250, 354, 421, 450, 550, 599]), max_size=12), st.booleans(), st.booleans()
)
def test_whatever_a_server_says_each_letter_is_settled_exactly_once(codes, pipelining, bdat) -> None:
    """Never twice, never not at all, and an answer to the dot only for a body that left."""
    player = Player(pipelining, bdat)
    for code in codes:
        player.hear(code)
    player.note(player.talk.leave())
    settled = [event.job for event in player.settled] + [player.promised] * bool(player.promised)
    assert sorted(j.recipient.id for j in settled) == [j.recipient.id for j in player.begun]
    answered = [e.job for e in player.settled if isinstance(e, Answer) and e.stage is Stage.DOT]
    assert all(letter in player.bodies for letter in answered)


def test_parameters_are_used_only_where_they_are_offered() -> None:
    """SIZE, DSN, 8BITMIME and SMTPUTF8 as the server's EHLO says."""
    everything = Offers(True, 10**6, dsn=True, smtputf8=True, eight_bit=True)
    reader = Recipient(1, "жаннат@readers.example")
    envelope = address(job(recipient=reader, size=99), everything, ask_dsn=True)
    assert envelope.mail.decode() == (
        "MAIL FROM:<b+1@bounce.letter.example> SIZE=99 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=i.1@letter.example\r\n"
    )
    assert envelope.rcpt.decode().endswith(
        r" NOTIFY=FAILURE,DELAY ORCPT=utf-8;\x{436}\x{430}\x{43D}\x{43D}\x{430}\x{442}@readers.example"
        "\r\n"
    )
    bare = address(job(), Offers(), ask_dsn=True)
    assert (bare.mail, bare.rcpt) == (
        b"MAIL FROM:<b+1@bounce.letter.example>\r\n",
        b"RCPT TO:<reader1@readers.example>\r\n",
    )


@pytest.mark.parametrize(
    ("changes", "offers", "code"),
    [
        ({"recipient": Recipient(1, "ж@readers.example")}, Offers(), "5.6.7"),
        ({"needs_smtputf8": True}, Offers(), "5.6.7"),
        ({"size": 101}, Offers(size=100), "5.3.4"),
        ({"recipient": Recipient(1, "a@b.example>\r\nRCPT TO:<evil@x.example")}, Offers(), "5.1.3"),
        ({"sender": "x\n@y.example"}, Offers(), "5.1.3"),
    ],
)
def test_what_cannot_be_said_is_refused_here(changes, offers, code) -> None:
    """With the reply a server would give, and without a byte on the wire."""
    [answer] = Conversation(offers).begin(job(**changes))
    assert answer.reply.enhanced == code


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("reader@bücher.example", "reader@xn--bcher-kva.example"),
        ('"two words"@readers.example', '"two words"@readers.example'),
        ('"a>b"@readers.example', '"a>b"@readers.example'),
        ("two words@readers.example", None),
        ("a>b@readers.example", None),
        ("nobody", None),
        ("@readers.example", None),
        ("a@", None),
        ("a@b\r\n.example", None),
        ('"a\r\nb"@readers.example', None),
    ],
)
def test_an_address_is_written_safely_or_not_at_all(written, expected) -> None:
    """IDN as A-labels; nothing that could end the command early."""
    assert wire_address(written) == expected


@given(st.text(max_size=60))
def test_no_address_ever_breaks_out_of_its_command(text) -> None:
    """One line, one command, whatever somebody typed into a form."""
    envelope = address(job(recipient=Recipient(1, text)), Offers(smtputf8=True), ask_dsn=False)
    if not isinstance(envelope, Reply):
        assert envelope.rcpt.count(b"\n") == envelope.rcpt.count(b"\r") == 1


def test_xtext_encodes_what_rfc_3461_asks_for() -> None:
    """Plus and equals above all."""
    assert xtext("a+b=c d") == "a+2Bb+3Dc+20d"


@pytest.mark.parametrize(
    ("typed", "written"), [("ж+a@b.example", r"\x{436}\x{2B}a@b.example"), ("𐍈\\=", r"\x{10348}\x{5C}\x{3D}")]
)
def test_an_address_beyond_ascii_is_encoded_as_rfc_6533_asks_for(typed, written) -> None:
    """A server that decodes two digits would report about another address, or refuse the reader."""
    assert utf8_xtext(typed) == written


@pytest.mark.parametrize(
    ("said", "size"), [("1000", 1000), (" 0 ", 0), ("", 0), ("x", 0), ("²", 0), ("-1", 0), ("9" * 5000, 0)]
)
def test_a_size_that_is_no_number_is_no_limit(said, size) -> None:
    """Whatever a server writes after SIZE, the run goes on."""
    assert Offers.of({"size": said}).size == size


@pytest.mark.parametrize("cut", range(1, 30))
def test_replies_may_arrive_in_any_pieces(cut) -> None:
    """Split anywhere, they read the same; several lines become one."""
    data, replies = b"250-first\r\n250 second\r\n354 go\r\n", Replies()
    heard = [*replies.feed(data[:cut]), *replies.feed(data[cut:])]
    assert heard == [Reply(250, "first second"), Reply(354, "go")]


@pytest.mark.parametrize(
    "line",
    [
        b"550-no\r\n250 yes\r\n",
        b"250-yes\r\n550 no\r\n",
        b"\x00\xff\r\n",
        b"HTTP/1.1 200\r\n",
        b"999 x\r\n",
        b"25\r\n",
        b"250_x\r\n",
        b"\r\n",
    ],
)
def test_what_is_no_reply_is_garbage(line) -> None:
    """Nothing is guessed."""
    with pytest.raises(GarbageError):
        list(Replies().feed(line))


def test_a_reply_that_does_not_end_is_garbage() -> None:
    """64 KB are enough for anybody."""
    with pytest.raises(GarbageError):
        list(Replies().feed(b"250-and so on and so on\r\n" * LIMIT))
