"""Times and lengths as people say them, in the language that is active."""

from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from django.utils import dateformat, timezone
from django.utils.translation import gettext, ngettext, pgettext

NARROW = "\u00a0"
MINUTE, HOUR, DAY = 60, 3600, 86_400


def day_words(day: date, *, today: date, short: bool = False) -> str:
    """'today', 'tomorrow', 'yesterday', '19 March' in the year of `today`, '12 March 2027' in any other."""
    near = {0: gettext("today"), 1: gettext("tomorrow"), -1: gettext("yesterday")}
    if (words := near.get((day - today).days)) and not short:
        return words
    month = dateformat.format(day, "M" if short else "F")
    if day.year == today.year:
        form = pgettext("short", "%(day)s %(month)s") if short else gettext("%(day)s %(month)s")
        return form % {"day": day.day, "month": month}
    return full_day_words(day, short=short)


def full_day_words(day: date, *, short: bool = False) -> str:
    """'12 March 2027', or '12 Mar 2027' when short."""
    month = dateformat.format(day, "M" if short else "F")
    form = pgettext("short", "%(day)s %(month)s %(year)s") if short else gettext("%(day)s %(month)s %(year)s")
    return form % {"day": day.day, "month": month, "year": day.year}


def moment_words(moment: datetime, *, now: datetime) -> str:
    """'today 14:05', 'yesterday 09:12', '19 March, 18:00', '12 March 2026, 16:44', in the current time zone."""
    local, today = timezone.localtime(moment), timezone.localtime(now).date()
    values = {"day": day_words(local.date(), today=today), "time": f"{local:%H:%M}"}
    if abs((local.date() - today).days) <= 1:
        return gettext("%(day)s %(time)s") % values
    return gettext("%(day)s, %(time)s") % values


def ledger_words(moment: datetime, *, now: datetime) -> str:
    """'12 Mar 10:01:48', with the year when it is not this one; for records where the second counts."""
    local, today = timezone.localtime(moment), timezone.localtime(now).date()
    return f"{day_words(local.date(), today=today, short=True)} {local:%H:%M:%S}"


def exact_words(moment: datetime) -> str:
    """'12 March 2027, 14:05:00 CST (UTC−6)': the words for hover, print and exports."""
    local = timezone.localtime(moment)
    zone = zone_words(local)
    return f"{full_day_words(local.date())}, {local:%H:%M:%S} {zone}"


def zone_words(local: datetime) -> str:
    """'CST (UTC−6)' of an aware time; only the offset where the zone has no name of its own."""
    offset = offset_words(local.utcoffset() or timedelta())
    name = local.tzname() or ""
    return f"{name} ({offset})" if name.isalpha() and name != "UTC" else offset


def offset_words(offset: timedelta) -> str:
    """'UTC', 'UTC−6', 'UTC+5:30'."""
    minutes = int(offset.total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    if not minutes:
        return "UTC"
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02d}" if rest else "")


def place_words(zone: tzinfo) -> str:
    """'Chicago' of America/Chicago; empty where the zone names no place."""
    key = zone.key if isinstance(zone, ZoneInfo) else ""
    return key.rpartition("/")[2].replace("_", " ") if "/" in key else ""


def duration_words(seconds: float, *, to_minutes: bool = False) -> str:
    """'41 s', '57 min 28 s', '3 h 02 min', '3 days 4 h', kept together; `to_minutes` drops seconds over a minute."""
    whole = max(0, int(seconds))
    if whole < MINUTE:
        return f"{whole}{NARROW}s"
    if whole < HOUR:
        minutes, rest = divmod(whole, MINUTE)
        tail = f"{NARROW}{rest:02d}{NARROW}s" if rest and not to_minutes else ""
        return f"{minutes}{NARROW}min{tail}"
    if whole < 2 * DAY:
        hours, rest = divmod(whole // MINUTE, 60)
        return f"{hours}{NARROW}h" + (f"{NARROW}{rest:02d}{NARROW}min" if rest else "")
    days, rest = divmod(whole // HOUR, 24)
    words = ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
    return words.replace(" ", NARROW) + (f"{NARROW}{rest}{NARROW}h" if rest else "")


def ago_words(moment: datetime, *, now: datetime) -> str:
    """'just now', '2 min ago', '3 h 02 min ago'; 'in 25 min' for what is to come."""
    seconds = (now - moment).total_seconds()
    if abs(seconds) < MINUTE:
        return gettext("just now") if seconds >= 0 else gettext("in less than a minute")
    span = duration_words(abs(seconds), to_minutes=True)
    words = gettext("%(span)s ago") if seconds > 0 else gettext("in %(span)s")
    return words % {"span": span}


def timecode(seconds: float) -> str:
    """'00:12:04': a place in a recording."""
    whole = max(0, int(seconds))
    return f"{whole // HOUR:02d}:{whole % HOUR // MINUTE:02d}:{whole % MINUTE:02d}"


def clock_words(seconds: float) -> str:
    """'49:03', '1:02:03': what is left on an exam clock."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, HOUR)
    tail = f"{rest // MINUTE:02d}:{rest % MINUTE:02d}"
    return f"{hours}:{tail}" if hours else tail
