"""The hallway hands every room its settings."""

from __future__ import annotations

from pathlib import Path

from builders import publication

from publisher.config import Settings
from publisher.pipeline.issues import make_site
from publisher.rates.history import History


def test_every_table_of_settings_reaches_the_site():
    """What `[theme]`, `[feeds]`, `[email]`, `[pages]` and `[rates]` say is what renderers are given."""
    given = {
        "theme": {"serif": "Charter, serif"},
        "feeds": {"entries": 7},
        "email": {"content": "summary"},
        "rates": {"sparkline": "blocks"},
    }
    settings = Settings.model_validate({"root": Path(), "publication": publication()} | given)

    site = make_site(settings, [], History())

    assert site.theme.serif == "Charter, serif"
    assert site.feeds.entries == 7
    assert site.email.content == "summary"
    assert site.rates.sparkline == "blocks"
