"""The catalogues: complete, and compiled from what is written."""

import re
from pathlib import Path

import polib
import pytest

from tests.architecture.source import PACKAGES, ROOT

CATALOGUES = sorted(
    path for package in PACKAGES for path in (ROOT / package).rglob("locale/*/LC_MESSAGES/*.po")
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")

each_catalogue = pytest.mark.parametrize(
    "path", CATALOGUES, ids=[path.relative_to(ROOT).as_posix() for path in CATALOGUES]
)


@each_catalogue
def test_the_compiled_catalogue_says_what_the_written_one_says(path: Path) -> None:
    written = {_key(entry): _translations(entry) for entry in polib.pofile(str(path)).translated_entries()}
    assert path.with_suffix(".mo").exists(), "run `make messages`"
    compiled = {_key(entry): _translations(entry) for entry in polib.mofile(str(path.with_suffix(".mo")))}
    assert compiled == written


@each_catalogue
def test_no_translation_is_a_guess(path: Path) -> None:
    assert [entry.msgid for entry in polib.pofile(str(path)).fuzzy_entries()] == []


@each_catalogue
def test_translations_keep_the_places_for_values(path: Path) -> None:
    found = [
        entry.msgid
        for entry in polib.pofile(str(path)).translated_entries()
        for text in _translations(entry)
        if not set(PLACEHOLDER.findall(text))
        <= set(PLACEHOLDER.findall(entry.msgid + (entry.msgid_plural or "")))
    ]
    assert found == []


def _key(entry: polib.POEntry | polib.MOEntry) -> tuple[str, str]:
    return (entry.msgctxt or "", entry.msgid)


def _translations(entry: polib.POEntry | polib.MOEntry) -> list[str]:
    return (
        [entry.msgstr]
        if not entry.msgid_plural
        else [text for _, text in sorted(entry.msgstr_plural.items())]
    )
