"""The `[delivery.sender]` and `[delivery.dkim]` tables: whose letter it is, and how it is sealed."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Address = Annotated[
    str, StringConstraints(pattern=r"^$|^[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$")
]
Domain = Annotated[str, StringConstraints(pattern=r"^$|^[a-z0-9-]+(\.[a-z0-9-]+)*$")]
Label = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,40}$")]


class SenderSettings(BaseModel):
    """Who the letter is from, and where answers and bounces go."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    address: Address = Field(
        default="", description="From: by default the publisher's email, for example letter@example.org."
    )
    name: str = Field(
        default="", max_length=100, description="The name before it; by default the publication's title."
    )
    reply_to: Address = Field(
        default="", description="Where answers go, if not to the sender: desk@example.org."
    )
    bounces: Address = Field(
        default="",
        description="Where failures are reported; a mark is added after its name, as bounce+MARK@example.org. "
        "By default the sender's own mailbox.",
    )
    unsubscribe: Address = Field(
        default="", description="A mailbox whose mail `publisher bounces` reads as wishes to leave."
    )
    list_id: Domain = Field(
        default="", description="Stable for the list's life; by default briefing. and the site's host name."
    )
    feedback_id: Label = Field(
        default="publisher", description="5 to 15 characters that name the sender to Gmail's reports."
    )


class DkimSettings(BaseModel):
    """The keys that seal letters; without any, the relay is trusted to do it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    domain: Domain = Field(default="", description="By default the sender's, for example example.org.")
    selector: Label = Field(default="letter", description="The record is letter._domainkey.example.org.")
    key_file: str = Field(default="", description="The RSA key, for example data/dkim.pem.")
    ed25519_selector: Label = Field(default="letter-ed", description="The second record's selector.")
    ed25519_key_file: str = Field(default="", description="A second key beside the first, never alone.")
