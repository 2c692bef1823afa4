"""The worker is killed in the middle of the chain and another takes over: nothing is lost, nothing is done twice."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.browser.acting import Candidate, decide, eventually, open_next_case, sign_in
from tests.browser.world import ROOT, World, browser, person_at, world

# Not with the other cameras: it waits for leases most of its time.
pytestmark = [pytest.mark.browser, pytest.mark.services, pytest.mark.timeout(900)]


# The leases a killed worker held: a recording (15 of these), a delivery (45 s), a sweep (2 of these).
LEASE_SECONDS = "3"
LEASES_OF_THE_DEAD = 180


class Worker:
    """A Celery worker with its scheduler, in a process that can be killed."""

    def __init__(self, stage: World) -> None:
        self.stage, self.process = stage, self._start(stage)

    @staticmethod
    def _start(stage: World) -> subprocess.Popen[bytes]:
        log = (stage.folder / "worker.log").open("ab")
        command = [sys.executable, "-m", "celery", "-A", "lti_platform", "worker", "-B", "-P", "solo"]
        quiet = [
            "-l",
            "WARNING",
            "-s",
            str(stage.folder / "schedule"),
            "--without-mingle",
            "--without-gossip",
        ]
        return subprocess.Popen(
            [*command, *quiet], cwd=ROOT, env=stage.variables, stdout=log, stderr=log, start_new_session=True
        )

    def kill(self) -> None:
        """No chance to say goodbye."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def start(self) -> None:
        """Another one, where none is."""
        self.process = self._start(self.stage)

    def replace(self) -> None:
        """Killed, and another started."""
        self.kill()
        self.process = self._start(self.stage)


@contextmanager
def working(stage: World) -> Iterator[Worker]:
    worker = Worker(stage)
    try:
        yield worker
    finally:
        worker.kill()


def test_a_worker_killed_on_the_way_loses_nothing_and_doubles_nothing(valkey: str) -> None:
    with (
        world(BROKER_URL=valkey, REACTION_LEASE_SECONDS=LEASE_SECONDS) as stage,
        working(stage) as worker,
        browser() as chrome,
    ):
        lena = Candidate.begin(sign_in(person_at(chrome), stage, "lena@demo.example"))
        lena.check_in()
        lena.answer()
        worker.replace()
        lena.hand_in()
        worker.kill()
        lena.wait_for_the_last_segment()
        worker.start()
        desk = sign_in(person_at(chrome), stage, "pia@demo.example")
        eventually(lambda: desk.reload() and desk.locator("table").count(), seconds=LEASES_OF_THE_DEAD)
        open_next_case(desk)
        worker.kill()
        decide(desk, verdict="1")
        worker.start()
        known = eventually(lambda: stage.workers()["workers"], seconds=LEASES_OF_THE_DEAD)
        assert [(one["name"], len(one["credentials"])) for one in known] == [("Lena Ruiz", 1)]
        assert stage.deliveries() == {"certificate.issued": 1}
