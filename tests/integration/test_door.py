"""The public door over a real database: coming, confirming, choosing and leaving."""

from datetime import timedelta
from pathlib import Path

import pytest
from doors import Browser, TestDoor, everything
from sqlalchemy import Engine, event

from publisher.database import writing
from publisher.errors import UnavailableError
from publisher.subscribers.addresses import parse_address
from publisher.subscribers.letters import Letter
from publisher.subscribers.models import State
from publisher.subscribers.settings import SubscriberSettings
from publisher.subscribers.signup import SignUps, Wish
from publisher.subscribers.tables import subscribers
from publisher.subscribers.tokens import Purpose

NEW = "new@example.org"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def door(engine: Engine, tmp_path: Path) -> TestDoor:
    """A door that nobody has come through yet."""
    return TestDoor(engine, tmp_path)


def ask(door: TestDoor, address: str, client: Browser | None = None, **fields: str):
    """Fill in an embedded form."""
    return (client or door.client).post("/subscribe", data={"email": address, **fields})


def test_a_reader_comes_confirms_and_leaves(door: TestDoor) -> None:
    """The whole way: form, letter, page, button, record with source and consent, and out again."""
    assert ask(door, NEW).status_code == 200
    (letter,) = door.carry()
    assert letter.recipient == NEW
    assert door.state_of(NEW) is State.PENDING
    assert door.client.get(door.mailer.link()).status_code == 200
    assert door.state_of(NEW) is State.PENDING
    assert door.client.post(door.mailer.link()).status_code == 200
    assert door.state_of(NEW) is State.ACTIVE
    reader = door.store.find(NEW)
    assert reader
    leave = door.store.keyring.sign(Purpose.UNSUBSCRIBE, reader.id)
    assert door.client.post(f"/unsubscribe/{leave}", data=ONE_CLICK).status_code == 200
    told = [(move.after, move.cause.source, move.cause.consent) for move in door.store.record(reader.id)]
    assert told == [
        (State.PENDING, "form", "1"),
        (State.ACTIVE, "confirmation", "1"),
        (State.LEFT, "link", ""),
    ]


def test_a_confirmation_works_until_it_expires_and_as_often_as_one_likes(door: TestDoor) -> None:
    """A second click says the same; after seven days the page says that the link has expired."""
    ask(door, NEW)
    door.carry()
    link = door.mailer.link()
    assert [door.client.post(link).status_code for _ in range(3)] == [200, 200, 200]
    door.clock.turn(days=7, seconds=1)
    assert (door.client.get(link).status_code, door.client.post(link).status_code) == (410, 410)
    assert door.state_of(NEW) is State.ACTIVE


def test_an_old_confirmation_does_not_undo_a_leave(door: TestDoor) -> None:
    """Who left comes back by a new letter only."""
    ask(door, NEW)
    door.carry()
    old = door.mailer.link()
    door.client.post(old)
    door.clock.turn(minutes=5)
    reader = door.store.find(NEW)
    assert reader
    door.client.post(
        f"/unsubscribe/{door.store.keyring.sign(Purpose.UNSUBSCRIBE, reader.id)}", data=ONE_CLICK
    )
    assert door.client.post(old).status_code == 410
    door.clock.turn(minutes=5)
    ask(door, NEW)
    door.carry()
    assert door.state_of(NEW) is State.LEFT
    assert door.client.post(door.mailer.link()).status_code == 200
    assert door.state_of(NEW) is State.ACTIVE


@pytest.mark.parametrize("state", [State.ACTIVE, State.PENDING, State.BOUNCED])
def test_one_click_works_urlencoded_and_multipart_and_twice(door: TestDoor, state: State) -> None:
    """RFC 8058: no cookie, no redirect, no matter which encoding, and 200 when already gone."""
    reader = door.reader(NEW, state)
    path = f"/unsubscribe/{door.store.keyring.sign(Purpose.UNSUBSCRIBE, reader.id)}"
    answers = [
        door.client.post(path, files={"List-Unsubscribe": (None, "One-Click")}),
        door.client.post(path, data=ONE_CLICK),
        door.client.post(path, data=ONE_CLICK),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert [answer.headers.get("set-cookie") for answer in answers] == [None, None, None]
    assert door.state_of(NEW) is State.LEFT


def test_leaving_works_after_erasure_and_after_a_complaint(door: TestDoor) -> None:
    """The link in an old letter never fails its reader, whatever happened since."""
    for address, state in {"a@b.org": State.ERASED, "c@d.org": State.COMPLAINED}.items():
        reader = door.reader(address, state)
        path = f"/unsubscribe/{door.store.keyring.sign(Purpose.UNSUBSCRIBE, reader.id)}"
        assert door.client.get(path).status_code == 200
        assert door.client.post(path, data=ONE_CLICK).status_code == 200
        unchanged = door.store.get(reader.id)
        assert unchanged
        assert unchanged.state is state


def test_who_chose_only_what_is_closed_sees_that_everything_comes(door: TestDoor) -> None:
    """The page shows what is sent: a choice of closed sections, or of an old program's tags, counts as none."""
    reader = door.reader("a@b.org")
    path = f"/preferences/{door.store.keyring.sign(Purpose.PREFERENCES, reader.id)}"
    door.store.prefer(reader.id, ["closed"])
    assert door.client.get(path).text.count(" checked") == len(door.door.settings.publication.sections)
    first = door.door.settings.publication.sections[0].id
    door.store.prefer(reader.id, ["closed", first])
    assert door.client.get(path).text.count(" checked") == 1


def test_preferences_are_kept_and_all_is_the_same_as_none(door: TestDoor) -> None:
    """A reader chooses sections; the audience of a section follows."""
    reader = door.reader(NEW)
    path = f"/preferences/{door.store.keyring.sign(Purpose.PREFERENCES, reader.id)}"
    assert "n•••@example.org" in door.client.get(path).text
    saved = door.client.post(path, data={"topic": ["nature", "forged"]})
    assert (saved.status_code, "Saved." in saved.text) == (200, True)
    assert [list(door.store.active("economy")), len(list(door.store.active("nature")))] == [[], 1]
    door.client.post(path, data={"topic": ["nature", "economy"]})
    assert len(list(door.store.active("economy"))) == 1


def test_a_scanner_that_opens_every_link_changes_nothing(door: TestDoor) -> None:
    """GET, HEAD and OPTIONS of every address in the letters leave every row as it was."""
    ring, paths = door.store.keyring, ["/subscribe", "/health"]
    for number, state in enumerate([*State, State.ACTIVE] * 3):
        reader = door.reader(f"r{number}@b.org", state)
        paths += [
            f"/confirm/{ring.sign(Purpose.CONFIRM, reader.id, door.clock())}",
            f"/unsubscribe/{ring.sign(Purpose.UNSUBSCRIBE, reader.id)}",
            f"/preferences/{ring.sign(Purpose.PREFERENCES, reader.id)}",
        ]
    before = everything(door.store.engine)
    for path in paths:
        for method in ("GET", "HEAD", "OPTIONS"):
            assert door.client.request(method, path).status_code < 500
    assert everything(door.store.engine) == before


@pytest.mark.parametrize("route", ["confirm", "unsubscribe", "preferences"])
def test_a_token_opens_one_route_only(door: TestDoor, route: str) -> None:
    """Forged, cut and borrowed tokens get the same 404, and nothing changes."""
    reader = door.reader(NEW)
    ring = door.store.keyring
    good = {
        "confirm": ring.sign(Purpose.CONFIRM, reader.id, door.clock()),
        "unsubscribe": ring.sign(Purpose.UNSUBSCRIBE, reader.id),
        "preferences": ring.sign(Purpose.PREFERENCES, reader.id),
    }
    bad = [token for name, token in good.items() if name != route]
    bad += [good[route][:-1], good[route] + "x", "u", "%00", "x" * 5000, "é", "..%2f..%2fetc"]
    before = everything(door.store.engine)
    answers = [
        door.client.request(method, f"/{route}/{token}") for token in bad for method in ("GET", "POST")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert everything(door.store.engine) == before


STATES = [None, *State]


def test_the_answer_is_the_same_for_everybody(door: TestDoor) -> None:
    """Unknown, pending, active, left, bounced, complained and erased: the same bytes, and one row each."""
    answers = []
    for number, state in enumerate(STATES):
        address = f"r{number}@b.org"
        if state:
            door.reader(address, state)
        answer = ask(door, address, door.client_at(f"198.51.100.{number}"))
        answers.append((answer.status_code, sorted(answer.headers.items()), answer.content))
    assert answers == [answers[0]] * len(STATES)
    assert len(everything(door.store.engine)["wishes"]) == len(STATES)


def test_letters_go_to_those_who_may_have_one(door: TestDoor) -> None:
    """New, pending, left and erased get a link; the active one is told so; the suppressed get nothing."""
    for number, state in enumerate(STATES):
        if state:
            door.reader(f"{state}@b.org", state)
        ask(door, f"{state or 'new'}@b.org", door.client_at(f"198.51.100.{number}"))
    told = {letter.recipient.partition("@")[0]: "/confirm/" in letter.text for letter in door.carry()}
    assert told == {"new": True, "pending": True, "active": False, "left": True, "erased": True}


def test_who_is_active_is_told_once_a_week(door: TestDoor) -> None:
    """The owner of an address learns of the attempt, without being flooded."""
    door.reader(NEW)
    counts = []
    for days in (0, 1, 7):
        door.clock.turn(days=days, seconds=1)
        ask(door, NEW)
        counts.append(len(door.carry()))
    assert counts == [1, 0, 1]


def test_one_victim_gets_three_letters_a_day(door: TestDoor) -> None:
    """A thousand wishes for one address, from a thousand clients and with plus tags, are three letters."""
    for number in range(100):
        tag = f"victim+{number}@example.org" if number % 2 else "victim@example.org"
        ask(door, tag, door.client_at(f"198.51.100.{number}"))
    assert len(door.carry()) == 3
    door.clock.turn(hours=23)
    ask(door, "victim@example.org")
    assert door.carry() == []
    door.clock.turn(hours=1, seconds=1)
    ask(door, "victim@example.org")
    assert len(door.carry()) == 1


def test_wishes_that_get_no_letter_are_dropped_a_hundred_at_a_time(door: TestDoor) -> None:
    """A flood for one victim never holds the database long; at its end nothing waits."""
    victim = Wish(parse_address("gone@b.org"), "192.0.2.1", door.clock())
    door.reader("gone@b.org", State.BOUNCED)
    many = SubscriberSettings(tries_per_client=1_000)
    signups = SignUps(door.store, many)
    assert signups.ask([victim] * 250) == [None] * 250
    assert [signups.take(door.clock()) for _ in range(4)] == [100, 100, 50, 0]


def test_the_limits_outlive_a_restart(door: TestDoor, tmp_path: Path) -> None:
    """A new process over the same database counts on."""
    for number in range(5):
        ask(door, NEW, door.client_at(f"198.51.100.{number}"))
        door.carry()
    again = TestDoor(door.store.engine, tmp_path)
    ask(again, NEW)
    assert (len(door.mailer.letters), again.carry()) == (3, [])


@pytest.mark.parametrize("clients", [["203.0.113.9"] * 11, [f"2001:db8::{n}" for n in range(11)]])
def test_one_client_tries_ten_times_an_hour(door: TestDoor, clients: list[str]) -> None:
    """The eleventh try is refused with 429, for an IPv6 /64 as for an IPv4 address."""
    codes = [ask(door, f"r{n}@b.org", door.client_at(client)).status_code for n, client in enumerate(clients)]
    assert codes == [200] * 10 + [429]
    door.clock.turn(hours=1, seconds=1)
    assert ask(door, "later@b.org", door.client_at(clients[0])).status_code == 200


def test_midnight_forgives_nobody(door: TestDoor) -> None:
    """The keyed name of a client changes at midnight; its tries still count."""
    door.clock.turn(hours=11, minutes=50)
    codes = [ask(door, f"r{n}@b.org").status_code for n in range(10)]
    door.clock.turn(minutes=20)
    assert [*codes, ask(door, "late@b.org").status_code] == [200] * 10 + [429]


def test_everybody_together_is_capped_with_an_alarm(
    engine: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Above the cap the form closes for all, honestly, and the log says so once."""
    door = TestDoor(engine, tmp_path, subscribers={"tries_per_hour": 5})
    codes = [ask(door, f"r{n}@b.org", door.client_at(f"198.51.100.{n}")).status_code for n in range(8)]
    assert codes == [200] * 5 + [503] * 3
    assert len(door.carry()) == 5
    assert caplog.text.count("ALARM") == 1
    assert "@" not in caplog.text


def test_an_alarm_rings_once_an_hour_and_tells_how_many_were_refused(
    engine: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither a restart nor a second machine rings it again; when its hour is over, one line gives the count."""

    def knock(times: int) -> None:
        door = TestDoor(engine, tmp_path, subscribers={"tries_per_hour": 1})
        door.clock.now = clock.now
        codes = [ask(door, NEW, door.client_at(f"198.51.100.{n}")).status_code for n in range(times)]
        assert set(codes) <= {200, 503}
        door.go_round()

    clock = TestDoor(engine, tmp_path).clock
    knock(8)  # seven of them are refused
    clock.turn(minutes=50)
    knock(4)  # a restart; the cap still holds
    assert caplog.text.count("ALARM") == 1
    clock.turn(minutes=11)
    knock(3)  # one is taken again; two refused in a new hour
    assert caplog.text.count("ALARM") == 2
    assert caplog.text.count("11 sign-ups were refused in the hour from 2025-12-10 12:00 UTC") == 1
    clock.turn(hours=2)
    knock(0)
    knock(0)
    assert caplog.text.count("2 sign-ups were refused in the hour from 2025-12-10 13:01 UTC") == 1
    assert caplog.text.count("ALARM") == 2
    assert everything(engine)["alarms"] == []


def test_a_letter_that_cannot_leave_waits_and_does_not_count(door: TestDoor) -> None:
    """A dead mail server costs the reader nothing: the letter comes later, and three still may."""
    ask(door, NEW)
    door.mailer.fault = UnavailableError("the server is away")
    door.carry()
    door.clock.turn(minutes=3)
    door.carry()
    door.mailer.fault = None
    door.clock.turn(minutes=5)
    assert len(door.carry()) == 1
    for _ in range(3):
        ask(door, NEW)
    assert len(door.carry()) == 2


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (
            UnavailableError("relay:25 refuses us at AUTH: 535 5.7.8 no"),
            "relay:25 refuses us at AUTH: 535 5.7.8 no",
        ),
        (OSError(f"no room for {NEW}"), "OSError"),
    ],
)
def test_the_log_says_why_a_letter_did_not_leave_and_names_nobody(
    door: TestDoor, caplog: pytest.LogCaptureFixture, fault: Exception, told: str
) -> None:
    """Relays' words are told, for whoever runs the door; an error that may hold the address gives its kind."""
    ask(door, NEW)
    door.mailer.fault = fault
    door.carry()
    assert f"did not leave: {told}" in caplog.text
    assert NEW not in caplog.text


def test_a_letter_whose_fate_a_crash_hid_is_written_again_and_counted(door: TestDoor) -> None:
    """Taken and never reported: due again after ten minutes, within the three of the day."""
    ask(door, NEW)
    for _ in range(5):
        door.door.signups.take(door.clock())
        door.clock.turn(minutes=10, seconds=1)
    assert door.carry() == []
    assert everything(door.store.engine)["wishes"] == []


def test_no_second_door_takes_a_wish_while_the_relays_may_still_take_its_letter(
    door: TestDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of them are slow and the last one refuses: only then, and two minutes later, it is somebody's turn."""
    signups, taken = door.door.signups, []
    door.mailer.longest = timedelta(minutes=5)

    async def send(_letter: Letter) -> None:
        door.clock.turn(minutes=5)
        taken.append(signups.take(door.clock()))
        raise UnavailableError("relay: TimeoutError")

    monkeypatch.setattr(door.mailer, "send", send)
    ask(door, NEW)
    door.carry()
    assert taken == [0]
    door.clock.turn(minutes=2)
    assert signups.take(door.clock())


def test_who_never_confirmed_is_forgotten(door: TestDoor) -> None:
    """Eight days later the address is gone, not suppressed, and may ask again."""
    ask(door, NEW)
    door.carry()
    door.clock.turn(days=8, seconds=1)
    door.tidy()
    assert door.state_of(NEW) is None
    rows = everything(door.store.engine)
    assert "new@example.org" not in repr(rows)
    assert (rows["suppressions"], rows["hits"]) == ([], [])
    ask(door, NEW)
    assert len(door.carry()) == 1


def test_who_asks_again_can_confirm_for_as_long_as_the_second_letter_says(door: TestDoor) -> None:
    """The link in it works for seven days, though the first wish is forgotten by then."""
    ask(door, NEW)
    door.carry()
    door.clock.turn(days=6)
    ask(door, NEW)
    door.carry()
    door.clock.turn(days=6)
    door.tidy()
    assert door.client.post(door.mailer.link()).status_code == 200
    assert door.state_of(NEW) is State.ACTIVE


def test_a_letter_that_left_days_late_can_be_answered_for_a_week(door: TestDoor) -> None:
    """The door was closed when the wish's turn came: its days begin with the letter."""
    ask(door, NEW)
    door.clock.turn(days=5)
    door.carry()
    door.clock.turn(days=6)
    door.tidy()
    assert door.client.post(door.mailer.link()).status_code == 200


def test_a_letter_holds_no_word_of_a_stranger(door: TestDoor) -> None:
    """Whatever else is posted, the letter says only what we say."""
    ask(door, NEW, name="Buy pills at evil.example", message="evil", subject="evil")
    (letter,) = door.carry()
    assert "evil" not in letter.subject + letter.text


def test_a_trap_looks_like_success_and_does_nothing(door: TestDoor) -> None:
    """A robot that fills in the hidden field gets the usual answer and no letter."""
    honest, trapped = ask(door, NEW), ask(door, "bot@b.org", website="x")
    assert trapped.content == honest.content
    assert [letter.recipient for letter in door.carry()] == [NEW]


def test_the_form_carries_a_stamp_that_must_be_right(door: TestDoor) -> None:
    """Posted at once it is shown again; three seconds later it is taken."""
    page = door.client.get("/subscribe").text
    stamp = page.partition('name="stamp" value="')[2].partition('"')[0]
    assert ask(door, NEW, stamp=stamp).status_code == 400
    door.clock.turn(seconds=3)
    assert ask(door, NEW, stamp=stamp).status_code == 200


@pytest.mark.parametrize(
    "typed", ["", "nobody", "a@b", '"><script>x</script>@b.org', "a@b.org\r\nBcc: e@x.org"]
)
def test_a_wrong_address_is_shown_again_escaped(door: TestDoor, typed: str) -> None:
    """The reader sees what they typed and what is wrong; markup stays text."""
    answer = ask(door, typed)
    assert answer.status_code == 400
    assert "<script>" not in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_every_wish_is_the_same_work(door: TestDoor) -> None:
    """The same statements in the same order, whoever it is for: there is nothing that time could tell."""
    works: list[list[str]] = []
    event.listen(door.store.engine, "before_cursor_execute", lambda *told: works[-1].append(told[2]))
    for number, state in enumerate(STATES):
        if state:
            works.append([])
            door.reader(f"r{number}@b.org", state)
        works.append([])
        ask(door, f"r{number}@b.org", door.client_at(f"198.51.100.{number}"))
        assert works[-1] == works[0]
        assert any("INSERT INTO wishes" in statement for statement in works[-1])


def test_health_and_metrics(door: TestDoor, tmp_path: Path) -> None:
    """Health says ok; metrics are closed unless they are asked for, and name nobody."""
    assert door.client.get("/health").text == "ok\n"
    assert door.client.get("/metrics").status_code == 404
    door.reader(NEW)
    measured = TestDoor(door.store.engine, tmp_path, web={"metrics": True}).client.get("/metrics").text
    assert 'publisher_subscribers{state="active"} 1' in measured
    assert "@" not in measured


def test_a_fault_inside_is_a_page_without_details(door: TestDoor) -> None:
    """500 in the site's dress; the row that broke is not told."""
    reader = door.reader("secret@b.org")
    with writing(door.store.engine) as connection:
        connection.execute(subscribers.update().values(state="nonsense"))
    answer = door.client.get(f"/preferences/{door.store.keyring.sign(Purpose.PREFERENCES, reader.id)}")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "nonsense" not in answer.text
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_a_token_of_two_years_ago_still_leaves(door: TestDoor) -> None:
    """Nobody is kept by the age of a letter."""
    reader = door.reader(NEW)
    token = door.store.keyring.sign(Purpose.UNSUBSCRIBE, reader.id)
    door.clock.turn(days=timedelta(days=730).days)
    assert door.client.post(f"/unsubscribe/{token}", data=ONE_CLICK).status_code == 200
    assert door.state_of(NEW) is State.LEFT
