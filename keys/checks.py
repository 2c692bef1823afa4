import stat
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register


@register("security")
def check_custody(**_options: Any) -> list[CheckMessage]:
    """keys.E001: a cloud key service is named but not available; keys.W001: others may read the key file;
    keys.W002: the key file is made by itself, while the database can be shared by machines."""
    if settings.KMS_KEY_ID:
        return [Error("KMS_KEY_ID is set, but a cloud key service is not available yet.", id="keys.E001")]
    found: list[CheckMessage] = []
    key_file = Path(settings.KEY_FILE)
    if key_file.exists() and key_file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        found.append(
            Warning(f"{key_file} is open to other users of this machine: chmod 600.", id="keys.W001")
        )
    if settings.DATABASE_IS_SHARED and settings.HTTPS and key_file.parent == Path(settings.VAR_DIR):
        found.append(
            Warning(
                f"{key_file} opens every sealed key in the database, and lies where each machine makes its own.",
                hint="Set KEY_FILE to one file that every machine has, and keep a copy apart from the database's.",
                id="keys.W002",
            )
        )
    return found
