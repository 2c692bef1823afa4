"""Which status the gradebook's refusals have over HTTP."""

from gradebook.errors import (
    LineItemCoupled,
    LineItemUnknown,
    LinkUnknown,
    Malformed,
    PersonNotGradable,
    ResultUnknown,
    ScoreConflicts,
    ScoreFromTheFuture,
    ScoreOutdated,
)

STATUSES: dict[type[Exception], int] = {
    Malformed: 400,
    PersonNotGradable: 400,
    ScoreFromTheFuture: 400,
    LineItemCoupled: 403,
    LineItemUnknown: 404,
    LinkUnknown: 404,
    ResultUnknown: 404,
    ScoreConflicts: 409,
    ScoreOutdated: 409,
}
