"""A refusal for our own fault comes back while letters leave: the running send stops, and says why."""

from __future__ import annotations

import json
import subprocess
import time
from collections import Counter
from pathlib import Path

from commands import PUBLISHER, environment, example, run
from reports import failure
from smtp_server import Script, smtp_server

from publisher.config import load_settings
from publisher.pipeline.letters import marks_of
from publisher.subscribers.models import State
from publisher.subscribers.opening import open_store

READERS = 120
ISSUE = "2025-12-10"


def test_a_report_of_5_7_x_stops_the_running_send_and_touches_no_reader(tmp_path: Path) -> None:
    """A person resumes; the report of a letter that left before stops nothing again; everybody has it once."""
    folder = example(tmp_path)
    lines = "".join(f"reader{n}@readers.example\n" for n in range(1, READERS + 1))
    (folder / "list.csv").write_text(f"email\n{lines}", encoding="utf-8")
    run(PUBLISHER, "subscribers", "import", "list.csv", "--consent", "asked at a fair", cwd=folder)
    with smtp_server(Script(delay=0.05)) as server:
        table = f'\n[[delivery.servers]]\nhost = "127.0.0.1"\nport = {server.port}\nconnections = 2\n'
        config = folder / "publication.toml"
        config.write_text(config.read_text(encoding="utf-8") + table, encoding="utf-8")
        settings = load_settings(config, {})
        store = open_store(settings.subscribers, settings.root)
        verp = f"bounce+{marks_of(store.keyring).make(ISSUE, 1)}@letter.example"
        report = failure("5.7.26", "smtp; 550 5.7.26 unauthenticated", to=verp).decode()
        with subprocess.Popen(
            [*PUBLISHER, "send", "--yes"], cwd=folder, stderr=subprocess.PIPE, text=True, env=environment()
        ) as sending:
            while len(server.took) < 3:
                time.sleep(0.01)
            told = run(PUBLISHER, "bounces", "-", cwd=folder, stdin=report)
            _, said = sending.communicate(timeout=60)
        before = len(server.took)
        status, data = (run(PUBLISHER, "send", "--status", *more, cwd=folder) for more in ([], ["--json"]))
        with subprocess.Popen(
            [*PUBLISHER, "send", "--yes", "--resume"],
            cwd=folder, stderr=subprocess.PIPE, text=True, env=environment(),
        ) as resuming:  # fmt: skip
            while len(server.took) < before + 3:
                time.sleep(0.01)
            old = run(PUBLISHER, "bounces", "-", cwd=folder, stdin=report)
            _, rest = resuming.communicate(timeout=60)
    assert (told.returncode, "the mailing is stopped" in told.stderr) == (0, True), told.stderr
    assert f"`publisher send {ISSUE} --resume`" in told.stderr
    assert "stopped a server refused it with 5.7.26" in status.stderr
    assert json.loads(data.stdout)["stopped"].startswith("a server refused it with 5.7.26")
    assert "it left before the mailing was resumed, so nothing is stopped" in old.stderr
    assert "is stopped." not in old.stderr
    assert sending.returncode not in {0, 1}, said
    assert "5.7.26" in said
    assert before < READERS
    assert resuming.returncode == 0, rest
    assert Counter(server.recipients) == Counter(f"reader{n}@readers.example" for n in range(1, READERS + 1))
    assert store.counts()[State.ACTIVE] == READERS
