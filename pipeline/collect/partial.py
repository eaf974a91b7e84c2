"""The unfinished file of a download, and whether it can be continued."""

import json
from pathlib import Path

import httpx

from pipeline.collect.registry import Entry


class Partial:
    """The unfinished file of one document, and the note by which a server can tell that it still has the same one."""

    def __init__(self, folder: Path, entry: Entry):
        self.file = folder / f"{entry.id}.part.{entry.format}"
        self._note = folder / f"{entry.id}.part.json"
        self._address = entry.address

    def validator(self) -> str:
        """The server's mark of the version that lies here in part; empty where it must be fetched from the start."""
        try:
            note = json.loads(self._note.read_text(encoding="utf-8"))
            usable = note["address"] == self._address and self.file.stat().st_size > 0
            return str(note["validator"]) if usable else ""
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def note(self, response: httpx.Response) -> None:
        """Writes down the version that `response` begins to send; a weak mark or a compressed body is none."""
        mark = response.headers.get("etag", "")
        mark = mark if mark.startswith('"') else response.headers.get("last-modified", "")
        self._note.unlink(missing_ok=True)
        if mark and coding(response) == "identity":
            self._note.write_text(json.dumps({"address": self._address, "validator": mark}), encoding="utf-8")

    def delete(self) -> None:
        """Forgets the unfinished file."""
        self.file.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)


def coding(response: httpx.Response) -> str:
    """How the body is compressed; `identity` where it is not."""
    return response.headers.get("content-encoding", "identity").strip().lower() or "identity"
