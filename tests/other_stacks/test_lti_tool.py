"""A tool on @lti-tool/core, from npm: the same way, with another library's opinions."""

import pytest

from tests.other_stacks.story import Course, Stage, is_whole, played_through, read_in_pages

pytestmark = pytest.mark.browser
QUIZ = "Ladders, on lti-tool"


def test_a_tool_on_lti_tool_goes_from_registration_to_score(
    packages: None, stage: Stage, course: Course
) -> None:
    with stage.tool("lti_tool") as url:
        course.register(f"{url}/lti/register", consent="Register Tool")
        played_through(course, QUIZ, tool="Lti-tool Quizzes")
        assert is_whole(read_in_pages(course, QUIZ))
