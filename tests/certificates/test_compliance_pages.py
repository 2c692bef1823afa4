"""Cora's pages: find a file, read it, hand it over; the register; the record."""

import csv
import io
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from certificates import register, revoking, searching
from certificates.fact_words import WORDS
from certificates.models import Certificate
from certificates.refusal_words import WORDS as REFUSAL_WORDS
from gradebook import spreadsheets
from lti_platform.journal import facts, sealing
from lti_platform.journal.actors import SYSTEM, Actor
from lti_platform.journal.models import Entry
from lti_platform.journal.recording import Refused, record
from lti_platform.people.models import Person
from proctoring.facts import AttemptReleased
from proctoring.models import Attempt, Incident
from tests.architecture.source import PACKAGES, ROOT
from tests.certificates.passing import make_attempt, make_certificate, reviewed
from tests.counting import counted
from tests.factories import (
    ada,
    cora,
    lena,
    make_context,
    make_exam,
    make_organization,
    make_person,
    make_registration,
    mallory,
    pia,
)

pytestmark = pytest.mark.django_db


def found(viewer: Person, **how: object) -> list[Attempt]:
    return list(searching.find_attempts(viewer, **how))  # type: ignore[arg-type]


def text(client: Client, viewer: Person, address: str) -> str:
    client.force_login(viewer)
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


class TestSearch:
    def test_an_attempt_is_found_by_person_case_number_and_serial(self, now: datetime) -> None:
        certificate = make_certificate(
            now, person=make_person("Zoë", "Núñez", employee_id="E-9", email="zoe@x.test")
        )
        attempt = certificate.attempt
        make_certificate(now)
        for words in (
            "Zoë",
            "núñez",
            "zoë Núñez",
            "E-9",
            "zoe@x.test",
            str(attempt.case_number),
            certificate.serial,
        ):
            assert found(cora(), words=words) == [attempt], words
        assert found(cora(), words="Zoë Ruiz") == []

    def test_an_attempt_is_found_by_exam_and_day(self, now: datetime) -> None:
        attempt = make_attempt(now, exam=make_exam(title="Hot work"))
        other = make_attempt(now - timedelta(days=30))
        day = timezone.localdate(now)
        assert found(cora(), exam="hot") == [attempt]
        assert found(cora(), exam="manejo") == [attempt, other]
        assert found(cora(), since=day, until=day) == [attempt]
        assert found(cora(), until=day - timedelta(days=1)) == [other]

    def test_officers_find_their_own_organization(self, now: datetime) -> None:
        gulf = make_organization("Gulf Scaffolding")
        mine = make_attempt(now, person=make_person(organization=gulf))
        make_attempt(now)
        make_attempt(now, person=make_person(organization=None))
        assert found(cora(gulf)) == [mine]
        assert len(found(cora())) == 3
        for nobody in (lena(), pia(), ada(), mallory()):
            assert found(nobody) == []

    @pytest.mark.parametrize(
        "query",
        ["q=%00", "q=" + "a+" * 150, "q=" + "x" * 5000, "since=yesterday", "q=99999999999999999999", "page=-1",
         "page=x",
         "q=%F0%9F%A6%84&exam=%00", "until=0001-01-01", "since=9999-12-31"],
    )  # fmt: skip
    def test_odd_questions_get_an_answer(self, client: Client, query: str) -> None:
        client.force_login(cora())
        for address in ("/files/", "/files/register/", "/files/record/"):
            assert client.get(f"{address}?{query}").status_code == 200
        assert client.get("/files/record/?fact=%00").status_code == 200

    def test_a_question_we_cannot_read_shows_nothing(self, client: Client, now: datetime) -> None:
        make_certificate(now)
        page = text(client, cora(), "/files/?since=yesterday")
        assert "No attempt found." in page
        assert "Nothing matches." in page
        assert "Enter a valid date." in page

    def test_the_page_tells_nothing_found_from_nothing_there(self, client: Client, now: datetime) -> None:
        page = text(client, cora(), "/files/")
        assert "No attempt on file yet." in page
        assert "An attempt appears here when somebody begins check-in." in page
        assert "No attempt found." in text(client, cora(), "/files/?q=nobody")
        make_attempt(now, person=make_person("Zoë", "Núñez"))
        make_attempt(now)
        assert "2 attempts on file." in text(client, cora(), "/files/?q=&exam=")
        assert "1 attempt found." in text(client, cora(), "/files/?q=Zoë")

    def test_queries_do_not_grow_with_attempts(self, client: Client, now: datetime) -> None:
        viewer = cora()

        def cost(address: str) -> int:
            client.force_login(viewer)
            with counted() as queries:
                client.get(address)
            return len(queries)

        addresses = ("/files/", "/files/register/", "/files/record/")
        make_certificate(now)
        few = [cost(address) for address in addresses]
        for _ in range(10):
            make_certificate(now)
        assert [cost(address) for address in addresses] == few


class TestRegister:
    def test_the_page_tells_nothing_found_from_nothing_there(self, client: Client) -> None:
        page = text(client, cora(), "/files/register/")
        assert "No certificate yet." in page
        assert "Certificates appear here when results are released." in page
        for asked in ("q=nobody", "standing=revoked", "standing=odd"):
            assert "No certificate matches." in text(client, cora(), f"/files/register/?{asked}")

    def test_it_is_narrowed_by_standing(self, now: datetime) -> None:
        today = timezone.localdate(now)
        valid, endless = make_certificate(now), make_certificate(now, validity="none", months=None)
        expired = make_certificate(now - timedelta(days=90), months=1)
        gone = revoking.revoke(make_certificate(now).pk, reason="Rejected.", now=now)

        def standing(word: str) -> set[Certificate]:
            return set(searching.certificates(cora(), standing=word, today=today))

        assert standing("valid") == {valid, endless}
        assert standing("expired") == {expired}
        assert standing("revoked") == {gone}
        assert len(standing("")) == 4

    def test_the_file_holds_what_the_officer_may_take(self, client: Client, now: datetime) -> None:
        gulf = make_organization("Gulf Scaffolding")
        mine = make_certificate(now, person=make_person("Zoë", organization=gulf))
        make_certificate(now)
        client.force_login(cora(gulf))
        response = client.get("/files/register.csv")
        assert response.streaming
        rows = list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
        assert [(row["serial"], row["given_name"], row["status"]) for row in rows] == [
            (mine.serial, "Zoë", "valid")
        ]
        entry = Entry.objects.get(fact_type="certificates.register_exported")
        assert (entry.payload, entry.actor_kind) == ({"certificates": 1}, "person")

    def test_no_cell_is_a_formula(self, client: Client, now: datetime) -> None:
        make_certificate(now, person=make_person('=HYPERLINK("http://evil")', "+1", employee_id="@SUM(A1)"))
        client.force_login(cora())
        body = client.get("/files/register.csv").getvalue().decode("utf-8-sig")
        for row in csv.reader(io.StringIO(body)):
            assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]

    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "  ="])
    def test_what_begins_like_a_formula_is_quoted(self, start: str) -> None:
        assert spreadsheets.without_formula(f"{start}1").startswith("'")

    def test_it_is_read_row_by_row(self, now: datetime) -> None:
        make_certificate(now)
        lines = register.csv_lines(Certificate.objects.all(), today=timezone.localdate(now))
        assert next(lines).startswith("\ufeffserial,")

    @pytest.mark.parametrize("viewer", [lena, pia, ada])
    def test_it_is_for_those_who_keep_files(self, client: Client, viewer: type) -> None:
        client.force_login(viewer())
        for address in ("/files/register.csv", "/files/register/", "/files/", "/files/record/"):
            assert client.get(address).status_code == 403


class TestWhatTheRecordIsAbout:
    @pytest.mark.parametrize(
        ("subject", "words"),
        [
            ("key:abc", "a key"),
            ("context:{gone}", "a course"),
            ("line_item:{gone}", "a line item"),
            ("result:{gone}", "a result"),
        ],
    )
    def test_what_has_no_name_is_called_by_its_kind(
        self, client: Client, now: datetime, subject: str, words: str
    ) -> None:
        with transaction.atomic():
            record(Refused(rule="x"), now=now, subject=subject.format(gone=uuid4()))
        page = text(client, cora(), "/files/record/?fact=security.refused")
        assert f">{words}</td>" in page

    def test_a_course_is_called_by_its_title(self, client: Client, now: datetime) -> None:
        course = make_context(title="Refrigerant handling")
        with transaction.atomic():
            record(Refused(rule="x"), now=now, subject=f"context:{course.pk}")
        assert ">Refrigerant handling</td>" in text(client, cora(), "/files/record/?fact=security.refused")

    def test_what_a_rule_refused_is_told_in_words(self, client: Client, now: datetime) -> None:
        with transaction.atomic():
            for rule in ("permission_missing", "door_person_unknown", "jwt_malformed"):
                record(Refused(rule=rule), now=now)
        page = text(client, cora(), "/files/record/?fact=security.refused")
        assert "A page was refused: the role does not include it." in page
        assert "Refused by a rule. Nobody on the roster has this employee id." in page
        assert 'Refused by a rule <span class="code">jwt_malformed</span>' in page
        assert "permission_missing" not in page
        assert "door_person_unknown" not in page

    def test_every_refusal_that_has_words_is_one_there_is(self) -> None:
        paths = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
        source = "".join(path.read_text() for path in paths if path.name != "refusal_words.py")
        told = {rule: rule.removeprefix("evidence.") for rule in REFUSAL_WORDS}
        assert [rule for rule, code in told.items() if f'"{code}"' not in source] == []


class TestFile:
    def test_it_tells_everything_that_happened(self, client: Client, now: datetime) -> None:
        certificate = reviewed(now)
        sealing.seal_pending(now=now)
        page = text(client, cora(), f"/files/{certificate.attempt_id}/")
        for words in (
            "Lena Ruiz", "Passed with 84 %", certificate.serial, "Clear with notes", "Nothing found.", "Pia Osei",
            "Second person in view", "Certificate issued", "none changed", "Signed", "verify.py",
        ):  # fmt: skip
            assert words in page, words

    def test_what_a_tool_named_by_a_code_is_told_in_words(self, client: Client, now: datetime) -> None:
        certificate = reviewed(now)
        Incident.objects.update(reason_message="", reason_code="proctor_pause")
        page = text(client, cora(), f"/files/{certificate.attempt_id}/")
        assert "Proctor pause" in page
        assert "proctor_pause" not in page

    def test_a_changed_entry_is_seen(self, client: Client, now: datetime) -> None:
        certificate = reviewed(now)
        sealing.seal_pending(now=now)
        Entry.objects.filter(fact_type="certificates.issued").update(actor_id="somebody else")
        assert "some changed after they were sealed" in text(
            client, cora(), f"/files/{certificate.attempt_id}/"
        )

    @pytest.mark.parametrize("state", [*Attempt.State.values])
    def test_every_state_of_an_attempt_has_its_page(self, client: Client, now: datetime, state: str) -> None:
        attempt = make_attempt(now, state=state, passed=None, percent=None)
        text(client, cora(), f"/files/{attempt.pk}/")

    def test_its_queries_do_not_grow_with_what_happened(self, client: Client, now: datetime) -> None:
        certificate, viewer = reviewed(now), cora()

        def cost() -> int:
            client.force_login(viewer)
            with counted() as queries:
                client.get(f"/files/{certificate.attempt_id}/")
            return len(queries)

        few = cost()
        for number in range(10):
            Incident.objects.create(
                attempt=certificate.attempt, source="tool", action="flag", occurred_at=now, received_at=now,
                message_digest=str(number),
            )  # fmt: skip
        assert cost() == few <= 30


class TestRevocation:
    def test_the_officer_revokes_with_a_reason(self, client: Client, now: datetime) -> None:
        certificate, viewer = make_certificate(now), cora()
        client.force_login(viewer)
        client.post(f"/certificates/{certificate.pk}/revoke/", {"reason": " "})
        certificate.refresh_from_db()
        assert certificate.status == "issued"
        for _ in range(2):
            assert (
                client.post(f"/certificates/{certificate.pk}/revoke/", {"reason": "Fraud."}).status_code
                == 302
            )
        certificate.refresh_from_db()
        assert (certificate.status, certificate.revocation_reason) == ("revoked", "Fraud.")
        entry = Entry.objects.get(fact_type="certificates.revoked")
        assert (entry.actor_kind, entry.actor_id) == ("person", str(viewer.pk))
        assert "Fraud." in text(client, viewer, f"/files/{certificate.attempt_id}/")


class TestRecord:
    def test_it_shows_what_happened_and_can_be_narrowed(self, client: Client, now: datetime) -> None:
        make_certificate(now)
        page = text(client, cora(), "/files/record/?fact=certificates.issued")
        assert "1 entry in the record." in page
        assert "Certificate issued" in page

    def test_it_names_people_tools_cases_and_certificates(self, client: Client, now: datetime) -> None:
        certificate, tool, officer = make_certificate(now), make_registration("Coldline Exams"), cora()
        attempt = certificate.attempt
        for actor in (Actor("person", str(officer.pk)), Actor("tool", tool.client_id), SYSTEM):
            announcement = AttemptReleased(attempt_id=attempt.pk, passed=True)
            with transaction.atomic():
                record(announcement, now=now, subject=f"attempt:{attempt.pk}", actor=actor)
        page = text(client, officer, "/files/record/")
        for name in ("Cora Mbeki", "Coldline Exams", "the platform", certificate.serial):
            assert f">{name}</" in page, name
        assert f">Case {attempt.case_number}</a>" in page
        assert tool.client_id not in page

    def test_officers_see_their_own_organization(self, client: Client, now: datetime) -> None:
        make_certificate(now)
        page = text(client, cora(make_organization("Gulf Scaffolding")), "/files/record/")
        assert "Certificate issued" not in page

    def test_every_fact_there_is_has_words(self) -> None:
        ours = {
            name
            for name, fact in facts._registry.items()
            if name and not fact.__module__.startswith("tests.")
        }
        assert ours <= set(WORDS)
