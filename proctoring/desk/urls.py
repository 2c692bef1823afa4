"""Addresses of this package."""

from django.urls import path

from proctoring.desk.views import deciding, media, queue, session

urlpatterns = [
    path("review/", queue.review_queue, name="review-queue"),
    path("review/next", queue.next_case, name="review-next"),
    path("review/decided/", queue.review_decided, name="review-decided"),
    path("review/<int:number>/", session.review_session, name="review-session"),
    path("review/<int:number>/start", session.start, name="review-start"),
    path("review/<int:number>/give-back", session.give_back, name="review-give-back"),
    path("review/<int:number>/verdict", session.give_verdict, name="review-verdict"),
    path("review/<int:number>/incidents/<uuid:incident_id>", deciding.decide, name="review-decide"),
    path("review/<int:number>/playlist.json", media.playlist, name="review-playlist"),
    path("review/<int:number>/photos/<uuid:item_id>", media.photo, name="review-photo"),
]
