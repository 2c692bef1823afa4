"""Addresses of this package."""

from django.urls import path

from proctoring.views import admin, control, learner, linked, picking, starting, window

urlpatterns = [
    path("lti/proctoring/start-assessment", starting.start, name="start-assessment"),
    path(
        "lti/proctoring/sessions/<uuid:session_id>/control",
        control.assessment_control_service,
        name="assessment-control",
    ),
    path("lti/proctoring/sessions/<uuid:session_id>/start/<slug:token>", linked.start, name="linked-start"),
    path("exams/<uuid:pk>/", learner.exam_ready, name="exam-ready"),
    path("exams/<uuid:pk>/start", learner.begin, name="exam-begin"),
    path("exams/<uuid:pk>/attempt", learner.open_attempt, name="exam-attempt"),
    path("attempts/<uuid:pk>/", learner.attempt_detail, name="attempt"),
    path("attempts/<uuid:pk>/note", learner.add_note, name="attempt-note"),
    path("attempts/<uuid:pk>/status", window.status, name="attempt-status"),
    path("attempts/<uuid:pk>/heartbeat", window.heartbeat, name="attempt-heartbeat"),
    path("attempts/<uuid:pk>/continue", window.go_on, name="attempt-continue"),
    path("attempts/<uuid:pk>/hand-in", window.hand_in, name="attempt-hand-in"),
    path("attempts/<uuid:pk>/check-in", window.open_check_in, name="attempt-check-in"),
    path("attempts/<uuid:pk>/start", linked.start_here, name="attempt-start"),
    path("attempts/<uuid:pk>/exam", window.open_exam, name="attempt-exam"),
    path("attempts/<uuid:pk>/end", window.end_assessment, name="attempt-end"),
    path("admin/exams/", admin.exam_list, name="exam-list"),
    path("admin/exams/new", admin.exam_new, name="exam-new"),
    path("admin/exams/<uuid:pk>/", admin.exam_detail, name="exam-detail"),
    path("admin/exams/<uuid:pk>/pick/<slug:tool>", picking.pick, name="exam-pick"),
    path("admin/exams/<uuid:pk>/edit", admin.exam_edit, name="exam-edit"),
    path("admin/exams/<uuid:pk>/attempts/<uuid:attempt_id>/reopen", admin.reopen, name="exam-attempt-reopen"),
    path("admin/exams/<uuid:pk>/attempts/<uuid:attempt_id>/void", admin.void, name="exam-attempt-void"),
]
