"""The learner's pages. All of them are of the browser that was launched."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from tests.sandbox.assessment_tool import attempts, roster, scores
from tests.sandbox.assessment_tool.questions import questions_of
from tests.sandbox.lti import Tool
from tests.sandbox.web import browser_of, json_body, language, speak


def exam_views(tool: Tool) -> Blueprint:
    """Everything under /attempts/<id>."""
    views = Blueprint("exam", __name__, url_prefix="/attempts/<attempt_id>")
    _answering(views, tool)
    _finishing(views, tool)
    return views


def _own(tool: Tool, attempt_id: str) -> dict[str, Any]:
    attempt = attempts.own(tool, attempt_id, browser_of(tool))
    speak(attempt["locale"])
    return attempt


def _answering(views: Blueprint, tool: Tool) -> None:
    @views.get("")
    def exam_page(attempt_id: str) -> Any:
        attempt = _own(tool, attempt_id)
        if "finished_at" in attempt:
            return redirect(url_for("exam.done_page", attempt_id=attempt_id), 303)
        questions = [{"id": one["id"], **one[language()]} for one in questions_of(attempt["quiz"])]
        taker = roster.name_of(tool, attempt)
        return render_template(
            "exam.html", attempt=attempt, attempt_id=attempt_id, questions=questions, taker=taker
        )

    @views.post("/answers")
    def save(attempt_id: str) -> Any:
        count = len(questions_of(_own(tool, attempt_id)["quiz"]))
        told = {str(question): _number(option) for question, option in json_body().items()}
        return {"answered": attempts.answer(tool, attempt_id, told), "of": count}


def _finishing(views: Blueprint, tool: Tool) -> None:
    @views.post("/review")
    def review(attempt_id: str) -> Any:
        _own(tool, attempt_id)
        attempts.answer(tool, attempt_id, {name: _number(option) for name, option in request.form.items()})
        return redirect(url_for("exam.review_page", attempt_id=attempt_id), 303)

    @views.get("/review")
    def review_page(attempt_id: str) -> Any:
        attempt = _own(tool, attempt_id)
        missing = attempts.unanswered(attempt)
        count = len(questions_of(attempt["quiz"]))
        return render_template("review.html", attempt_id=attempt_id, missing=missing, count=count)

    @views.post("/finish")
    def finish(attempt_id: str) -> Any:
        _own(tool, attempt_id)
        scores.say_finished(tool, attempt_id, attempts.finish(tool, attempt_id))
        scores.send_due(tool)
        return redirect(url_for("exam.done_page", attempt_id=attempt_id), 303)

    @views.get("/done")
    def done_page(attempt_id: str) -> Any:
        _own(tool, attempt_id)
        return render_template("done.html", attempt_id=attempt_id, state=scores.state_of(tool, attempt_id))


def _number(text: Any) -> int:
    """An option's number; -1, which is none, for anything else."""
    return int(text) if str(text).isdecimal() else -1
