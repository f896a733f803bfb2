"""MicroPython's `gc` for device code in the simulator: the host's collector is none of the device's business."""

_enabled = True


def collect() -> None:
    """The device's heap is not simulated."""


def enable() -> None:
    """As the name says."""
    global _enabled
    _enabled = True


def disable() -> None:
    """As the name says."""
    global _enabled
    _enabled = False


def isenabled() -> bool:
    """What was chosen last."""
    return _enabled
