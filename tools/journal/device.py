"""The device's own modules for programs on a PC: its codec and its names, in a copy that nobody runs."""

from __future__ import annotations

import functools
from typing import Any

from tools.simulator.interpreter import Device


@functools.cache
def _device() -> Device:
    return Device()


@functools.cache
def module(name: str) -> Any:
    """One of them; made when it is first asked for."""
    return _device().module(name)


def codec() -> Any:
    """protocol/journal_record.py: Mac, next_key, seal."""
    return module("protocol.journal_record")
