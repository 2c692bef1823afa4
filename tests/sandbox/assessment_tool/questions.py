"""The exam: 25 questions in two languages, one right answer each; and a practice of the first five."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("questions.json")
FULL, PRACTICE = "full", "practice"
QUIZZES = {FULL: "Refrigerant handling", PRACTICE: "Refrigerant handling: practice"}
PRACTICE_QUESTIONS = 5


@cache
def all_questions() -> list[dict[str, Any]]:
    """[{"id", "answer": index of the right option, "en": {"question", "options"}, "es": …}]"""
    questions: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    return questions


def questions_of(quiz: str) -> list[dict[str, Any]]:
    """The questions of one of the quizzes; of the whole exam for a quiz we do not know."""
    return all_questions()[:PRACTICE_QUESTIONS] if quiz == PRACTICE else all_questions()


def is_answer(question_id: str, option: int) -> bool:
    """Whether the question exists and has such an option."""
    return any(
        one["id"] == question_id and 0 <= option < len(one["en"]["options"]) for one in all_questions()
    )


def right_answers(answers: dict[str, int], *, quiz: str) -> int:
    """How many of the answers are right."""
    return sum(answers.get(one["id"]) == one["answer"] for one in questions_of(quiz))
