from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from lti_platform.journal import clock
from lti_platform.journal.working import run_due
from proctoring.desk import recording
from proctoring.desk.incident_rows import rows_of
from proctoring.evidence.models import Access
from tests.browsing import signed_in
from tests.factories import pia
from tests.proctoring.desk.staging import Recorded, begin, usual_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage() -> Recorded:
    return usual_case()[0]


@pytest.fixture
def client(stage: Recorded) -> Client:
    """Pia, who has started on the case."""
    found = signed_in(pia())
    begin(found, stage.number)
    return found


def playlist_of(stage: Recorded) -> str:
    return reverse("review-playlist", args=[stage.number])


def test_the_playlist_says_where_each_segment_starts_and_plays_it(client: Client, stage: Recorded) -> None:
    answer = client.get(playlist_of(stage))
    assert "no-store" in answer["Cache-Control"]
    found = {stream["name"]: stream["segments"] for stream in answer.json()["streams"]}
    assert [segment["start_ms"] for segment in found["camera"]] == [0, 2000, 10_000]
    assert [segment["start_ms"] for segment in found["screen"]] == [0]
    url = found["camera"][2]["url"].replace("http://localhost:8000", "")
    part = client.get(url, headers={"range": "bytes=0-3"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, b"\x1a\x45\xdf\xa3")  # type: ignore[attr-defined]


def test_the_playlist_asks_to_be_fetched_again_before_its_addresses_run_out(
    client: Client, stage: Recorded
) -> None:
    assert 0 < client.get(playlist_of(stage)).json()["renew_in_ms"] <= 10 * 60 * 1000


def test_without_a_start_there_is_no_playlist(stage: Recorded) -> None:
    answer = signed_in(pia()).get(playlist_of(stage))
    assert (answer.status_code, answer.json()["error"]) == (403, "access_over")


def test_an_hour_later_the_playlist_is_closed(client: Client, stage: Recorded) -> None:
    Access.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert client.get(playlist_of(stage)).status_code == 403


def test_an_incident_is_at_its_second_and_one_in_a_gap_says_so(stage: Recorded) -> None:
    known = recording.read(stage.attempt, now=clock.now())
    places = {
        str(row.title): (row.place.at_ms, row.place.is_recorded)
        for row in rows_of(stage.attempt, recording=known)
    }
    assert places["Second person in view"] == (3000, True)
    assert places["Left the exam tab"] == (6000, False)
    assert places["Connection lost"] == (11_000, True)


def test_a_tool_whose_clock_is_ahead_is_read_by_ours() -> None:
    stage = Recorded(tool_is_ahead=timedelta(seconds=41))
    stage.flag(3)
    stage.record("camera", 0, 2)
    stage.hand_in(("recording", "camera", 2))
    known = recording.read(stage.attempt, now=clock.now())
    (row,) = [row for row in rows_of(stage.attempt, recording=known) if row.incident.source == "tool"]
    assert (row.place.at_ms, row.place.is_recorded) == (3000, True)


def test_a_second_session_goes_on_where_the_clock_says(client: Client, stage: Recorded) -> None:
    first = stage.session
    stage.session = stage.new_session(7, state="recording", session_data_digest="second")
    stage.record("camera", 40)
    run_due(now=clock.now())
    begin(client, stage.number)
    camera = next(
        stream for stream in client.get(playlist_of(stage)).json()["streams"] if stream["name"] == "camera"
    )
    assert [segment["start_ms"] for segment in camera["segments"]] == [0, 2000, 10_000, 40_000]
    assert first.pk != stage.session.pk


def test_the_timeline_draws_what_was_not_recorded(client: Client, stage: Recorded) -> None:
    html = client.get(reverse("review-session", args=[stage.number])).content.decode()
    assert 'class="missing"' in html
    assert "Left the exam tab, to decide" in html
    assert "not recorded" in html


def test_the_policy_lets_media_come_from_the_store_alone(client: Client, stage: Recorded) -> None:
    policy = client.get(reverse("review-session", args=[stage.number]))["Content-Security-Policy"]
    assert "media-src 'self' blob:;" in policy
    assert "script-src 'self';" in policy
