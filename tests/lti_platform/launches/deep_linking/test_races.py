"""Many at once: one answer is taken, once."""

from typing import Any

import pytest
from django.test import Client

from lti_platform.launches.models import ContentItem, ContentRequest
from tests.lti_platform.launches.deep_linking.staging import RETURN, Picking, picking
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)
ITEM = {"type": "html", "html": "<p>x</p>"}
CLIENTS = 16


def twin_of(stage: Picking) -> Client:
    """The same browser, once more: same session."""
    twin = Client()
    twin.cookies = stage.browser.cookies
    return twin


def test_data_counts_once_however_many_answers_come_at_once() -> None:
    stage = picking()
    tokens = [stage.token([ITEM]) for _ in range(CLIENTS)]
    posts: list[Any] = [lambda token=token: twin_of(stage).post(RETURN, {"JWT": token}) for token in tokens]
    codes = [answer.status_code for answer in together(*posts)]
    assert sorted(codes) == [303, *[400] * (CLIENTS - 1)]
    assert stage.request.state == ContentRequest.State.WAITING


def test_one_message_counts_once_however_often_it_is_posted_at_once() -> None:
    stage = picking()
    token = stage.token([ITEM])
    posts: list[Any] = [lambda: twin_of(stage).post(RETURN, {"JWT": token}) for _ in range(CLIENTS)]
    codes = [answer.status_code for answer in together(*posts)]
    assert sorted(codes) == [303, *[400] * (CLIENTS - 1)]


def test_what_waits_is_added_once_however_many_press_the_button() -> None:
    stage = picking()
    stage.give([ITEM, stage.link()])
    address = f"/admin/content/{stage.request.pk}/add/"
    answers = together(*[lambda: twin_of(stage).post(address) for _ in range(8)])
    assert {answer.status_code for answer in answers} == {302}
    assert (ContentItem.objects.count(), stage.links().count()) == (2, 1)
