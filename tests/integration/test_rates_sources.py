"""Each source against a server that plays it, with its traps."""

from __future__ import annotations

import gzip
import json
import time
from datetime import date
from decimal import Decimal

import banks
import pytest
from banks import Answer

from publisher.rates.models import Kind, Quote
from publisher.rates.sources.cbu import Cbu
from publisher.rates.sources.currency_api import CurrencyApi
from publisher.rates.sources.ecb import Ecb
from publisher.rates.sources.file import RatesListFile
from publisher.rates.sources.frankfurter import Frankfurter
from publisher.rates.sources.http import MAX_BYTES, HttpClient
from publisher.rates.sources.lines import EditorLines
from publisher.rates.sources.nbk import Nbk
from publisher.rates.sources.nbkr import Nbkr
from publisher.rates.sources.nbt import Nbt
from publisher.rates.sources.protocol import NotARateError, Pair, SourceError

DAY = date(2026, 4, 1)
DOLLAR = [Pair("USD", local) for local in ("KGS", "KZT", "TJS", "UZS", "TMT")]


@pytest.fixture
def client():
    """A client that does not wait between tries and gives up after half a second."""
    with HttpClient(user_agent="Publisher/test", timeout=0.5, sleep=noting([])) as http:
        yield http


def noting(pauses: list[float]):
    """Sleep without sleeping."""

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    return sleep


def told(quotes: tuple[Quote, ...]) -> list[tuple[str, str, int, str]]:
    """Pair, value, digits and day of each quote."""
    return [(q.pair, f"{q.value:f}", q.significant, str(q.as_of)) for q in quotes]


def test_nbkr_is_read_in_its_own_alphabet_with_commas_and_nominals(client):
    """windows-1251, `87,4500`, ten units at a time; its date is the day the values are in force."""
    routes = {
        "/XML/daily.xml": Answer(
            banks.nbkr_xml(date(2026, 4, 2), {"USD": ("87.4500", 1), "EUR": ("101.7900", 1)})
        ),
        "/XML/weekly.xml": Answer(banks.nbkr_xml(date(2026, 3, 28), {"UZS": ("0.0730", 10)}, "Weekly")),
    }
    with banks.town(routes) as town:
        quotes = Nbkr(town.url).fetch(
            [Pair("USD", "KGS"), Pair("UZS", "KGS"), Pair("USD", "KZT")], DAY, client
        )
    assert told(quotes) == [
        ("USD/KGS", "87.4500", 6, "2026-04-02"),
        ("UZS/KGS", "0.0073", 3, "2026-03-28"),
    ]
    assert (quotes[0].effective, quotes[0].kind, quotes[0].source) == (
        date(2026, 4, 2),
        Kind.OFFICIAL,
        "NBKR",
    )


def test_the_weekly_list_is_only_asked_when_the_daily_one_leaves_a_pair_open(client):
    """One request where one is enough, with our name on it."""
    routes = {"/XML/daily.xml": Answer(banks.nbkr_xml(DAY, {"USD": ("87.4500", 1)}))}
    with banks.town(routes) as town:
        Nbkr(town.url).fetch(DOLLAR, DAY, client)
    assert (town.asked, town.agents) == (["/XML/daily.xml"], ["Publisher/test"])


def test_nbk_divides_a_nominal_of_a_hundred_exactly(client):
    """100 sums are 3.93 tenge; the digits claimed are the three printed."""
    answer = Answer(banks.nbk_xml(DAY, {"USD": ("478.77", 1), "UZS": ("3.93", 100), "AMD": ("", 10)}))
    with banks.town({"/rss/get_rates.cfm": answer}) as town:
        pairs = [Pair("USD", "KZT"), Pair("UZS", "KZT"), Pair("AMD", "KZT")]
        quotes = Nbk(town.url).fetch(pairs, DAY, client)
    assert told(quotes) == [
        ("USD/KZT", "478.77", 5, "2026-04-01"),
        ("UZS/KZT", "0.0393", 3, "2026-04-01"),
    ]
    assert town.asked == ["/rss/get_rates.cfm?fdate=01.04.2026"]


def test_cbu_strings_keep_their_digits(client):
    """Its JSON has no numbers, and rows carry their own day."""
    path = "/en/arkhiv-kursov-valyut/json/all/2026-04-01/"
    with banks.town({path: Answer(banks.cbu_json(DAY, {"USD": ("12194.20", 1)}))}) as town:
        assert told(Cbu(town.url).fetch(DOLLAR, DAY, client)) == [("USD/UZS", "12194.20", 7, "2026-04-01")]


def test_nbt_that_answers_with_another_day_is_taken_at_its_word(client):
    """Asked for a day it does not have, it answers with today; the gate on dates then stops it."""
    answer = Answer(banks.nbt_xml(date(2026, 5, 18), {"USD": ("9.3450", 1)}))
    with banks.town({"/en/kurs/export_xml.php": answer}) as town:
        assert told(Nbt(town.url).fetch(DOLLAR, DAY, client)) == [("USD/TJS", "9.3450", 5, "2026-05-18")]


def test_ecb_serves_the_euro_only(client):
    """Its cubes have a namespace; it knows none of the five."""
    answer = Answer(banks.ecb_xml(DAY, {"USD": "1.1642", "CNY": "8.2401"}))
    with banks.town({"/stats/eurofxref/eurofxref-daily.xml": answer}) as town:
        assert Ecb(town.url).fetch(DOLLAR, DAY, client) == ()
        quotes = Ecb(town.url).fetch([Pair("EUR", "USD"), Pair("EUR", "KGS")], DAY, client)
    assert told(quotes) == [("EUR/USD", "1.1642", 5, "2026-04-01")]


def test_frankfurter_gives_the_central_banks_own_figure_where_there_is_one(client):
    """The blend is a market value; NBKR's word through Frankfurter is official."""
    body = banks.frankfurter_json(
        DAY, "USD", {"KGS": "87.4412", "TMT": "3.4963"}, {"KGS": ("NBKR", "87.4500")}
    )
    with banks.town({"/v2/rates": Answer(body)}) as town:
        quotes = Frankfurter(town.url).fetch([DOLLAR[0], DOLLAR[4]], DAY, client)
    assert told(quotes) == [
        ("USD/KGS", "87.4500", 6, "2026-04-01"),
        ("USD/TMT", "3.4963", 5, "2026-04-01"),
    ]
    assert [(q.source, q.kind) for q in quotes] == [
        ("NBKR via Frankfurter", Kind.OFFICIAL),
        ("Frankfurter", Kind.MARKET),
    ]
    assert town.asked == ["/v2/rates?base=USD&quotes=KGS,TMT&date=2026-04-01&expand=providers"]


def test_frankfurter_takes_no_word_that_its_own_gate_left_out(client):
    """An outlier is `excluded`; a decreed currency has no providers; an older instance dates only the row."""
    rows = [
        {
            "date": "2026-04-01",
            "base": "USD",
            "quote": "KGS",
            "rate": 87.44,
            "providers": [{"key": "NBKR", "rate": 97.1, "excluded": True}],
        },
        {
            "date": "2026-04-01",
            "base": "USD",
            "quote": "KZT",
            "rate": 478.1,
            "providers": [{"key": "NBK", "rate": 478.77}],
        },
        {"date": "2026-04-01", "base": "USD", "quote": "TMT", "rate": 3.5},
    ]
    with banks.town({"/v2/rates": Answer(json.dumps(rows).encode())}) as town:
        quotes = Frankfurter(town.url).fetch(DOLLAR, DAY, client)
    assert [(q.pair, f"{q.value:f}", q.source) for q in quotes] == [
        ("USD/KGS", "87.44", "Frankfurter"),
        ("USD/KZT", "478.77", "NBK via Frankfurter"),
        ("USD/TMT", "3.5", "Frankfurter"),
    ]


def test_currency_api_keeps_all_eight_decimals(client):
    """JSON numbers are read as they are written, not as binary fractions."""
    values = {"KGS": "87.46545557", "UZS": "12009.23939141"}
    path = "/currency-api@2026-04-01/v1/currencies/usd.json"
    with banks.town({path: Answer(banks.currency_api_json(DAY, "usd", values))}) as town:
        quotes = CurrencyApi(f"{town.url}/currency-api").fetch(DOLLAR, DAY, client)
    assert told(quotes) == [
        ("USD/KGS", "87.46545557", 10, "2026-04-01"),
        ("USD/UZS", "12009.23939141", 13, "2026-04-01"),
    ]


@pytest.mark.parametrize("printed", ["0", "0,0000", "-87,4500", "n/a", "87,45,00", "1E+99"])
def test_what_is_no_rate_is_told_with_what_was_printed(client, printed):
    """Nothing, less than nothing and nonsense are never quietly skipped."""
    answer = Answer(banks.nbkr_xml(DAY, {"USD": (printed, 1), "EUR": ("101.7900", 1)}))
    with banks.town({"/XML/daily.xml": answer}) as town, pytest.raises(NotARateError) as caught:
        Nbkr(town.url).fetch([Pair("USD", "KGS"), Pair("EUR", "KGS")], DAY, client)
    assert caught.value.faults == ((Pair("USD", "KGS"), printed.replace(".", ",")),)
    assert told(caught.value.quotes) == [("EUR/KGS", "101.7900", 7, "2026-04-01")]


BOMB = b"""<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><CurrencyRates Date="01.04.2026">&c;</CurrencyRates>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<CurrencyRates Date="01.04.2026"><Currency ISOCode="USD"><Value>&x;</Value></Currency></CurrencyRates>"""


@pytest.mark.parametrize(
    "body",
    [
        BOMB,
        OUTSIDE,
        b"",
        b"<html>Maintenance",
        b"\x00\xff\xfe",
        b"<CurrencyRates/>",
        b'<CurrencyRates Date="31.02.2026"/>',
        b'<?xml version="1.0" encoding="klingon"?><CurrencyRates/>',
    ],
)
def test_what_is_not_the_documented_shape_is_one_sentence(client, body):
    """Entity bombs, files from elsewhere, a maintenance page, an unheard-of encoding."""
    with (
        banks.town({"/XML/daily.xml": Answer(body)}) as town,
        pytest.raises(SourceError, match=r"NBKR answered with what cannot be read"),
    ):
        Nbkr(town.url).fetch(DOLLAR, DAY, client)


PAGE = b"<!DOCTYPE html><html><head><title>503</title></head><body><p>Back soon</p></body></html>"
XHTML = b"<html><body><p>Back soon</p></body></html>"


@pytest.mark.parametrize("body", [PAGE, XHTML, b"null"])
@pytest.mark.parametrize(
    ("make", "pair"),
    [
        (Nbkr, "KGS"),
        (Nbk, "KZT"),
        (Nbt, "TJS"),
        (Cbu, "UZS"),
        (Ecb, "EUR"),
        (Frankfurter, "KGS"),
        (CurrencyApi, "KGS"),
    ],
)
def test_a_page_that_says_sorry_with_200_is_no_list(client, make, pair, body):
    """Every source tells it in one sentence."""
    with (
        banks.town({}, anywhere=Answer(body)) as town,
        pytest.raises(SourceError, match="answered with what cannot be read"),
    ):
        make(f"{town.url}/").fetch([Pair("USD", pair)], DAY, client)


def test_a_currency_with_two_values_is_no_rate(client):
    """Equal repeats collapse; of two that differ nobody knows which one is meant."""
    row = b"<Currency ISOCode='%s'><Nominal>1</Nominal><Value>%s</Value></Currency>"
    rows = b"".join(
        row % pair for pair in [(b"USD", b"87,45"), (b"EUR", b"99,10")] * 2 + [(b"USD", b"88,00")]
    )
    body = b"<CurrencyRates Date='01.04.2026'>" + rows + b"</CurrencyRates>"
    with banks.town({"/XML/daily.xml": Answer(body)}) as town, pytest.raises(NotARateError) as caught:
        Nbkr(town.url).fetch([Pair("USD", "KGS"), Pair("EUR", "KGS")], DAY, client)
    assert caught.value.faults == ((Pair("USD", "KGS"), "87,45 and 88,00"),)
    assert told(caught.value.quotes) == [("EUR/KGS", "99.10", 4, "2026-04-01")]


def test_cbu_rows_bear_their_own_days(client):
    """A currency that is set weekly is older than its neighbours, and says so."""
    path = "/en/arkhiv-kursov-valyut/json/all/2026-04-01/"
    weekly = json.loads(banks.cbu_json(date(2026, 3, 30), {"KGS": ("139.44", 1)}))
    daily = json.loads(banks.cbu_json(DAY, {"USD": ("12194.20", 1)}))
    with banks.town({path: Answer(json.dumps(weekly + daily).encode())}) as town:
        quotes = Cbu(town.url).fetch([Pair("USD", "UZS"), Pair("KGS", "UZS")], DAY, client)
    assert told(quotes) == [("KGS/UZS", "139.44", 5, "2026-03-30"), ("USD/UZS", "12194.20", 7, "2026-04-01")]


NAMES = "<?xml version='1.0' encoding='{}'?><rates><date>01.04.2026</date><item><fullname>ДОЛЛАР США</fullname><title>USD</title><description>478.77</description><quant>1</quant></item></rates>"


@pytest.mark.parametrize(
    ("declared", "sent", "readable"),
    [
        ("utf-8", "utf-8-sig", True),
        ("utf-16", "utf-16", True),
        ("windows-1251", "utf-8", True),  # the names suffer, the figures do not
        ("utf-8", "windows-1251", False),
    ],
)
def test_an_alphabet_that_was_not_declared_changes_no_figure(client, declared, sent, readable):
    """It is read to the last digit or not at all."""
    answer = Answer(NAMES.format(declared).encode(sent), headers={"Content-Type": "text/xml; charset=koi8-r"})
    with banks.town({"/rss/get_rates.cfm": answer}) as town:
        if readable:
            quotes = Nbk(town.url).fetch([Pair("USD", "KZT")], DAY, client)
            assert told(quotes) == [("USD/KZT", "478.77", 5, "2026-04-01")]
        else:
            with pytest.raises(SourceError, match="cannot be read"):
                Nbk(town.url).fetch([Pair("USD", "KZT")], DAY, client)


@pytest.mark.parametrize("body", [b"", b"[1, 2]", b'{"a": 1}', b"[" * 100_000, b'[{"Ccy": "USD"}]'])
def test_json_of_another_shape_is_one_sentence_too(client, body):
    """However deep it is nested."""
    path = "/en/arkhiv-kursov-valyut/json/all/2026-04-01/"
    with banks.town({path: Answer(body)}) as town, pytest.raises(SourceError, match="cannot be read"):
        Cbu(town.url).fetch(DOLLAR, DAY, client)


def test_a_server_in_trouble_is_asked_three_times(client):
    """500 may pass; after three tries it is told."""
    with (
        banks.town({"/x": Answer(status=500)}) as town,
        pytest.raises(SourceError, match=r"answered 500 \(3 tries\)"),
    ):
        client.get(f"{town.url}/x")
    assert len(town.asked) == 3


def test_trouble_that_passes_is_not_told():
    """The second try succeeds, after the pause the server asked for but never more than ten seconds."""
    answers = [Answer(status=503, headers={"Retry-After": "3600"}), Answer(status=500), Answer(b"fine")]
    pauses: list[float] = []
    with (
        banks.town({"/x": lambda *_: answers.pop(0)}) as town,
        HttpClient(user_agent="t", sleep=noting(pauses)) as http,
    ):
        assert http.get(f"{town.url}/x") == b"fine"
    assert pauses == [10.0, 1.0]


def test_a_refusal_is_not_asked_again(client):
    """404 stays 404."""
    with banks.town({}) as town, pytest.raises(SourceError, match="answered 404"):
        client.get(f"{town.url}/x")
    assert len(town.asked) == 1


SLOW = {
    "headers": Answer(b"fine", headers={"X": "x" * 100}, drip=0.05, drip_headers=True),
    "body": Answer(b"x" * 100, drip=0.05),
    "packed": Answer(gzip.compress(b"x"), headers={"Content-Encoding": "gzip"}, drip=0.1),
}


@pytest.mark.parametrize("part", SLOW)
def test_what_trickles_is_given_up_on_time(client, part):
    """Each byte comes in time, the whole never would: headers or body, one limit ends it."""
    started = time.monotonic()
    with (
        banks.town({"/x": SLOW[part]}) as town,
        pytest.raises(SourceError, match=r"did not answer in full within 0\.5 s"),
    ):
        client.get(f"{town.url}/x")
    assert time.monotonic() - started < 1.5


def test_tries_and_pauses_count_too():
    """A server in trouble that is always quick to say so cannot stretch the limit."""
    with (
        banks.town({"/x": Answer(status=503, headers={"Retry-After": "9"})}) as town,
        HttpClient(user_agent="t", timeout=0.4) as http,
        pytest.raises(SourceError, match=r"did not answer in full within 0\.4 s"),
    ):
        http.get(f"{town.url}/x")
    assert len(town.asked) == 1


def test_packed_answers_are_unpacked_within_bounds(client):
    """A gzip is read; one that holds a gigabyte is left alone; other packings nobody asked for."""
    bomb = gzip.compress(bytes(50 * MAX_BYTES))
    assert len(bomb) < MAX_BYTES
    routes = {
        "/good": Answer(gzip.compress(b"fine"), headers={"Content-Encoding": "gzip"}),
        "/bomb": Answer(bomb, headers={"Content-Encoding": "gzip"}),
        "/broken": Answer(b"no gzip", headers={"Content-Encoding": "gzip"}),
        "/other": Answer(b"?", headers={"Content-Encoding": "br"}),
    }
    with banks.town(routes) as town:
        assert client.get(f"{town.url}/good") == b"fine"
        for path, said in (("bomb", "more than"), ("broken", "a broken gzip"), ("other", "packed as br")):
            with pytest.raises(SourceError, match=said):
                client.get(f"{town.url}/{path}")


def test_a_body_without_end_is_given_up(client):
    """Two megabytes are twenty times the longest real answer."""
    with (
        banks.town({"/x": Answer(b"x" * (MAX_BYTES + 1))}) as town,
        pytest.raises(SourceError, match="more than 2000000 bytes"),
    ):
        client.get(f"{town.url}/x")


def test_nobody_at_home_is_one_sentence(client):
    """A closed port."""
    with banks.town({}) as town:
        url = town.url
    with pytest.raises(SourceError, match="3 tries"):
        client.get(f"{url}/x")


def test_a_redirect_within_the_house_is_followed_and_out_of_it_is_not(client):
    """Another host may be anybody."""
    routes = {
        "/old": Answer(status=301, headers={"Location": "/new"}),
        "/new": Answer(b"here"),
        "/away": Answer(status=302, headers={"Location": "http://127.0.0.1:9/x"}),
        "/round": Answer(status=302, headers={"Location": "/round"}),
    }
    with banks.town(routes) as town:
        assert client.get(f"{town.url}/old") == b"here"
        with pytest.raises(SourceError, match="refers to another host"):
            client.get(f"{town.url}/away")
        with pytest.raises(SourceError, match="refers onward"):
            client.get(f"{town.url}/round")


def test_a_copy_on_this_machine_is_asked_without_the_proxy(monkeypatch):
    """The office's proxy knows nothing of 127.0.0.1."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with (
        banks.town({"/x": Answer(b"here")}) as town,
        HttpClient(user_agent="t", sleep=noting([])) as http,
    ):
        assert http.get(f"{town.url}/x") == b"here"


FILES = {
    "long.csv": "date,base,quote,value,source,kind\n2026-03-30,USD,KGS,87.40,NBKR,official\n2026-04-01,USD,KGS,87.4500,NBKR,official\n2026-04-02,USD,KGS,99,,\n",
    "wide.csv": "date,KGS,KZT\n2026-03-30,87.40,\n2026-04-01,87.4500,\n2026-04-02,99,\n",
    "list.json": '[{"date": "2026-04-01", "base": "usd", "quote": "kgs", "rate": 87.4500}, {"date": "2026-04-02", "base": "USD", "quote": "KGS", "rate": 99}]',
    "day.json": '{"date": "2026-04-01", "usd": {"kgs": 87.4500}, "eur": {"kgs": 101.79}}',
    "bases.json": '{"2026-04-01": {"USD": {"KGS": 87.4500}, "EUR": {"KGS": 101.79}}}',
    "days.json": '{"2026-03-30": {"kgs": 87.4}, "2026-04-01": {"kgs": 87.4500, "kzt": null}, "2026-04-02": {"kgs": 99}}',
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_ones_own_is_read_in_every_shape(tmp_path, client, name):
    """The last value up to the day counts; an empty cell is silence."""
    path = tmp_path / name
    path.write_text(FILES[name])
    quotes = RatesListFile(path, name).fetch([Pair("USD", "KGS"), Pair("USD", "KZT")], DAY, client)
    assert told(quotes) == [("USD/KGS", "87.4500", 6, "2026-04-01")]


@pytest.mark.parametrize(
    ("name", "place"), [("long.csv", (3, 20)), ("wide.csv", (3, 12)), ("list.json", (0, 0))]
)
def test_a_value_of_a_file_knows_where_it_stands(tmp_path, client, name, place):
    """So that a finding about it can be clicked; JSON has no lines to speak of."""
    (tmp_path / name).write_text(FILES[name])
    (quote,) = RatesListFile(tmp_path / name, f"rates/{name}").fetch([Pair("USD", "KGS")], DAY, client)
    assert quote.place == (f"rates/{name}", *place)


@pytest.mark.parametrize("line", ["01.04.2026,USD,KGS,87.45", "2026-04-01,USD,KGS,87,45", "2026-04-01,USD"])
def test_a_slip_in_a_file_of_ones_own_is_told_with_its_line(tmp_path, client, line):
    """And 87,45 without quotes is not 87; a row of commas is what a spreadsheet leaves of a deleted one."""
    (tmp_path / "desk.csv").write_text(f"date,base,quote,value\n2026-03-30,USD,KGS,87.40\n,,,\n{line}\n")
    with pytest.raises(
        SourceError, match=r"rates/desk\.csv:4 is no line of rates -> write it as 2025-12-09,USD"
    ):
        RatesListFile(tmp_path / "desk.csv", "rates/desk.csv").fetch(DOLLAR, DAY, client)


def test_an_open_quotation_mark_in_a_file_of_ones_own_is_told(tmp_path, client):
    """All lines below it were taken for the source's name."""
    text = 'date,base,quote,value,source\n2026-03-30,USD,KGS,87.4,"desk\n2026-04-01,USD,KGS,87.5,desk\n'
    (tmp_path / "desk.csv").write_text(text)
    with pytest.raises(SourceError, match=r"desk\.csv:2 opens a quotation mark that is never closed"):
        RatesListFile(tmp_path / "desk.csv", "desk.csv").fetch(DOLLAR, DAY, client)


def test_a_file_of_ones_own_in_another_encoding_is_told(tmp_path, client):
    """As Excel saves it on a Russian Windows."""
    (tmp_path / "desk.csv").write_bytes(
        "date,base,quote,value,source\n2026-04-01,USD,KGS,87.4,НБКР\n".encode("cp1251")
    )
    with pytest.raises(SourceError, match=r"desk\.csv is not UTF-8 -> save it as UTF-8"):
        RatesListFile(tmp_path / "desk.csv", "desk.csv").fetch(DOLLAR, DAY, client)


def test_a_file_that_is_missing_or_nonsense_is_one_sentence(tmp_path, client):
    """With its name."""
    with pytest.raises(SourceError, match="cannot be read"):
        RatesListFile(tmp_path / "none.csv", "none.csv").fetch(DOLLAR, DAY, client)
    (tmp_path / "odd.csv").write_text("a;b\n1;2\n")
    with pytest.raises(SourceError, match=r"odd\.csv:1 has no column called date -> begin it with date,base"):
        RatesListFile(tmp_path / "odd.csv", "odd.csv").fetch(DOLLAR, DAY, client)
    (tmp_path / "nil.csv").write_text("date,KGS\n2026-04-01,0\n")
    with pytest.raises(NotARateError, match="says '0' for USD/KGS"):
        RatesListFile(tmp_path / "nil.csv", "nil.csv").fetch(DOLLAR, DAY, client)


def test_the_editors_own_lines_are_a_source(tmp_path, client):
    """Typed in a text file, good for the day asked for."""
    path = tmp_path / "desk.txt"
    path.write_text("• KGS/USD = 0.01144 0%\nnoise\nUSD/KZT = 478.77\n")
    quotes = EditorLines(path, "desk.txt").fetch(DOLLAR, DAY, client)
    assert told(quotes) == [("KGS/USD", "0.01144", 4, "2026-04-01"), ("USD/KZT", "478.77", 5, "2026-04-01")]
    assert quotes[0].value == Decimal("0.01144")
    assert [q.place for q in quotes] == [("desk.txt", 1, 3), ("desk.txt", 3, 1)]


def test_a_list_that_names_no_base_is_in_dollars_unless_it_has_them(tmp_path, client):
    """A table in euros must not take dollars for euros; a list with a column USD is in the table's own base."""
    pairs = [Pair("EUR", "KGS"), Pair("EUR", "USD"), Pair("USD", "KGS")]
    dollars, euros = tmp_path / "dollars.csv", tmp_path / "euros.csv"
    dollars.write_text("date,KGS,EUR\n2026-04-01,87.4500,0.85900\n")
    euros.write_text("date,KGS,USD\n2026-04-01,101.81,1.1642\n")
    told_of = {
        path: told(RatesListFile(path, path.name).fetch(pairs, DAY, client)) for path in (dollars, euros)
    }
    assert [row[:2] for row in told_of[dollars]] == [("USD/EUR", "0.85900"), ("USD/KGS", "87.4500")]
    assert [row[:2] for row in told_of[euros]] == [("EUR/KGS", "101.81"), ("EUR/USD", "1.1642")]
