"""A course is copied: a new course with new links, that know what they come from (LTI Core 5.3.5, B.3, B.4).

People, groups, scores and dates stay behind. What rooms to the right keep about a link, they copy through
`on_course_copied`, in the same transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from lti_platform.courses.deploying import serves
from lti_platform.courses.facts import ContextCopied, CourseCreated, ResourceLinkPlaced
from lti_platform.courses.models import Context, ResourceLink
from lti_platform.journal.facts import Fact
from lti_platform.journal.recording import record

OF_COURSE = ("organization_id", "type", "description", "course_number")
OF_LINK = (
    *("deployment_id", "title", "description", "target_link_uri", "custom_parameters"),
    *("document_target", "width", "height"),
)


@dataclass(frozen=True, kw_only=True)
class CourseCopy:
    """A course, its copy, and the copy's links by the ids of the ones they come from."""

    origin: Context
    course: Context
    links: Mapping[UUID, ResourceLink]


class CopyHook(Protocol):
    def __call__(self, copied: CourseCopy, /, *, now: datetime) -> Any: ...


HookT = TypeVar("HookT", bound=CopyHook)
_hooks: list[CopyHook] = []


def on_course_copied(function: HookT) -> HookT:
    """Registers `(copied: CourseCopy, *, now)`: called left to right, in the transaction that copies the course."""
    _hooks.append(function)
    return function


def standing_links(course: Context) -> QuerySet[ResourceLink]:
    """The course's links, oldest first."""
    links = course.resource_links.filter(removed_at=None)
    related = links.select_related("deployment__registration", "deployment__of_course")
    return related.order_by("created_at", "id")


def may_be_copied(link: ResourceLink) -> bool:
    """Not a link of a tool that was added to its course alone."""
    return getattr(link.deployment, "of_course", None) is None and serves(link.deployment, link.context)


@transaction.atomic
def copy_course(origin: Context, *, label: str, title: str, now: datetime) -> CourseCopy:
    """A copy in the same organization, under a new id, with a copy of every link that may be copied."""
    course = Context.objects.create(
        label=label,
        title=title,
        copied_from=origin,
        history=[str(origin.pk), *origin.history],
        **{name: getattr(origin, name) for name in OF_COURSE},
    )
    _record(CourseCreated(context_id=course.pk), course=course, now=now)
    links = {
        link.pk: _copy_link(link, course=course, now=now)
        for link in standing_links(origin)
        if may_be_copied(link)
    }
    copied = CourseCopy(origin=origin, course=course, links=links)
    for hook in _hooks:
        hook(copied, now=now)
    _record(ContextCopied(context_id=course.pk, origin_ids=",".join(course.history)), course=course, now=now)
    return copied


def _copy_link(link: ResourceLink, *, course: Context, now: datetime) -> ResourceLink:
    copy = ResourceLink.objects.create(
        context=course,
        copied_from=link,
        history=[str(link.pk), *link.history],
        **{name: getattr(link, name) for name in OF_LINK},
    )
    _record(ResourceLinkPlaced(context_id=course.pk, resource_link_id=copy.pk), course=course, now=now)
    return copy


def _record(fact: Fact, *, course: Context, now: datetime) -> None:
    record(fact, now=now, subject=f"context:{course.pk}", organization_id=course.organization_id)
