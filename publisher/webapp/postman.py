"""Carries the confirmations: takes a wish, writes its letter, hands it to the mailer *.

It goes round by the clock and is not woken by the form, so that nobody can hear from the door's
answering time whether a letter was due.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from publisher.errors import PublisherError, UnavailableError
from publisher.subscribers.letters import Mailer, UndeliverableError
from publisher.subscribers.signup import Errand
from publisher.webapp.door import Door

LOG = logging.getLogger("publisher.webapp")
ROUND = 2
"""Seconds between two rounds."""
TIDYING = timedelta(hours=1)


@dataclass
class Postman:
    """The door's one worker; several machines may each have theirs."""

    door: Door
    mailer: Mailer
    tidied: datetime | None = None

    async def rounds(self) -> None:
        """Go round until the door closes; a fault is logged and the next round tries again."""
        while True:
            try:
                await self.go_round()
            except PublisherError as error:
                LOG.error("confirmations are waiting: %s", error)  # noqa: TRY400  # a sentence, not a traceback
            except Exception:
                LOG.exception("confirmations are waiting: Publisher itself failed")
            await asyncio.sleep(ROUND)

    async def go_round(self) -> None:
        """Answer every wish that is due, tell of alarms that are over, forget what is old."""
        while await self.carry_on():
            pass
        await self._tell_of_alarms()
        await self._tidy()

    async def carry_on(self) -> bool:
        """Answer one wish, or drop some that get no answer; False when none is due."""
        signups, now = self.door.signups, self.door.clock()
        errand = await self.door.ask(signups.take, now, self.mailer.longest)
        if not isinstance(errand, Errand):
            return errand > 0
        try:
            await self.mailer.send(self.door.letters.write(errand, now))
        except UndeliverableError:
            LOG.warning("no server takes a confirmation to reader %d", errand.reader.id)
            await self.door.ask(signups.done, errand)
        except (PublisherError, OSError) as error:
            # relays' words come from before the address was named; another error's text may hold it
            why = error if isinstance(error, UnavailableError) else type(error).__name__
            LOG.error("a confirmation to reader %d did not leave: %s", errand.reader.id, why)  # noqa: TRY400
            await self.door.ask(signups.failed, errand, self.door.clock())
        else:
            await self.door.ask(signups.done, errand)
        return True

    async def _tell_of_alarms(self) -> None:
        for alarm in await self.door.ask(self.door.signups.ended_alarms, self.door.clock()):
            since = f"{alarm.since:%Y-%m-%d %H:%M} UTC"
            LOG.warning("%d sign-ups were refused in the hour from %s", alarm.refused, since)

    async def _tidy(self) -> None:
        now = self.door.clock()
        if self.tidied is None or now - self.tidied > TIDYING:
            await self.door.ask(self.door.signups.tidy, now)
            self.tidied = now
