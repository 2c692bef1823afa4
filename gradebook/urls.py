"""Addresses of the gradebook's pages."""

from django.urls import URLPattern, URLResolver, path

from gradebook.views import grader, learner, submissions

COURSE = "courses/<uuid:pk>/gradebook"

urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{COURSE}/", grader.gradebook, name="course-gradebook"),
    path(f"{COURSE}.csv", grader.gradebook_csv, name="course-gradebook-csv"),
    path(
        f"{COURSE}/<uuid:line_item_id>/<uuid:person_id>/",
        grader.result_detail,
        name="course-gradebook-result",
    ),
    path("courses/<uuid:pk>/results/", learner.own_results, name="own-results"),
    path("courses/<uuid:pk>/submissions/", submissions.submissions, name="submissions"),
    path(
        "courses/<uuid:pk>/submissions/<uuid:line_item_id>/<uuid:person_id>/review/",
        submissions.review_of,
        name="submission-review-of",
    ),
    path("submissions/<uuid:pk>/review/", submissions.review, name="submission-review"),
]
