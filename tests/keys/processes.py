"""Real processes on one database, for what only shows between processes."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

_PREAMBLE = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path
from django.conf import settings
given = json.loads(sys.argv[1])
settings.configure(
    INSTALLED_APPS=["keys"], DATABASES={"default": given["database"]}, USE_TZ=True, KMS_KEY_ID="",
    KEY_FILE=Path(given["key_file"]), DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
import django
django.setup()
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
def answer(value):
    print(json.dumps(value))
def main():
    exec(sys.argv[2], {"NOW": NOW, "answer": answer})
sys.stdin.readline()
main()
"""


@dataclass(frozen=True)
class SharedDatabase:
    """What every process is told: Django's database settings and where the key file is."""

    database: dict[str, Any]
    key_file: Path

    def ask(self, code: str, *, expected: object) -> None:
        """Run the code in one more process and hold its answer to `expected`."""
        assert run_together(code, self, processes=1) == [expected]

    def start(self, code: str) -> subprocess.Popen[str]:
        """A process that has loaded everything and waits for a line on its standard input."""
        given = json.dumps({"database": self.database, "key_file": str(self.key_file)})
        return subprocess.Popen(
            [sys.executable, "-c", _PREAMBLE, given, code],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )


def run_together(code: str, shared: SharedDatabase, *, processes: int) -> list[Any]:
    """What the code answered in each of several processes let go at the same moment."""
    started = [shared.start(code) for _ in range(processes)]
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    return [json.loads(process.communicate(timeout=60)[0]) for process in started]
