"""Roles of a course in the reader's words."""

import polib
import pytest
from django.utils.translation import override

from lti_platform.courses.role_words import SUB, role_words
from lti_platform.courses.vocabulary import SUB_ROLES
from tests.architecture.source import ROOT


def test_a_sub_role_is_said_beside_its_principal_role() -> None:
    assert str(role_words("Instructor")) == "Instructor"
    assert str(role_words("Instructor#TeachingAssistant")) == "Instructor: teaching assistant"
    assert str(role_words("Officer#Vice-Chair")) == "Officer: vice-chair"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Instructor#TeachingAssistant", "Instructor: asistente de enseñanza"),
        ("Learner#NonCreditLearner", "Estudiante: estudiante sin créditos"),
        ("Mentor#ExternalReviewer", "Mentor: revisor externo"),
    ],
)
def test_a_sub_role_is_said_in_spanish(name: str, words: str) -> None:
    with override("es"):
        assert str(role_words(name)) == words


def test_a_sub_role_of_nobodys_standard_is_spelled_out() -> None:
    with override("es"):
        assert str(role_words("Instructor#NightShiftLead")) == "Instructor: night shift lead"


def test_every_sub_role_of_the_standard_has_words_and_spanish_ones() -> None:
    assert set(SUB) == {sub for subs in SUB_ROLES.values() for sub in subs}
    catalogue = polib.pofile(str(ROOT / "lti_platform/locale/es/LC_MESSAGES/django.po"))
    spanish = {entry.msgid for entry in catalogue.translated_entries()}
    assert {str(words) for words in SUB.values()} - spanish == set()
