"""Every template can be read, says what happened, and leaves colours to the tokens."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines

ROOT = Path(settings.BASE_DIR)
PACKAGES = ("lti_platform", "gradebook", "proctoring", "certificates", "keys")
TEMPLATES = sorted(
    path for package in PACKAGES for path in (ROOT / package).rglob("templates/**/*.html") if path.is_file()
)
STYLES = sorted((ROOT / "lti_platform" / "web" / "static" / "web").glob("*.css"))
VAGUE = re.compile(r"something went wrong|invalid input|\boops\b", re.IGNORECASE)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_page_is_vague_about_what_happened() -> None:
    assert [named(path) for path in TEMPLATES if VAGUE.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_can_be_read(path: Path) -> None:
    folder = next(parent for parent in path.parents if parent.name == "templates")
    assert engines["django"].get_template(str(path.relative_to(folder)))


def test_the_scan_sees_templates() -> None:
    assert len(TEMPLATES) > 50


@pytest.mark.parametrize("path", [path for path in STYLES if path.name != "tokens.css"], ids=named)
def test_only_the_tokens_name_a_colour(path: Path) -> None:
    text = path.read_text(encoding="utf-8").split("@media print")[0]
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", text) == []


def test_the_two_dark_themes_are_the_same() -> None:
    tokens = (STYLES[0].parent / "tokens.css").read_text(encoding="utf-8")
    blocks = re.findall(r"color-scheme: dark;(.*?)\}", tokens, re.DOTALL)
    asked, chosen = ([line.strip() for line in block.strip().splitlines()] for block in blocks)
    assert asked == chosen


def test_the_spanish_of_what_a_learner_reads_is_complete() -> None:
    catalogue = (ROOT / "lti_platform/locale/es/LC_MESSAGES/django.po").read_text(encoding="utf-8")
    assert "#, fuzzy" not in catalogue
    learners = re.compile(r"^#: .*(lti_platform/web|/learner/|/public/|/mail/|/rendering/)", re.MULTILINE)
    blocks = [block for block in catalogue.split("\n\n") if learners.search(block)]
    assert len(blocks) > 200
    assert [block for block in blocks if re.search(r'msgstr(\[\d\])? ""\s*$', block)] == []
