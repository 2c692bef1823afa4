"""Passing the platform's answers on to the page."""

from collections.abc import Callable
from typing import Any

import requests
from pylti1p3.exception import LtiServiceException


def relayed(call: Callable[[], Any]) -> Any:
    """The answer as JSON; a refusal with its status and words, silence and trouble over there as 502 (try again)."""
    try:
        return call() or {}
    except LtiServiceException as refusal:
        status = refusal.response.status_code
        detail = refusal.response.text[:1000]
        print(f"platform said {status}: {detail}", flush=True)
        return {"detail": detail}, status if 400 <= status < 500 else 502
    except requests.RequestException as silence:
        return {"detail": str(silence)}, 502
