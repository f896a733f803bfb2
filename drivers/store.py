"""Reads a JSON object from flash. Only when disarmed: the file system holds the interpreter up."""

import json
from errno import ENOENT

MAX_BYTES = 4096


class StoreError(Exception):
    """A file could not be used. The message says which file, and what is wrong with it."""


def read_json(path: str) -> dict:
    """The JSON object in the file, as a dict; StoreError if it is missing, longer than 4096 bytes, or anything else."""
    try:
        content = json.loads(_read(path))
        if isinstance(content, dict):
            return content
        error = "a JSON object was expected, not " + type(content).__name__
    except OSError as failure:
        error = "no such file" if failure.errno == ENOENT else "unreadable, " + str(failure)
    except (ValueError, RuntimeError) as failure:
        error = "not JSON, " + str(failure)
    raise StoreError(path + ": " + error)


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        text = file.read(MAX_BYTES + 1)
    if len(text) > MAX_BYTES:
        raise StoreError(path + ": longer than " + str(MAX_BYTES) + " bytes")
    return text
