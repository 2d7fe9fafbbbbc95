"""publication.toml and PUBLISHER_* variables, read once and passed down as values."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from publisher.content.models import Publication
from publisher.delivery.settings import DeliverySettings
from publisher.rates.settings import RatesSettings
from publisher.rendering.settings import EmailSettings, FeedSettings
from publisher.rendering.theme import Theme
from publisher.subscribers.settings import SubscriberSettings


class WebSettings(BaseModel):
    """The `[web]` table: the public door."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Settings(BaseModel):
    """Everything that is set, as each room wants it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    root: Path = Field(
        exclude=True, description="The folder of publication.toml; all paths are relative to it."
    )
    publication: Publication
    theme: Theme = Theme()
    feeds: FeedSettings = FeedSettings()
    email: EmailSettings = EmailSettings()
    rates: RatesSettings = RatesSettings()
    delivery: DeliverySettings = DeliverySettings()
    subscribers: SubscriberSettings = SubscriberSettings()
    web: WebSettings = WebSettings()
