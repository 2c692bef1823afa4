"""The HTTP API for proctoring tools."""

from ninja import Router

router = Router(tags=["evidence"])
