"""Addresses of the gradebook's pages."""

from django.urls import URLPattern, URLResolver, path

from gradebook.views import grader

COURSE = "courses/<uuid:pk>/gradebook"

urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{COURSE}/", grader.gradebook, name="course-gradebook"),
    path(f"{COURSE}.csv", grader.gradebook_csv, name="course-gradebook-csv"),
    path(
        f"{COURSE}/<uuid:line_item_id>/<uuid:person_id>/",
        grader.result_detail,
        name="course-gradebook-result",
    ),
]
