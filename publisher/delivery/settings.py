"""The `[delivery]` table of publication.toml; secrets come from the environment only."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints

from publisher.delivery.sender import DkimSettings, SenderSettings
from publisher.delivery.webhooks.settings import WebhookSettings

Host = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.:_-]{1,253}$")]


class ServerSettings(BaseModel):
    """A `[[delivery.servers]]` table: one SMTP relay."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: Host = Field(description="The relay's name, for example smtp.example.org.")
    port: int = Field(default=587, ge=1, le=65535, description="587, 465 or 25, for example 587.")
    tls: Literal["starttls", "implicit", "none"] | None = Field(
        default=None,
        description="How the connection is encrypted, for example starttls. By default implicit on "
        "port 465, none on this machine itself, starttls everywhere else.",
    )
    allow_plain: bool = Field(
        default=False, description="true lets this relay, by name, go without encryption, for example false."
    )
    ca_file: str = Field(default="", description="Certificates to trust, for example ca.pem.")
    user: str = Field(default="", description="The login's name, for example letters@example.org.")
    password_from: str = Field(
        default="",
        description="The environment variable that holds this relay's own password, for example "
        "RELAY_PASSWORD; by default PUBLISHER_SMTP_PASSWORD.",
    )
    login: Literal["password", "xoauth2"] = Field(
        default="password", description="password (PLAIN, LOGIN or CRAM-MD5), or xoauth2 with a token."
    )
    connections: int = Field(default=10, ge=1, le=200, description="Connections at once, for example 10.")
    weight: int = Field(
        default=1, ge=1, le=100, description="Its share when several are free, for example 2."
    )
    rate: float | None = Field(default=None, gt=0, description="Letters per second, for example 14.")
    bdat: bool = Field(
        default=False,
        description="true sends letters by BDAT where the relay offers CHUNKING, for example false.",
    )
    letters_per_connection: int = Field(
        default=1000, ge=1, description="After so many a fresh connection is opened, for example 100."
    )

    @property
    def name(self) -> str:
        """`smtp.example.org:587`."""
        return f"{self.host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Whether it runs on this very machine, where nobody can listen in."""
        try:
            return self.host == "localhost" or ip_address(self.host).is_loopback
        except ValueError:  # another name
            return False

    @property
    def encryption(self) -> Literal["starttls", "implicit", "none"]:
        """What `tls` says, or the default for this host and port."""
        if self.tls is not None:
            return self.tls
        if self.port == 465:  # noqa: PLR2004  # submissions, RFC 8314
            return "implicit"
        return "none" if self.is_loopback or self.allow_plain else "starttls"


class DeliverySettings(BaseModel):
    """How letters leave."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sender: SenderSettings = SenderSettings()
    dkim: DkimSettings = DkimSettings()
    webhooks: WebhookSettings = WebhookSettings()

    servers: tuple[ServerSettings, ...] = Field(
        default=(), description="SMTP relays; without any, letters are written into `folder`."
    )
    smtp_password: SecretStr | None = Field(
        default=None,
        description="The relay's password or token, for example an app password; from the environment only.",
        json_schema_extra={"environment": "PUBLISHER_SMTP_PASSWORD"},
    )
    folder: str = Field(default="data/outbox", description="Where .eml files go, for example data/outbox.")
    maildir: str = Field(default="", description="A maildir to deliver into instead, for example data/mail.")
    rate: float | None = Field(default=None, gt=0, description="Letters per second in all, for example 50.")
    domains: dict[str, float] = Field(
        default_factory=dict, description='Letters per second to a domain, for example {"gmail.com" = 20}.'
    )
    not_after_hours: float | None = Field(
        default=6,
        gt=0,
        description="Hours after which a letter is too late to leave by itself, for example 6.",
    )
    dsn: bool = Field(default=True, description="Ask servers that can to report failures, for example true.")
    ehlo_name: str = Field(default="", description="How we greet servers, for example mail.example.org.")
    strikes: int = Field(
        default=3,
        ge=1,
        le=20,
        description="Issues that may fail before an address is given up, for example 3.",
    )
    imap_password: SecretStr | None = Field(
        default=None,
        description="For `publisher bounces imaps://…`; from the environment only.",
        json_schema_extra={"environment": "PUBLISHER_IMAP_PASSWORD"},
    )
