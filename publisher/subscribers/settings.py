"""The `[subscribers]` table of publication.toml; secrets come from the environment only."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints


class SubscriberSettings(BaseModel):
    """How people sign up and leave."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    database: str = Field(
        default="sqlite:///data/publisher.db",
        description="Where readers are kept: sqlite:///data/publisher.db or postgresql://user@host/name.",
    )
    secret_key: SecretStr | None = Field(
        default=None,
        description="Signs the links in letters, for example the output of `openssl rand -hex 32`; "
        "without one, data/secret.key is made.",
        json_schema_extra={"environment": "PUBLISHER_SECRET_KEY"},
    )
    old_secret_keys: tuple[SecretStr, ...] = Field(
        default=(),
        description="Keys that sign no more; links of old letters still work with them.",
        json_schema_extra={"environment": "PUBLISHER_OLD_SECRET_KEYS"},
    )
    consent: Annotated[str, StringConstraints(min_length=1, max_length=40)] = Field(
        default="1",
        description="The version of the text that readers agree to, for example 2026-02; recorded with each.",
    )
    confirm_days: int = Field(
        default=7, ge=1, le=60, description="How many days a confirmation link works, for example 7."
    )
    letters_per_address: int = Field(
        default=3, ge=1, le=10, description="Confirmation letters to one address in 24 hours, for example 3."
    )
    tries_per_client: int = Field(
        default=10, ge=1, le=1000, description="Sign-ups from one IP address in an hour, for example 10."
    )
    tries_per_hour: int = Field(
        default=500, ge=1, description="Sign-ups from everybody in an hour; above it an alarm is logged."
    )

    @property
    def confirm_lifetime(self) -> timedelta:
        """How long a confirmation link works."""
        return timedelta(days=self.confirm_days)
