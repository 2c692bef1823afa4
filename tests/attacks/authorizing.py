"""What every refusal of the authorization endpoint has in common, on our page and to the tool."""

from typing import Any

from lti_platform.journal.models import Entry
from tests.lti_platform.launches.staging import Stage, form_of


def refused_on_our_page(response: Any, stage: Stage, *, rule: str) -> None:
    """page400: no redirect, no form, no token; a security entry and nothing else."""
    assert response.status_code == 400
    assert b"data-auto-submit" not in response.content
    assert b'name="id_token"' not in response.content
    assert rule.encode() in response.content
    assert stage.unspent()
    assert Entry.objects.filter(fact_type="security.refused", payload__rule=rule).exists()
    assert not Entry.objects.filter(fact_type="launches.sent").exists()


def refused_to_the_tool(
    response: Any, stage: Stage, *, error: str, rule: str, state: str | None = "af0ifjsldkj"
) -> None:
    """err:X: posted to the validated address with the state, without a token; the hint stays unspent."""
    form = form_of(response)
    assert response.status_code == 200
    assert form.action == stage.launch.registration.redirect_uris[0]
    assert form.fields["error"] == error
    assert form.fields.get("state") == state
    assert "id_token" not in form.fields
    assert response.headers["Cache-Control"] == "no-store"
    assert stage.unspent()
    assert Entry.objects.filter(fact_type="security.refused", payload__rule=rule).exists()
