"""docs/threat-model.md and docs/compliance.md rest on files, commands and periods that are there."""

import re

import polib
import pytest

from lti_platform.launches.forgetting import KEPT
from proctoring.evidence import retention
from tests.architecture.source import ROOT, house

DOCUMENTS = ("threat-model.md", "compliance.md", "glossary.md", "operating.md", "lti.md")
FILE = re.compile(r"`((?:tests|lti_platform|proctoring|keys|gradebook|certificates)/[\w/]+\.py)`")


def words(name: str) -> str:
    """The document's text."""
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_that_is_named_exists(document: str) -> None:
    assert [path for path in FILE.findall(words(document)) if not (ROOT / path).is_file()] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_that_is_named_is_there(document: str) -> None:
    ours = {source.path.stem for source in house() if source.path.parent.name == "commands"}
    of_django = {"check", "migrate", "collectstatic", "createsuperuser"}
    assert set(re.findall(r"manage\.py ([a-z_]+)", words(document))) <= ours | of_django


def test_the_periods_told_are_the_periods_kept() -> None:
    told = [
        int(days) for days in re.findall(r"\b(\d+) days", words("compliance.md").partition("## Custody")[0])
    ]
    days = [*retention.DAYS.values(), retention.IDENTITY_PHOTO_DAYS, retention.MANIFEST_DAYS, KEPT.days]
    assert sorted(set(told)) == sorted({*days, *retention.VERDICT_DAYS.values()})


def test_the_spanish_words_told_are_words_of_the_pages() -> None:
    catalogue = polib.pofile(str(ROOT / "lti_platform/locale/es/LC_MESSAGES/django.po"))
    said = " ".join(text for entry in catalogue for text in (entry.msgstr, *entry.msgstr_plural.values()))
    rows = re.findall(r"^\| (?!word|state)[^|]+ \| [^|]+ \| ([^|]+) \|$", words("glossary.md"), re.M)
    told = {word for row in rows for word in row.split("; for staff: ") if not word.startswith("-")}
    assert len(told) > 10
    assert {word for word in told if word.lower() not in said.lower()} == set()
