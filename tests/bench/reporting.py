"""Runs every figure and says each as one line of JSON."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management import call_command

from lti_platform.journal import clock
from tests.bench.figures import FIGURES, Figure
from tests.bench.measuring import Cost, cost, median, queries, signature_ms, take
from tests.bench.server import Server, server
from tests.bench.wire import Counter, counting
from tests.bench.world import World, make_world

COUNTED = 5


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How much is measured; the best of the rounds counts, for a busy machine only ever adds."""

    requests: int
    warm_up: int
    rounds: int
    only: tuple[str, ...] = ()

    @property
    def figures(self) -> list[Figure]:
        """The figures asked for, all of them unless some are named."""
        return [figure for figure in FIGURES if not self.only or figure.name in self.only]


def report(plan: Plan, *, database: str, port: int, folder: Path) -> bool:
    """Prints the lines; whether every aim is met."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    world = make_world(now=clock.now())
    with server(database=database, port=port, folder=folder) as timed:
        signing, costs = _time(plan, world=world, server=timed)
    with counting(database) as (door, counter), server(database=door, port=port, folder=folder) as counted:
        counts = _count(plan, world=world, server=counted, counter=counter)
    _say({"figure": "rsa_sign", "cpu_ms": round(signing, 3)})
    lines = [
        _line(figure, costs[figure.name], counts[figure.name], signing=signing) for figure in plan.figures
    ]
    for line in lines:
        _say(line)
    return all(line.get("met", True) for line in lines)


def _time(plan: Plan, *, world: World, server: Server) -> tuple[float, dict[str, list[Cost]]]:
    """One signature, and the costs by figure. The rounds are interleaved, so that all see the same machine."""
    sources = {figure.name: figure.make(world) for figure in plan.figures}
    costs: dict[str, list[Cost]] = {name: [] for name in sources}
    for source in sources.values():
        cost(server, take(source, plan.warm_up))
    signing = []
    for _ in range(plan.rounds):
        signing.append(signature_ms(times=plan.requests))
        for name, source in sources.items():
            costs[name].append(cost(server, take(source, plan.requests)))
    return min(signing), costs


def _count(plan: Plan, *, world: World, server: Server, counter: Counter) -> dict[str, int]:
    counts = {}
    for figure in plan.figures:
        source = figure.make(world)
        cost(server, take(source, plan.warm_up))
        seen = queries(server, take(source, COUNTED), counter=counter)
        counts[figure.name] = int(median(len(each) for each in seen))
    return counts


def _line(figure: Figure, costs: list[Cost], count: int, *, signing: float) -> dict[str, Any]:
    cpu = min(each.cpu_ms for each in costs)
    line: dict[str, Any] = {
        "figure": figure.name,
        "cpu_ms": round(cpu, 2),
        "p50_ms": round(min(median(each.wall_ms) for each in costs), 2),
        "queries": count,
        "signatures": round(cpu / signing, 1),
    }
    if figure.aims:
        met = all(line[name] <= aim for name, aim in figure.aims.items())
        line |= {"aim": figure.aims, "met": met}
    return line


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()
