"""Sentences as newsrooms write them: how many conversions each holds, and how many of these are wrong.

The rates of the day: 1 dollar is 87.45 soms, 511.07 tenge, 9.19 somoni, 12,009.24 sums, 3.50 manats,
0.8590 euros, 0.7510 pounds, 76.81 roubles, 7.0643 yuan. `None` conversions: reading them is not
promised, an alarm would be wrong.
"""

from datetime import date

import pytest

from publisher.checking.amounts import conversions
from publisher.checking.money import RateBook, contradiction
from publisher.rates.history import History
from publisher.rates.models import Quote

DAY = date(2025, 12, 10)
RATES = {
    "KGS": "87.45",
    "KZT": "511.07",
    "TJS": "9.19",
    "UZS": "12009.24",
    "TMT": "3.50",
    "EUR": "0.8590",
    "GBP": "0.7510",
    "RUB": "76.81",
    "CNY": "7.0643",
}
QUOTES = [
    Quote.model_validate({"base": "USD", "quote": c, "value": v, "as_of": DAY}) for c, v in RATES.items()
]
BOOK = RateBook(History().including(QUOTES), None, DAY)

SENTENCES = [
    (1, 0, "The loan of UZS 1.5 trillion ($124.9 million) was signed."),
    (1, 1, "The loan of UZS 1.5 trillion ($115.38 million) was signed."),
    (1, 0, "It cost £144 million ($191.7 million)."),
    (1, 1, "It cost £144 million (about $150 million)."),
    (1, 0, "The budget is 300 billion tenge (about $587m)."),
    (1, 0, "The budget is 300bn tenge (about $587 mn)."),
    (1, 1, "The budget is 300bn tenge (about $687 mn)."),
    (1, 0, "A fine of 10,000 soms ($114) was paid."),
    (1, 1, "A fine of 10,000 soms ($1,140) was paid."),
    (2, 0, "Pay rose from 35,000 soms ($400) to 40,000 soms ($457)."),
    (2, 1, "Pay rose from 35,000 soms ($400) to 40,000 soms ($547)."),
    (1, 0, "The project costs $3 billion (€2.58 billion)."),
    (1, 1, "The project costs $3 billion (€2.88 billion)."),
    (None, 0, "Between 5 and 7 million soms ($57,000–80,000) were spent."),
    (None, 0, "Prices of 5–7 million soms ($57,000–$80,000) were named."),
    (0, 0, "It fell by 12% ($3 million) in 2025."),
    (0, 0, "In 2024 (USD 3 million) was spent."),
    (1, 0, "On 12 December 2025, $3 million (262 million soms) arrived."),
    (1, 0, "Exports reached $1.2bn, or 105 billion soms."),
    (1, 1, "Exports reached $1.2bn, or 150 billion soms."),
    (1, 0, "Kazakhstan will lend 12 trln tenge ($23.5 bln)."),
    (1, 1, "Kazakhstan will lend 12 trln tenge ($32.5 bln)."),
    (1, 0, "The plant cost RUB 7.7 billion (USD 100 million)."),
    (1, 0, "The plant cost 7.7 billion Russian roubles ($100 million)."),
    (1, 0, "The plant cost 7.7 billion rubles (some $100 million)."),
    (1, 0, "He paid 20,000 yuan (US$2,831)."),
    (1, 0, "He paid CNY 20,000 ($2,831)."),
    (1, 1, "He paid 20,000 yuan (US$3,831)."),
    (1, 0, "It earned TJS 91.9 million ($10 million)."),
    (1, 0, "It earned 91.9 million somoni ($10 million; 2024: $9 million)."),
    (1, 0, "Gas costs 3,500 manats ($1,000)."),
    (1, 1, "Gas costs 3,500 manats ($200) on the street."),
    (1, 0, "About $40 million, or roughly 3.5 billion soms, is missing."),
    (1, 0, "The 1.5 trillion soums (about $124.9 million) went to roads."),
    (1, 0, "Nearly 1.5 trillion Uzbek sums ($124.9 million) went to roads."),
    (0, 0, "USD 1 = UZS 12,009 (up 0.1%)."),
    (1, 0, "Sum of 1,500,000 sums ($125) a month."),
    (None, 0, "The 2.5-million-dollar (219-million-som) bridge opened."),
    (1, 0, "It has a value of 1.2 billion euros ($1.4 billion)."),
    (1, 0, "It has a value of €1.2bn (USD1.4bn)."),
    (1, 1, "It has a value of €1.2bn (USD1.8bn)."),
    (1, 0, "The award (10 million tenge, or $19,567) was given."),
    (None, 0, "The award of 10 million tenge — about $19,600 — was given."),
    (2, 0, "Tuition is $5,000 (437,250 soms) a year and $2,500 (218,625 soms) a half."),
    (1, 0, "Заём в 1,5 трлн сумов (124,9 млн долларов) подписан."),
    (1, 1, "Заём в 1,5 трлн сумов ($115,4 млн) подписан."),
    (1, 0, "Бюджет составил 300 млрд тенге (около $587 млн)."),
    (1, 1, "Бюджет составил 300 млрд тенге (около $687 млн)."),
    (1, 0, "Штраф — 10 тыс. сомов ($114)."),
    (1, 0, "Штраф — 10 000 сомов (114 долларов)."),
    (1, 1, "Штраф — 10 000 сомов (1140 долларов)."),
    (1, 0, "Завод стоит 7,7 млрд рублей (100 млн долларов США)."),
    (1, 0, "Зарплата выросла до 40 000 сомов (около 457 долларов)."),
    (1, 1, "Зарплата выросла до 40 000 сомов (примерно 547 долларов)."),
    (1, 0, "За 2,5 млн евро ($2,9 млн) купили автобусы."),
    (1, 0, "Он заплатил 20 тысяч юаней (2,8 тысячи долларов)."),
    (1, 0, "Экспорт достиг 1,2 млрд долларов, или 105 млрд сомов."),
    (1, 1, "Экспорт достиг 1,2 млрд долларов, или 150 млрд сомов."),
    (0, 0, "Курс вырос на 0,5% (87,45 сома за доллар)."),
    (1, 0, "Кредит на 91,9 млн сомони (10 млн $)."),
    (1, 1, "Кредит на 91,9 млн сомони (12 млн $)."),
    (1, 0, "Доход — 3500 манатов (1000 долларов)."),
    (0, 0, "В 2025 году (12 млн долларов) построили школу."),
    (1, 0, "Сделка на $3 млрд (€2,58 млрд) закрыта."),
    (1, 0, "Проект стоимостью 144 миллиона фунтов стерлингов (191,7 миллиона долларов)."),
    (None, 0, "Выделено 5-7 млн сомов ($57–80 тыс.)."),
    (1, 0, "Выделено 50 миллионов сомов, что составляет около 572 тысяч долларов."),
    (1, 1, "Выделено 50 миллионов сомов, что составляет около 752 тысяч долларов."),
    (1, 0, "A 20-million-som ($228,700) grant was given."),
    (1, 1, "A 20-million-som ($328,700) grant was given."),
    (1, 0, "He changed $1,000,000 (87 450 000 сомов) в банке."),
    (1, 0, "They got so‘m: 12,009,000 so‘m ($1,000)."),
    (1, 0, "KZT300bn ($587m) went to roads."),
    (0, 0, "The rate rose to 87.45 soms per dollar (from 87.40)."),
    (0, 0, "It sold 5,000 tonnes ($1.2 million) of wheat."),
    (1, 0, "In 2025 (the year) 3,000 euros ($3,492) were paid."),
    (0, 0, "The som fell 0.3% (87.45 per dollar)."),
    (None, 0, "Fines of $100–$200 (8,745–17,490 soms) apply."),
    (None, 0, "Fines of $100 to $200 (8,745 to 17,490 soms) apply."),
    (1, 0, "Grew 5% to $1 billion (87.45 billion soms), or 3% of GDP."),
    (1, 0, "Over 2 million people, or 30%, earn $200 (17,490 soms)."),
    (1, 0, "Оплата 500$ (43 725 сомов) в месяц."),
    (1, 0, "Оплата 500 долл. (43 725 сомов) в месяц."),
    (1, 0, "It lent $50 million (KGS 4.37 bn) to farmers."),
    (1, 1, "It lent $50 million (KGS 3.37 bn) to farmers."),
    (1, 0, "1,5 млрд. тенге (2,9 млн. долл.) потрачено."),
    (1, 1, "1,5 млрд. тенге (3,9 млн. долл. США) потрачено."),
]


@pytest.mark.parametrize(("held", "wrong", "sentence"), SENTENCES, ids=[s for _, _, s in SENTENCES])
def test_no_alarm_is_false_and_none_is_missed(held, wrong, sentence):
    """English and Russian, signs and codes and words, ranges, shares and dates beside sums."""
    found = list(conversions(sentence))
    assert held is None or len(found) == held
    assert len([said for conversion in found if (said := contradiction(conversion, BOOK))]) == wrong
