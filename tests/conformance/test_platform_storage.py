"""Client Side postMessages and postMessage Storage (base documents, 0.1), clause by clause, in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Frame

from tests.conformance.clauses import clause
from tests.lti_platform.launches.asking import ask, error_of, get, is_silent, put
from tests.lti_platform.launches.storage_page import Ours, Site, site_of

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(chromium: Path) -> Iterator[Site]:
    with site_of(chromium) as made:
        yield made


@pytest.fixture
def ours(site: Site) -> Iterator[Ours]:
    with site.tab() as tab:
        yield tab


@pytest.fixture
def tool(ours: Ours) -> Frame:
    return ours.open()


@clause("cs-pm the subject of an answer is that of the request and .response")
def test_answers_are_named_after_requests(tool: Frame, clause: str) -> None:
    for subject in ("lti.capabilities", "lti.get_data", "lti.put_data"):
        answer = ask(tool, {"subject": subject, "message_id": "7", "key": "k", "value": "v"})
        assert (answer["subject"], answer["message_id"]) == (f"{subject}.response", "7")


@clause("cs-pm capabilities lists the subjects that are supported")
def test_capabilities_are_listed(tool: Frame, clause: str) -> None:
    answer = ask(tool, {"subject": "lti.capabilities", "message_id": "1"})
    told = {one["subject"] for one in answer["supported_messages"]}
    assert {"lti.capabilities", "lti.get_data", "lti.put_data"} <= told


@clause("cs-pm the platform answers to the origin that asked")
def test_the_answer_is_for_the_one_who_asked(ours: Ours, tool: Frame, clause: str) -> None:
    assert put(tool, "k", "v")["origin"] == ours.url


@clause("cs-pm an error has a code and words")
def test_errors_have_a_code_and_words(tool: Frame, clause: str) -> None:
    assert error_of(ask(tool, {"subject": "lti.sing", "message_id": "1"})) == "unsupported_subject"
    assert error_of(ask(tool, {"subject": "lti.get_data", "message_id": "1"})) == "bad_request"


@clause("cs-pm messages of others are not answered")
def test_messages_of_others_are_left_alone(tool: Frame, clause: str) -> None:
    assert is_silent(tool, {"subject": "vendor.resize", "message_id": "1"})


@clause("pm-s put_data tells what was put")
def test_put_tells_key_and_value(tool: Frame, clause: str) -> None:
    answer = put(tool, "lti_state_1", "state")
    assert (answer["key"], answer["value"]) == ("lti_state_1", "state")


@clause("pm-s get_data tells the value that was put")
def test_get_tells_the_value(tool: Frame, clause: str) -> None:
    put(tool, "lti_nonce_1", "nonce")
    assert get(tool, "lti_nonce_1") == "nonce"


@clause("pm-s put_data with null removes the key")
def test_null_removes(tool: Frame, clause: str) -> None:
    put(tool, "k", "v")
    put(tool, "k", None)
    assert get(tool, "k") is None


@clause("pm-s values are kept apart by the origin that put them")
def test_origins_are_kept_apart(ours: Ours, clause: str) -> None:
    put(ours.open(0), "k", "one")
    assert get(ours.open(1), "k") is None


@clause("pm-s only origins of the tool's registration are served")
def test_unknown_origins_are_refused(ours: Ours, clause: str) -> None:
    assert error_of(put(ours.open(2), "k", "v")) == "wrong_origin"


@clause("pm-s at least 4096 bytes are kept")
def test_there_is_room_for_four_kilobytes(tool: Frame, clause: str) -> None:
    put(tool, "k", "x" * 4096)
    assert get(tool, "k") == "x" * 4096


@clause("pm-s what has no room is refused with storage_exhaustion")
def test_there_is_an_end_to_the_room(tool: Frame, clause: str) -> None:
    assert error_of(put(tool, "k", "x" * 100_000)) == "storage_exhaustion"
