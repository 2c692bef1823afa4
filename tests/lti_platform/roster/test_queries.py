"""What a roster costs, whether ten or ten thousand are in the course."""

import pytest
from django.urls import reverse

from tests.calling import make_tool
from tests.counting import counted, enrol_many

pytestmark = pytest.mark.django_db
FEW, MANY = 10, 10_000


@pytest.mark.parametrize("query", ["", "&role=Learner", "&rlid="])
def test_a_roster_costs_the_same_with_many(query: str) -> None:
    tool = make_tool()
    url = reverse("nrps-memberships", kwargs={"context_id": tool.context.pk})
    url = f"{url}?limit=50{query}{tool.link.pk if query == '&rlid=' else ''}"
    counts, sizes = [], []
    for people in (FEW, MANY - FEW):
        enrol_many(tool.context, people)
        tool.get(url)
        with counted() as queries:
            sizes.append(len(tool.get(url).json()["members"]))
        counts.append(len(queries))
    assert sizes == [FEW, 50]
    assert counts[0] == counts[1] <= 5
