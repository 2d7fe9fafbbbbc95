"""Lists in any dialect, and exports that are safe in a spreadsheet."""

import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.errors import Finding
from publisher.subscribers.exchange import COLUMNS, Row, as_cells, read_list
from publisher.subscribers.models import State, Subscriber


def read(text: str) -> list[Row | Finding]:
    """Read a list that was pasted into a test."""
    return list(read_list(io.StringIO(text, newline=""), "list.csv"))


@pytest.mark.parametrize(
    "text",
    [
        "address,name\naigul@example.org,Aigul\n",
        "\ufeffName;E-Mail\r\nAigul;aigul@example.org\r\n",
        "имя\tадрес\nAigul\taigul@example.org\n",
        "Email Address|Status|Full name\naigul@example.org|subscribed|Aigul\n",
        '\n"email","name"\n"aigul@example.org","Aigul"\n\n',
        "\ufeffsep=;\r\nemail;name;notes\r\naigul@example.org;Aigul;a, b, c\r\n",
        "Отметка времени,Адрес электронной почты,Имя\n2026-01-01,aigul@example.org,Aigul\n",
    ],
)
def test_dialect_and_columns_are_recognised(text: str) -> None:
    """Commas, semicolons, tabs and bars; headings of other programs and languages; a byte order mark."""
    (row,) = read(text)
    assert isinstance(row, Row)
    assert (row.address.key, row.name, row.state) == ("aigul@example.org", "Aigul", State.ACTIVE)


def test_a_bare_list_of_addresses_needs_no_heading() -> None:
    """One address a line is a list."""
    assert [row.address.key for row in read("a@b.org\nc@d.org\n") if isinstance(row, Row)] == [
        "a@b.org",
        "c@d.org",
    ]


@pytest.mark.parametrize(
    "text",
    [
        'Email Address,First Name,Address,TAGS\na@b.org,Ann,"1 Main St, Osh","""press"",""Пресса"""\n',
        "Электронная почта;Адрес\na@b.org;Ош, Ленина 1\n",
        "Email,Status,State\na@b.org,subscribed,CA\n",
        "email,unsubscribed_at,deleted_at\na@b.org,NULL,none\n",
    ],
)
def test_columns_of_street_country_and_tags_keep_nobody_out(text: str) -> None:
    """Mailchimp has a column `Address` for the street, and quotes each tag."""
    (row,) = read(text)
    assert isinstance(row, Row)
    assert (row.address.key, row.state) == ("a@b.org", State.ACTIVE)


def test_tags_of_another_program_are_topics_where_they_can_be() -> None:
    """Sections may have been tags; whatever else was tagged there is no reason to refuse a reader."""
    (row,) = read('email,TAGS\na@b.org,"""Economy"",""VIP!"",""Пресса"""\n')
    assert isinstance(row, Row)
    assert row.topics == ("economy",)


@pytest.mark.parametrize("word", ["unsubscribed", "Blocklisted", "left", "cleaned"])
def test_a_wish_to_leave_comes_along(word: str) -> None:
    """Who left in another program is imported as left."""
    (row,) = read(f"email,status\na@b.org,{word}\n")
    assert isinstance(row, Row)
    assert row.state is State.LEFT


@pytest.mark.parametrize(
    "text",
    [
        "Email Address,First Name,UNSUB_TIME,UNSUB_REASON\na@b.org,Ann,2024-03-01 10:00:00,NORMAL\n",
        "Email Address,CLEAN_TIME\na@b.org,2024-03-01 10:00:00\n",
        "id,email,name,subscribed_to_emails,deleted_at\n1,a@b.org,Ann,false,\n",
        "email,active_subscription,email_disabled\na@b.org,false,true\n",
        "email_address,type,tags\na@b.org,unsubscribed,\n",
        "Email,Type,Unsubscription date\na@b.org,regular,2024-03-01\n",
        "email,unsubscribed_at,deleted_at\na@b.org,2024-03-01,\n",
    ],
)
def test_a_wish_to_leave_in_a_column_of_its_own_comes_along(text: str) -> None:
    """Mailchimp's, Ghost's, Substack's and Buttondown's lists have no state that says so."""
    (row,) = read(text)
    assert isinstance(row, Row)
    assert row.state is State.LEFT


def test_an_empty_column_of_leaving_means_that_nobody_left() -> None:
    """Ghost's and Substack's columns are there for those who stay, too."""
    text = "email,subscribed_to_emails,deleted_at,email_disabled\na@b.org,TRUE,,FALSE\n"
    (row,) = read(text)
    assert isinstance(row, Row)
    assert row.state is State.ACTIVE


def test_who_never_confirmed_elsewhere_is_not_on_the_list() -> None:
    """Buttondown's `unactivated` was asked there and has not agreed; its other types have."""
    refused, taken = read("email,type\na@b.org,unactivated\nc@d.org,premium\n")
    assert isinstance(refused, Finding)
    assert isinstance(taken, Row)


def test_every_bad_row_is_reported_with_its_line() -> None:
    """A wrong address, state or topic is a finding at its line; the other rows are read."""
    text = "email,status,topics\nnobody,active,\na@b.org,maybe,\nc@d.org,active,UP/DOWN\ne@f.org,active,economy\n"
    told = [(item.line, item.field) for item in read(text) if isinstance(item, Finding)]
    assert told == [(2, "address"), (3, "state"), (4, "topics")]
    assert [item.topics for item in read(text) if isinstance(item, Row)] == [("economy",)]


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    """A quoted cell of two lines does not shift the numbers after it."""
    (row, finding) = read('email,name\na@b.org,Ann\n"bad\n",x\n')
    assert isinstance(row, Row)
    assert isinstance(finding, Finding)
    assert (row.line, finding.line) == (2, 4)


def test_a_name_over_two_lines_is_a_name() -> None:
    """Spreadsheets break lines within a cell; nobody is left out for that."""
    (row,) = read('email,name\na@b.org,"Ann\n\tof Osh"\n')
    assert isinstance(row, Row)
    assert row.name == "Ann of Osh"


def test_lines_above_the_heading_are_counted_too() -> None:
    """Blank lines and Excel's `sep=` are lines of the file."""
    (finding,) = read("\nsep=;\n\nemail;name\nbad;x\n")
    assert isinstance(finding, Finding)
    assert finding.line == 5


@pytest.mark.parametrize("text", ["", "\n\n", "name,age\nAnn,3\n", "\x00\x01"])
def test_a_list_without_addresses_says_so(text: str) -> None:
    """Nothing that can be read is one finding, not silence."""
    assert [type(item) for item in read(text)] in ([Finding], [])
    if text.strip():
        assert isinstance(read(text)[0], Finding)


@given(st.text(max_size=300))
def test_any_text_is_rows_and_findings(text: str) -> None:
    """No list, however broken, stops the reading with an exception."""
    assert all(isinstance(item, Row | Finding) for item in read(text))


NAMES = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=20
)


@given(st.one_of(NAMES, NAMES.map(lambda name: "=" + name), NAMES.map(lambda name: "@" + name)))
def test_no_cell_of_an_export_is_a_formula(name: str) -> None:
    """Nothing begins as a formula, and an import gives back what was exported."""
    reader = Subscriber(
        1,
        "=cmd|x@c.org",
        State.ACTIVE,
        name.strip(),
        frozenset({"economy"}),
        datetime(2025, 1, 1, tzinfo=UTC),
    )
    cells = as_cells(reader)
    assert [cell for cell in cells if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}] == []
    assert as_cells(reader, raw=True)[0] == "=cmd|x@c.org"


@pytest.mark.parametrize("name", ["=1+1", "'quoted'", "-", "@home", "O'Neil", "Ann, of Osh", 'a "b" c'])
def test_an_export_can_be_imported(name: str) -> None:
    """Export and import are each other's inverse, in both spellings."""
    reader = Subscriber(
        1, "=x@c.org", State.ACTIVE, name, frozenset({"nature", "economy"}), datetime(2025, 1, 1, tzinfo=UTC)
    )
    text = io.StringIO(newline="")
    csv.writer(text).writerows([COLUMNS, as_cells(reader)])
    (row,) = read(text.getvalue())
    assert isinstance(row, Row)
    assert (row.address.typed, row.name, set(row.topics)) == ("=x@c.org", name, {"nature", "economy"})
