"""Banks on the loopback: what each prints, in its documented shape, and a server that plays them.

All figures are made up unless a test says otherwise.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Values = Mapping[str, tuple[str, int]]
"""What is printed for a currency, and for how many units of it."""


@dataclass
class Answer:
    """What the server says to one request."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drip: float = 0.0  # seconds between bytes
    drip_headers: bool = False  # not only those of the body


Route = Callable[[str, dict[str, list[str]]], Answer]


def nbkr_xml(day: date, values: Values, kind: str = "Daily") -> bytes:
    """windows-1251, comma decimals."""
    rows = "".join(
        f'<Currency ISOCode="{code}"><Nominal>{nominal}</Nominal><Value>{value.replace(".", ",")}</Value></Currency>'
        for code, (value, nominal) in values.items()
    )
    name = "Курсы" if kind == "Daily" else "Недельные курсы"
    text = (
        f'<?xml version="1.0" encoding="windows-1251"?><CurrencyRates Name="{name}" Date="{day:%d.%m.%Y}">'
        f"{rows}</CurrencyRates>"
    )
    return text.encode("windows-1251")


def nbk_xml(day: date, values: Values) -> bytes:
    """Points, a quant."""
    rows = "".join(
        f"<item><fullname>ВАЛЮТА</fullname><title>{code}</title><description>{value}</description>"
        f"<quant>{nominal}</quant><index>UP</index><change>+0.12</change></item>"
        for code, (value, nominal) in values.items()
    )
    text = f'<?xml version="1.0" encoding="utf-8"?><rates><date>{day:%d.%m.%Y}</date>{rows}</rates>'
    return text.encode()


def cbu_json(day: date, values: Values) -> bytes:
    """Everything is a string."""
    rows = [
        {
            "Ccy": code,
            "CcyNm_EN": code,
            "Nominal": str(nominal),
            "Rate": value,
            "Diff": "-1.5",
            "Date": f"{day:%d.%m.%Y}",
        }
        for code, (value, nominal) in values.items()
    ]
    return json.dumps(rows).encode()


def nbt_xml(day: date, values: Values) -> bytes:
    """The numeric ID is not to be trusted; here it is always wrong."""
    rows = "".join(
        f'<Valute ID="999"><CharCode>{code}</CharCode><Nominal>{nominal}</Nominal><Name>{code}</Name>'
        f"<Value>{value}</Value></Valute>"
        for code, (value, nominal) in values.items()
    )
    return f'<?xml version="1.0" encoding="utf-8"?><ValCurs Date="{day}">{rows}</ValCurs>'.encode()


def ecb_xml(day: date, values: Mapping[str, str]) -> bytes:
    """Cubes within cubes."""
    rows = "".join(f"<Cube currency='{code}' rate='{value}'/>" for code, value in values.items())
    return (
        "<?xml version='1.0' encoding='UTF-8'?>"
        "<gesmes:Envelope xmlns:gesmes='http://www.gesmes.org/xml/2002-08-01'"
        " xmlns='http://www.ecb.int/vocabulary/2002-08-01/eurofxref'>"
        f"<gesmes:subject>Reference rates</gesmes:subject><Cube><Cube time='{day}'>{rows}</Cube></Cube>"
        "</gesmes:Envelope>"
    ).encode()


def frankfurter_json(
    day: date, base: str, values: Mapping[str, str], own: Mapping[str, tuple[str, str]]
) -> bytes:
    """`values` are blends; `own` are providers' figures: currency -> (key, value)."""
    rows = []
    for code, value in values.items():
        providers = (
            [
                {"key": key, "date": str(day), "rate": _number(rate)}
                for key, rate in [own[code]]
                if code in own
            ]
            if code in own
            else []
        )
        rows.append(
            {"date": str(day), "base": base, "quote": code, "rate": _number(value), "providers": providers}
        )
    return _unquoted(rows)


def currency_api_json(day: date, base: str, values: Mapping[str, str]) -> bytes:
    """Lower case throughout."""
    return _unquoted(
        {"date": str(day), base: {code.lower(): _number(value) for code, value in values.items()}}
    )


def _number(text: str) -> str:
    return f"@{text}@"


def _unquoted(document: Any) -> bytes:
    """JSON whose numbers have exactly the digits given."""
    return json.dumps(document).replace('"@', "").replace('@"', "").encode()


@dataclass
class Town:
    """A running server: where it is, and what it was asked."""

    url: str
    asked: list[str]
    agents: list[str]


@contextmanager
def town(routes: Mapping[str, Route | Answer], anywhere: Answer | None = None) -> Iterator[Town]:
    """Serve answers by path, or one `anywhere`, on 127.0.0.1 until the block ends; else 404."""
    asked: list[str] = []
    agents: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # http.server's name
            asked.append(self.path)
            agents.append(self.headers.get("User-Agent", ""))
            parts = urlsplit(self.path)
            route = anywhere or routes.get(parts.path, Answer(status=404))
            self.reply(route if isinstance(route, Answer) else route(parts.path, parse_qs(parts.query)))

        def reply(self, answer: Answer) -> None:
            fields = answer.headers | {"Content-Length": str(len(answer.body))}
            head = f"HTTP/1.0 {answer.status} -\r\n" + "".join(f"{k}: {v}\r\n" for k, v in fields.items())
            try:
                self.send((head + "\r\n").encode(), answer.drip if answer.drip_headers else 0)
                self.send(answer.body, answer.drip)
            except OSError:
                pass  # the reader had enough, which is what the test is about

        def send(self, data: bytes, drip: float) -> None:
            if not drip:
                self.wfile.write(data)
            for byte in data if drip else b"":
                self.wfile.write(bytes([byte]))
                time.sleep(drip)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # http.server's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield Town(f"http://127.0.0.1:{server.server_port}", asked, agents)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
