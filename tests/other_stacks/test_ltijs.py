"""A tool on ltijs, from npm: it registers itself, is opened, hands over content, reads the roster and scores."""

import pytest

from tests.other_stacks.story import Course, Stage, is_whole, played_through, read_in_pages
from tests.services.postgres import new_database

pytestmark = [pytest.mark.browser, pytest.mark.services]
QUIZ = "Ladders, on ltijs"


def test_a_tool_on_ltijs_goes_from_registration_to_score(
    packages: None, stage: Stage, course: Course, postgres: str
) -> None:
    with new_database(postgres) as database, stage.tool("ltijs", database) as url:
        course.register(f"{url}/register")
        played_through(course, QUIZ, tool="Ltijs Quizzes")
        assert is_whole(read_in_pages(course, QUIZ))
