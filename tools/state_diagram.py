"""The diagram of the device's states in docs/architecture.md: `python -m tools.state_diagram` prints it.

Made from firmware/states.py alone; a test compares the page with it.
"""

from __future__ import annotations

from typing import Any

from tools.simulator.interpreter import Device


def diagram(states: Any) -> str:
    """A mermaid diagram of the module firmware.states, without the event FAULTED: it leads to FAULT from everywhere."""
    lines = ["stateDiagram-v2", f"    [*] --> {states.NAMES[states.BOOT]}"]
    for state, name in enumerate(states.NAMES):
        words: dict[str, list[str]] = {}
        for event, word in enumerate(states.EVENTS):
            following = states.after(state, event)
            if following != state and event != states.FAULTED:
                words.setdefault(states.NAMES[following], []).append(word)
        lines += [f"    {name} --> {following}: {', '.join(events)}" for following, events in words.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    print(diagram(Device().modules["states"]))
