"""The memory of rates: one line a pair a day."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.errors import BusyError, InputError, OutputError
from publisher.rates.history import History, from_csv, locked, read_history, to_csv, write_history
from publisher.rates.models import Kind, Quote


def quote(day: int, value: str, base: str = "USD", other: str = "KGS") -> Quote:
    """Make a bank's quote of a day in December 2025."""
    return Quote(
        base=base,
        quote=other,
        value=Decimal(value),
        as_of=date(2025, 12, day),
        source="NBKR",
        kind=Kind.OFFICIAL,
    )


def test_the_file_is_sorted_one_line_a_pair_a_day_with_the_digits_given():
    """A day's update is a diff of a few lines."""
    history = History().including([quote(9, "87.4655"), quote(8, "87.4500"), quote(9, "510.9", other="KZT")])
    assert to_csv(history) == (
        "date,base,quote,value,source,kind\n"
        "2025-12-08,USD,KGS,87.4500,NBKR,official\n"
        "2025-12-09,USD,KGS,87.4655,NBKR,official\n"
        "2025-12-09,USD,KZT,510.9,NBKR,official\n"
    )


def test_a_later_word_about_the_same_day_replaces_the_earlier_one_either_way_round():
    """KGS/USD of a day and USD/KGS of that day are one line."""
    history = History().including([quote(9, "87.4655")]).including([quote(9, "0.01143", "KGS", "USD")])
    assert [q.pair for q in history.quotes] == ["KGS/USD"]


def test_a_quote_without_a_day_is_not_remembered():
    """A memory without a date is worth nothing."""
    assert History().including([Quote(base="USD", quote="KGS", value=Decimal(87))]) == History()


def test_only_what_was_before_a_day_is_what_was_before():
    """An old issue rebuilt today must not know tomorrow's rates."""
    history = History().including(quote(day, f"87.{day}") for day in (3, 8, 9, 10))
    assert [q.as_of.day for q in history.before("KGS", "USD", date(2025, 12, 9)) if q.as_of] == [3, 8]


quotes = st.builds(
    quote,
    st.integers(1, 31),
    st.decimals("0.0001", "99999", places=6).filter(bool).map(str),
    other=st.sampled_from(["KGS", "KZT", "TJS"]),
)


@given(st.lists(quotes, max_size=20))
def test_what_is_written_is_read_back(several):
    """The file is the whole memory: nothing is lost in it, and order of arrival does not matter."""
    history = History().including(several)
    assert from_csv(to_csv(history)) == history


def test_every_broken_line_is_told_at_once(tmp_path):
    """With its number and what is wrong with it."""
    path = tmp_path / "history.csv"
    path.write_text(
        "date,base,quote,value,source,kind\n2025-12-09,USD,KGS,x,,\n09.12.2025,USD,KGS,87,,\n"
        "2025-12-09,usd,KGS,87,,\n2025-12-09,USD,KGS,0,,\n2025-12-09,USD,KGS,87,,bank\n,USD,KGS,87,,\n"
    )
    with pytest.raises(InputError) as caught:
        read_history(path)
    told = [(fault.line, fault.message.removeprefix("cannot be used: ")) for fault in caught.value.findings]
    assert told == [
        (2, "value: 'x' is not a number; type digits with one decimal point, such as 87.45"),
        (3, "date must be a day such as 2025-12-10"),
        (4, "base must be three capitals such as USD"),
        (5, "value must be a number above nothing, such as 87.45"),
        (6, "kind must be official, market, peg or editor"),
        (7, "date must be a day such as 2025-12-10"),
    ]


def test_a_file_that_is_no_history_is_told_what_its_first_line_must_be(tmp_path):
    """A spreadsheet saved under the wrong name."""
    path = tmp_path / "history.csv"
    path.write_text("a;b;c\n1;2;3\n")
    with pytest.raises(InputError, match="date,base,quote,value,source,kind"):
        read_history(path)
    path.write_bytes(b"date,base,quote,value\n2025-12-09,USD,KGS,87,\xff")
    with pytest.raises(InputError, match="UTF-8"):
        read_history(path)


def test_a_publication_without_history_has_an_empty_one(tmp_path):
    """The first issue is not an error."""
    assert read_history(tmp_path / "history.csv") == History()


def test_writing_leaves_one_file_and_reading_gives_it_back(tmp_path):
    """The folder holds no leftovers."""
    path = tmp_path / "rates" / "history.csv"
    write_history(path, History((quote(9, "87.4655"),)))
    assert read_history(path) == History((quote(9, "87.4655"),))
    assert [file.name for file in path.parent.iterdir()] == ["history.csv"]


def test_a_disk_that_refuses_leaves_what_stood_there(tmp_path):
    """A folder in the file's place stands for every refusal."""
    path = tmp_path / "history.csv"
    path.mkdir()
    with pytest.raises(OutputError, match="nothing was changed"):
        write_history(path, History((quote(9, "87.4655"),)))
    assert [file.name for file in tmp_path.iterdir()] == ["history.csv"]


def test_one_update_at_a_time_and_the_next_one_after_it(tmp_path):
    """A second update is told that the first is at work; when that is done, the folder is free."""
    folder = tmp_path / "rates"
    with locked(folder), pytest.raises(BusyError, match="Another update"), locked(folder):
        pass
    with locked(folder):
        assert folder.is_dir()


def test_a_file_where_the_folder_should_be_is_told(tmp_path):
    """In a sentence, with what to do."""
    (tmp_path / "rates").write_text("not a folder")
    with pytest.raises(OutputError, match="cannot be opened") as refused, locked(tmp_path / "rates"):
        pass
    assert refused.value.hint == "make it a folder"


def test_a_history_in_another_encoding_is_told(tmp_path):
    """Saved by a spreadsheet in cp1251."""
    (tmp_path / "history.csv").write_bytes("date,base\nбанк".encode("cp1251"))
    with pytest.raises(InputError, match="is not UTF-8"):
        read_history(tmp_path / "history.csv")


def test_an_open_quotation_mark_does_not_swallow_what_follows(tmp_path):
    """Ten years of values were taken for a source's name, or Publisher itself failed."""
    path = tmp_path / "rates" / "history.csv"
    path.parent.mkdir()
    lines = "2025-12-08,USD,KGS,87.40,NBKR,official\n" * 5000
    path.write_text(
        f'date,base,quote,value,source,kind\n{lines[:39]}2025-12-07,USD,KGS,87.3,"NBKR,\n{lines}', "utf-8"
    )
    with pytest.raises(InputError, match=r"history\.csv:3:1: opens a quotation mark that is never closed"):
        read_history(path)


def test_a_decimal_comma_is_no_second_cell(tmp_path):
    """Eighty-seven and source 40 is not what was typed into the spreadsheet."""
    path = tmp_path / "history.csv"
    path.write_text("date,base,quote,value\n2025-12-08,USD,KGS,87,40\n", "utf-8")
    with pytest.raises(InputError, match=r":2:1: cannot be used: it has more cells than the first line"):
        read_history(path)
