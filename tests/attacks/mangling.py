"""Requests gone wrong in every way, and what is stored of everything that a refusal must leave alone."""

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.db import connection
from django.db.backends.utils import CursorWrapper
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.attacks.asking_for_tokens import sign_anything
from tests.tool_keys import ToolKey

LEFT_OUT: Any = ...
# A refusal may leave a line in the record and in the inspector, and a browser its session.
GROWS = {"django_session", "journal_entry", "journal_entrydetails", "launches_launchstep"}
few = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)

NASTY = st.sampled_from([
    "", " ", "\x00", "\ud800", "x" * 5000, "é", "-1", "0", "1e400", "NaN", "null", "true", "' OR 1=1 --", "../..",
    "%00", "<script>", "javascript:x", "https://[", "https://a.example:99999/", "$User.id",
    "2026-13-40T99:99:99Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59",
    "00000000-0000-4000-8000-000000000000",
])  # fmt: skip
texts = NASTY | st.text(max_size=30)
numbers = st.integers() | st.floats() | st.sampled_from([10**30, -(10**30), 2**63, 1e308])
scalars = st.none() | st.booleans() | numbers | texts
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


def stored() -> dict[str, list[str]]:
    """Every row of every table that has any, sorted, but for those tables in which a refusal is noted."""
    tables = sorted({model._meta.db_table for model in apps.get_models()} - GROWS)
    any_rows = [f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in tables]  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(any_rows))
        return {str(table): rows_of(str(table), cursor) for (table,) in cursor.fetchall()}


def rows_of(table: str, cursor: CursorWrapper) -> list[str]:
    """The table's rows as text."""
    cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
    return sorted(map(repr, cursor.fetchall()))


def changes(names: Sequence[str]) -> st.SearchStrategy[dict[str, Any]]:
    """One to three members with other values, or left out."""
    return st.dictionaries(
        st.sampled_from([*names, "unheard_of"]), anything | st.just(LEFT_OUT), min_size=1, max_size=3
    )


def changed(good: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """The good members with these changes."""
    return {name: value for name, value in {**good, **said}.items() if value is not LEFT_OUT}


def spoiled(good: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """The good JSON with something wrong in it, at its first level or the next."""
    flat = changes(list(good)).map(lambda said: changed(good, said))
    inner = {name: value for name, value in good.items() if isinstance(value, dict)}
    if not inner:
        return flat
    deep = st.sampled_from(list(inner)).flatmap(
        lambda name: changes(list(inner[name])).map(lambda said: {**good, name: changed(inner[name], said)})
    )
    return flat | deep


def bodies(good: Mapping[str, Any]) -> st.SearchStrategy[bytes]:
    """A good body spoiled, any JSON, or any bytes."""
    return (spoiled(good) | anything).map(lambda value: json.dumps(value).encode()) | st.binary(max_size=120)


def queries(*names: str) -> st.SearchStrategy[str]:
    """A query with known names and any values, or any text."""
    pairs = st.lists(st.tuples(st.sampled_from([*names, "x"]), texts), max_size=4)
    return pairs.map(lambda given: urlencode(given, errors="surrogatepass"))


def jwts(good: Mapping[str, Any], *, key: ToolKey) -> st.SearchStrategy[str]:
    """A good message spoiled and signed all the same, one signed by nobody, or any text."""
    signed = spoiled(good).map(lambda claims: sign_anything(key, claims))
    headers = st.dictionaries(st.sampled_from(["alg", "kid", "typ", "crit", "jwk", "jku"]), anything)
    forged = headers.map(lambda header: f"{_part({'alg': 'RS256', **header})}.{_part(dict(good))}.AAAA")
    return signed | forged | texts.map(lambda text: text.encode("utf-8", "replace").decode())


def _part(value: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
