"""What the program can say in English, it can say in Russian."""

from __future__ import annotations

from furniture import ROOT, messages

from publisher.rendering.catalogue import catalogue


def test_russian_says_everything():
    """Every message of templates and code is in the Russian catalogue."""
    russian = catalogue("ru")
    untranslated = {english for english in messages() if russian.gettext(english) == english}
    plurals = {english for english in untranslated if english.startswith("{count}")}
    names = {"RSS", "Atom", "JSON Feed", "OPML"}

    assert untranslated - plurals - names == set(), f"add them to {ROOT.name}/publisher/locale/ru.po"
