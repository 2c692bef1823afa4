"""Addresses of this package."""

from django.urls import URLPattern, URLResolver, path

from proctoring.evidence.views import playback, uploading

urlpatterns: list[URLPattern | URLResolver] = [
    path("evidence/upload/<str:token>", uploading.upload, name="evidence-upload"),
    path("evidence/play/<str:token>", playback.play, name="evidence-play"),
]
