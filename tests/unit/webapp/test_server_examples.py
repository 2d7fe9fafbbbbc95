"""The configurations below `deploy/` against those that docs/serving.md explains."""

from __future__ import annotations

import pytest
from web_servers import snippet


@pytest.mark.parametrize(("file", "language"), [("nginx.conf", "nginx"), ("Caddyfile", "caddy")])
def test_what_is_shipped_serves_the_site_as_the_docs_say(repository, file, language):
    """Every line of the docs is in the file, in the same order; the door and the certificate are added to it."""
    lines = (repository / "deploy" / file).read_text(encoding="utf-8").splitlines()
    shipped = (line.strip() for line in lines)
    explained = [line.strip() for line in snippet(language).splitlines()]
    left_out = [line for line in explained if line != "listen 80;" and line not in shipped]
    assert left_out == []
