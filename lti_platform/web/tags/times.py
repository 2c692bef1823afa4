"""Times as people say them, with the exact time and zone one hover away."""

from datetime import date, datetime
from typing import Any

from django.template import Context, TemplateSyntaxError
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from lti_platform.journal.clock import now as clock_now
from lti_platform.web import words
from lti_platform.web.tags.library import register


def now_in(context: Context) -> datetime:
    """The time the view decided by, if it passed `now`; otherwise the time of rendering."""
    now = context.get("now")
    return now if isinstance(now, datetime) else clock_now()


def say(moment: datetime, *, now: datetime, style: str) -> str:
    """A moment in one of the styles of the tag `when`; TemplateSyntaxError for another style."""
    local, today = timezone.localtime(moment), timezone.localtime(now).date()
    match style:
        case "moment":
            return words.moment_words(moment, now=now)
        case "date":
            return words.day_words(local.date(), today=today)
        case "day":
            return words.full_day_words(local.date())
        case "time":
            return f"{local:%H:%M}"
        case "ledger":
            return words.ledger_words(moment, now=now)
        case "exact":
            return words.exact_words(moment)
    raise TemplateSyntaxError(f"{style!r} is not a way to say a time")


@register.simple_tag(takes_context=True)
def when(context: Context, moment: datetime | date | None, style: str = "moment") -> SafeString | str:
    """<time> for a moment (styles moment, date, day, time, ledger, exact) or a date; nothing for None."""
    if moment is None or moment == "":
        return ""
    now = now_in(context)
    if not isinstance(moment, datetime):
        today = timezone.localtime(now).date()
        full = words.full_day_words(moment)
        said = full if style == "day" else words.day_words(moment, today=today)
        return time_element(moment.isoformat(), exact=full, said=said)
    stamp = timezone.localtime(moment).isoformat(timespec="seconds")
    return time_element(stamp, exact=words.exact_words(moment), said=say(moment, now=now, style=style))


@register.simple_tag(takes_context=True)
def ago(context: Context, moment: datetime | None) -> SafeString | str:
    """<time> with '2 min ago' or 'in 25 min'; nothing for None."""
    if moment is None or moment == "":
        return ""
    stamp = timezone.localtime(moment).isoformat(timespec="seconds")
    said = words.ago_words(moment, now=now_in(context))
    return time_element(stamp, exact=words.exact_words(moment), said=said)


def time_element(stamp: str, *, exact: str, said: str) -> SafeString:
    """One <time>: `stamp` for machines, `exact` on hover, `said` on the page."""
    return format_html('<time datetime="{}" title="{}">{}</time>', stamp, exact, said)


@register.simple_tag
def duration(seconds: Any, *, to_minutes: bool = False) -> str:
    """'3 h 02 min' of seconds or a timedelta; nothing for None."""
    value = in_seconds(seconds)
    return "" if value is None else words.duration_words(value, to_minutes=to_minutes)


@register.simple_tag
def timecode(seconds: Any) -> str:
    """'00:12:04' of seconds into a recording; nothing for None."""
    value = in_seconds(seconds)
    return "" if value is None else words.timecode(value)


@register.simple_tag
def clock(seconds: Any) -> str:
    """'49:03' of the seconds left on an exam clock; nothing for None."""
    value = in_seconds(seconds)
    return "" if value is None else words.clock_words(value)


def in_seconds(length: Any) -> float | None:
    """Seconds of a number or a timedelta; None for nothing."""
    if length is None or length == "":
        return None
    return float(length.total_seconds() if hasattr(length, "total_seconds") else length)
