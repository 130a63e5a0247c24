"""Rows that somebody takes away, as lines of JSON."""

import json
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from tempfile import TemporaryFile
from typing import Any

from flask import Response, send_file

from web.desk import desk


def download(reading: AbstractContextManager[Iterator[dict[str, Any]]], *, name: str) -> Response:
    """A file of that name. What is read is written down first: a slow reader must not keep a transaction open."""
    data_dir = desk().settings.data_dir
    room = data_dir if os.access(data_dir, os.W_OK) else None  # In a container only /tmp may be written.
    with ExitStack() as leaving:
        written = leaving.enter_context(TemporaryFile(dir=room))
        with reading as rows:
            written.writelines(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)
        leaving.pop_all()  # From here on the answer closes it.
    written.seek(0)
    return send_file(written, mimetype="application/x-ndjson", as_attachment=True, download_name=name)
