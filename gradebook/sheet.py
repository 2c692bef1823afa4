"""A course's gradebook as a sheet: its learners down, its line items across."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from gradebook.models import LineItem, Result
from lti_platform.courses.memberships import holding
from lti_platform.courses.models import Context, Membership
from lti_platform.people.models import Person

AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What one learner has in one line item; no result before the first score."""

    item: LineItem
    result: Result | None


@dataclass(frozen=True, kw_only=True)
class Row:
    """One learner, with a cell for each item in their order."""

    person: Person
    cells: list[Cell]


def items_of(course: Context) -> QuerySet[LineItem]:
    """The course's standing line items, oldest first."""
    standing = LineItem.objects.filter(context=course, deleted_at=None, resource_link__removed_at=None)
    return standing.order_by("created_at", "id")


def learners_of(course: Context) -> QuerySet[Membership]:
    """The course's learners, suspended ones too, by name."""
    members = Membership.objects.filter(context=course).exclude(status=Membership.Status.REMOVED)
    learners = holding(members, role="Learner")
    return learners.select_related("person").order_by("person__family_name", "person__given_name", "id")


def rows(members: Sequence[Membership], *, items: Sequence[LineItem]) -> list[Row]:
    """A row for each of the members, by one query: of several results on an item the newest."""
    by_item = {item.pk: item for item in items}
    people = [member.person_id for member in members]
    found = Result.objects.filter(line_item__in=by_item, person__in=people).select_related("override")
    newest: dict[tuple[UUID, UUID], Result] = {}
    for result in found.order_by("last_timestamp", "pk"):
        result.line_item = by_item[result.line_item_id]
        newest[result.person_id, result.line_item_id] = result
    return [
        Row(
            person=member.person,
            cells=[Cell(item=item, result=newest.get((member.person_id, item.pk))) for item in items],
        )
        for member in members
    ]


def lines(course: Context) -> Iterator[list[object]]:
    """The whole sheet for a spreadsheet: a head, then a line for each learner; points and state of each item."""
    items = list(items_of(course))
    head: list[object] = ["employee_id", "family_name", "given_name"]
    for item in items:
        head += [f"{item.label} (of {item.score_maximum.normalize():f})", f"{item.label}: state"]
    yield head
    for row in _all_rows(learners_of(course), items=items):
        yield _line(row)


def _all_rows(members: QuerySet[Membership], *, items: Sequence[LineItem]) -> Iterable[Row]:
    waiting: list[Membership] = []
    for member in members.iterator(chunk_size=AT_ONCE):
        waiting.append(member)
        if len(waiting) == AT_ONCE:
            yield from rows(waiting, items=items)
            waiting = []
    yield from rows(waiting, items=items)


def _line(row: Row) -> list[object]:
    person = row.person
    told: list[object] = [person.employee_id, person.family_name, person.given_name]
    for cell in row.cells:
        points = cell.result.result_score if cell.result and cell.result.standing == "graded" else None
        told += [
            "" if points is None else f"{points.normalize():f}",
            cell.result.standing if cell.result else "",
        ]
    return told
