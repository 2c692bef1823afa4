import stat
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register


@register("security")
def check_custody(**_options: Any) -> list[CheckMessage]:
    """keys.E001: a cloud key service is named but not available; keys.W001: others may read the key file."""
    if settings.KMS_KEY_ID:
        return [Error("KMS_KEY_ID is set, but a cloud key service is not available yet.", id="keys.E001")]
    key_file = Path(settings.KEY_FILE)
    if key_file.exists() and key_file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return [Warning(f"{key_file} is open to other users of this machine: chmod 600.", id="keys.W001")]
    return []
