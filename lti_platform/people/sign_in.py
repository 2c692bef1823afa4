"""Sign-in through django-allauth: closed to sign-ups, refused out of contract, recorded."""

from typing import Any
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from lti_platform.journal.actors import Actor, current_address
from lti_platform.journal.clock import now
from lti_platform.journal.recording import record, record_refusal
from lti_platform.people.facts import SignedIn
from lti_platform.people.models import Person
from lti_platform.people.standing import may_act


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People are enrolled by their organization; nobody makes an account for themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> Any:
        if not may_act(user, on=timezone.localdate(now())):
            record_refusal("person_out_of_standing", now=now(), actor=Actor("person", str(user.pk)))
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def login(self, request: HttpRequest, user: Person) -> None:
        super().login(request, user)
        with transaction.atomic():
            record(
                SignedIn(person_id=UUID(str(user.pk))),
                now=now(),
                subject=f"person:{user.pk}",
                organization_id=user.organization_id,
                actor=Actor("person", str(user.pk)),
                address=current_address(),
            )

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        super().authentication_failed(request, **credentials)
        record_refusal("sign_in_failed", now=now())

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")
