#!/usr/bin/env python3
"""Check an evidence bundle: that nothing in it was changed, added or left out since it was signed.

    python3 verify.py [FOLDER] [--trusted-keys JWKS_FILE]

Needs Python 3.9 or later and nothing else: no network, no packages. Prints one line per finding, as
`CODE  what it is about`, and ends with status 0 only if there is none. The codes:

INDEX_MISSING  INDEX_UNREADABLE  INDEX_SIGNATURE_INVALID    the list of the bundle's files
FILE_MISSING  FILE_ALTERED  FILE_UNLISTED                   a file of the bundle, against that list
MANIFEST_MISSING  MANIFEST_UNREADABLE  MANIFEST_SIGNATURE_INVALID
CHAIN_BROKEN                                                a manifest does not amend the one before it
MANIFEST_MISPLACED                                          a manifest is of another attempt or session
OBJECT_MISSING  OBJECT_ALTERED  OBJECT_UNLISTED             a recording, against the last manifest
INCIDENTS_DIFFER                                            the incidents, against their manifest
KEY_UNKNOWN                                                 signed by a key that is not in keys.json
KEY_NOT_TRUSTED                                             signed by a key that is not in JWKS_FILE

The bundle brings the public keys with it, so without --trusted-keys it proves that it is whole, but not whose it is.
Fetch JWKS_FILE yourself, from /.well-known/jwks.json of the platform, or compare the key ids printed at the end.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

CHUNK = 1024 * 1024
NOT_IN_INDEX = {"index.json", "index.json.jws"}
MIN_MODULUS_BITS = 2048
# RFC 8017, 9.2, note 1: DigestInfo of SHA-256 in DER, before the digest.
SHA256_PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")
UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError)


def decoded(text: str) -> bytes:
    """Bytes of base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def digest_of(path: Path) -> str:
    """SHA-256 (hex) of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def is_signed(payload: bytes, *, jws: str, key: dict[str, str]) -> bool:
    """RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, 8.2.2) over a detached JWS (RFC 7515, appendix F)."""
    header, _, signature = jws.partition("..")
    modulus, exponent = (int.from_bytes(decoded(key[name]), "big") for name in ("n", "e"))
    length = (modulus.bit_length() + 7) // 8
    raw = decoded(signature)
    if len(raw) != length or modulus.bit_length() < MIN_MODULUS_BITS:
        return False
    signing_input = header.encode() + b"." + base64.urlsafe_b64encode(payload).rstrip(b"=")
    digest = SHA256_PREFIX + hashlib.sha256(signing_input).digest()
    expected = b"\x00\x01" + b"\xff" * (length - len(digest) - 3) + b"\x00" + digest
    return pow(int.from_bytes(raw, "big"), exponent, modulus).to_bytes(length, "big") == expected


def read_keys(path: Path) -> dict[str, dict[str, str]]:
    """kid → JWK."""
    return {key["kid"]: key for key in json.loads(path.read_text(encoding="utf-8"))["keys"]}


class Check:
    """One look at one bundle: `findings` are (code, what about), `kids` the keys that signed what is right."""

    def __init__(self, folder: Path, *, trusted_file: Path | None = None) -> None:
        self.folder = folder
        self.trusted_file = trusted_file
        self.trusted: set[tuple[str, str]] = set()
        self.keys: dict[str, dict[str, str]] = {}
        self.findings: list[tuple[str, str]] = []
        self.kids: set[str] = set()

    def run(self) -> None:
        """Fill `findings`."""
        if not (self.folder / "index.json").is_file():
            self.find("INDEX_MISSING", "index.json")
            return
        try:
            payload = (self.folder / "index.json").read_bytes()
            index = json.loads(payload)
            self.keys = read_keys(self.folder / "keys.json")
            if self.trusted_file:
                self.trusted = {(key["n"], key["e"]) for key in read_keys(self.trusted_file).values()}
            self.judge_signature("index.json", payload, code="INDEX_SIGNATURE_INVALID")
            self.judge_files({entry["path"]: entry for entry in index["files"]})
            for session in index["sessions"]:
                self.judge_session(session, attempt=index["attempt"])
        except UNREADABLE as error:
            self.find("INDEX_UNREADABLE", f"{type(error).__name__}: {error}")

    def find(self, code: str, about: str) -> None:
        """Note something that is wrong."""
        self.findings.append((code, about))

    def judge_signature(self, name: str, payload: bytes, *, code: str) -> None:
        """Take the key that the signature names, and hold the payload to it."""
        try:
            jws = (self.folder / f"{name}.jws").read_text(encoding="ascii").strip()
            header = json.loads(decoded(jws.partition("..")[0]))
            kid, is_plain = header["kid"], header["alg"] == "RS256" and "crit" not in header
            is_good = is_plain and kid in self.keys and is_signed(payload, jws=jws, key=self.keys[kid])
        except UNREADABLE:
            self.find(code, name)
            return
        if is_plain and kid not in self.keys:
            self.find("KEY_UNKNOWN", f"{name}: {kid}")
        elif not is_good:
            self.find(code, name)
        elif self.trusted_file and (self.keys[kid]["n"], self.keys[kid]["e"]) not in self.trusted:
            self.find("KEY_NOT_TRUSTED", f"{name}: {kid}")
        else:
            self.kids.add(kid)

    def judge_files(self, listed: dict[str, dict[str, Any]]) -> None:
        """Every listed file is there and is what the list says, and there is no other."""
        for name, entry in sorted(listed.items()):
            path = self.folder / name
            if not path.is_file():
                self.find("FILE_MISSING", name)
            elif path.stat().st_size != entry["bytes"] or digest_of(path) != entry["sha256"]:
                self.find("FILE_ALTERED", name)
        for path in sorted(self.folder.rglob("*")):
            name = path.relative_to(self.folder).as_posix()
            if not path.is_dir() and name not in listed and name not in NOT_IN_INDEX:
                self.find("FILE_UNLISTED", name)

    def judge_session(self, session: dict[str, Any], *, attempt: str) -> None:
        """The chain of a session's manifests, and the recordings against the last of them."""
        previous: dict[str, Any] | None = None
        objects: list[dict[str, Any]] | None = None
        for number in range(1, session["manifests"] + 1):
            name = f"{session['folder']}/manifest-{number}.json"
            try:
                payload = (self.folder / name).read_bytes()
                manifest = json.loads(payload)
                self.judge_signature(name, payload, code="MANIFEST_SIGNATURE_INVALID")
                self.judge_place(name, manifest, number=number, previous=previous)
                if (manifest["attempt"], manifest["session"]) != (attempt, session["session"]):
                    self.find("MANIFEST_MISPLACED", name)
                self.judge_incidents(
                    f"{session['folder']}/incidents-{number}.json", manifest["incidents"]["sha256"]
                )
                objects = manifest["objects"]
            except FileNotFoundError:
                self.find("MANIFEST_MISSING", name)
                return
            except UNREADABLE:
                self.find("MANIFEST_UNREADABLE", name)
                return
            previous = {"number": number, "sha256": hashlib.sha256(payload).hexdigest()}
        if objects is not None:
            self.judge_objects(session["folder"], objects)

    def judge_place(
        self, name: str, manifest: dict[str, Any], *, number: int, previous: dict[str, Any] | None
    ) -> None:
        """A manifest amends exactly the one before it."""
        if (manifest["number"], manifest["previous"]) != (number, previous):
            self.find("CHAIN_BROKEN", name)

    def judge_incidents(self, name: str, sha256: str) -> None:
        """The incidents are those that stood when the manifest was signed."""
        path = self.folder / name
        if not path.is_file() or digest_of(path) != sha256:
            self.find("INCIDENTS_DIFFER", name)

    def judge_objects(self, folder: str, objects: list[dict[str, Any]]) -> None:
        """Each recording and its playback copy is what was sealed, and there is no other."""
        media = self.folder / folder / "media"
        here = {path.name.rpartition(".")[0]: path for path in media.iterdir()} if media.is_dir() else {}
        sealed = {item["id"]: item for item in objects}
        sealed |= {f"{item['id']}.playback": item["playback"] for item in objects if item["playback"]}
        for stem, item in sorted(sealed.items()):
            path, name = here.pop(stem, None), f"{folder}/media/{stem}"
            if not item["sha256"]:
                continue  # lost before it was hashed, which the manifest says
            if path is None:
                self.find("OBJECT_MISSING", name)
            elif path.stat().st_size != item["bytes"] or digest_of(path) != item["sha256"]:
                self.find("OBJECT_ALTERED", name)
        for path in here.values():
            self.find("OBJECT_UNLISTED", path.relative_to(self.folder).as_posix())


def main() -> int:
    """0 if the bundle is whole."""
    parser = argparse.ArgumentParser(description="Check an evidence bundle.")
    parser.add_argument("folder", nargs="?", default=Path(__file__).resolve().parent, type=Path)
    parser.add_argument("--trusted-keys", type=Path, help="the platform's key set, fetched by yourself")
    chosen = parser.parse_args()
    check = Check(chosen.folder, trusted_file=chosen.trusted_keys)
    check.run()
    lines = [f"{code}  {about}" for code, about in check.findings]
    if not lines:
        lines = [
            "WHOLE: every file is as it was signed.",
            *(f"signed by key {kid}" for kid in sorted(check.kids)),
        ]
        lines += [] if chosen.trusted_keys else ["Whose keys these are was not checked: see --trusted-keys."]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if check.findings else 0


if __name__ == "__main__":
    sys.exit(main())
