"""The proof by killing, in small: `benchmarks/kill.py` with fewer kills, on both databases."""

import shutil
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(
    not (shutil.which("cc") or shutil.which("gcc")), reason="needs a C compiler: ./run system-deps"
)


def kill(repository, *arguments):
    command = [sys.executable, str(repository / "benchmarks" / "kill.py"), "--seed", "7", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert "0 lost, 0 sent without receipt, 0 duplicates" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("connections", ["1", "8"])
def test_no_kill_loses_a_reader_or_mails_one_twice(repository, database_url, connections) -> None:
    """Twenty kills: at most one letter in doubt per connection and kill, and those are held."""
    database = [] if database_url.startswith("sqlite") else ["--database", database_url]
    kill(repository, "--recipients", "300", "--kills", "20", "--connections", connections, *database)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.postgresql
def test_two_senders_share_the_work_while_one_after_the_other_is_killed(repository, database_url) -> None:
    """PostgreSQL: whoever lives takes over, and nobody is served twice."""
    kill(repository, "--recipients", "400", "--kills", "15", "--connections", "4", "--senders", "2",
         "--database", database_url)  # fmt: skip
