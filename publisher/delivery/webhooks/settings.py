"""The `[delivery.webhooks]` table: which providers may tell us of bounces, and how we know them.

Each is off until its key is set; the address is `/bounces/` and the provider's name.
"""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class Provider(StrEnum):
    """Whose reports we read."""

    SES = "ses"
    POSTMARK = "postmark"
    SENDGRID = "sendgrid"
    MAILGUN = "mailgun"


class WebhookSettings(BaseModel):
    """How each provider proves that it is the one that speaks."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mailgun_key: SecretStr | None = Field(
        default=None,
        description="Mailgun's HTTP webhook signing key; from the environment only.",
        json_schema_extra={"environment": "PUBLISHER_MAILGUN_KEY"},
    )
    postmark_secret: SecretStr | None = Field(
        default=None,
        description="The password in Postmark's webhook address, or its X-Webhook-Secret header; from the "
        "environment only.",
        json_schema_extra={"environment": "PUBLISHER_POSTMARK_SECRET"},
    )
    sendgrid_key: str = Field(
        default="", description="SendGrid's verification key, as its page shows it, for example MFkwEwYH…"
    )
    ses_certificate: str = Field(
        default="", description="Amazon SNS's signing certificate as a file, for example data/sns.pem."
    )
    ses_topics: tuple[str, ...] = Field(
        default=(),
        description="The topics that may speak, for example arn:aws:sns:eu-central-1:123456789012:bounces.",
    )

    @property
    def providers(self) -> frozenset[Provider]:
        """Those that are switched on."""
        keys = {
            Provider.MAILGUN: self.mailgun_key and self.mailgun_key.get_secret_value(),
            Provider.POSTMARK: self.postmark_secret and self.postmark_secret.get_secret_value(),
            Provider.SENDGRID: self.sendgrid_key,
            Provider.SES: self.ses_certificate and self.ses_topics,
        }
        return frozenset(provider for provider, key in keys.items() if key)
