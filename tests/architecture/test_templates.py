"""A strict content security policy lets nothing inline run: what would be refused is not written."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, templates

# What the template language itself reads; a component's `style` is a name, not a declaration.
TAG = re.compile(r"{%.*?%}", re.S)
BANNED = {
    "an inline style": re.compile(r"""\sstyle\s*=\s*["'{]""", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*type=[\"']application/json)", re.I),
    "an event handler": re.compile(r"""<[^>]*\son[a-z]+\s*=\s*["']""", re.I),
    "a script address": re.compile(r"""["']\s*javascript:""", re.I),
    "an htmx script": re.compile(r"""\shx-on[:-]""", re.I),
    "a host of others": re.compile(r"""<(?:script|link|img|iframe)\b[^>]*(?:src|href)=["']https?:""", re.I),
}


@pytest.mark.parametrize("what", BANNED)
def test_no_template_holds(what: str) -> None:
    assert list(_found(BANNED[what])) == []


def test_the_patterns_find_what_they_are_for() -> None:
    bad = (
        '<p style="color:red">',
        "<style>",
        "<script>alert(1)</script>",
        '<a onclick="go()">',
        '<a href="javascript:go()">',
        '<a hx-on:click="go()">',
        '<script src="https://cdn.example/x.js">',
    )
    for text, pattern in zip(bad, BANNED.values(), strict=True):
        assert pattern.search(text)


def _found(pattern: re.Pattern[str]) -> Iterator[str]:
    for path in templates():
        markup = TAG.sub("", path.read_text(encoding="utf-8"))
        for match in pattern.finditer(markup):
            yield f"{_name(path)}: {match.group(0)}"


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
