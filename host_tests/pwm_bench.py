"""What the PWM unit of a chip does, for those who test it."""

from tools.simulator.ledc import FULL_DUTY, Channel
from tools.simulator.silicon import Chip

RED, GREEN, BLUE, BUZZER = 35, 36, 37, 3


def share(chip: Chip, number: int) -> float:
    """How much of the time a pad is high, 0..1."""
    channel = chip.pins[number].signal
    assert isinstance(channel, Channel)
    return channel.high_share() / FULL_DUTY


def timers(chip: Chip) -> "list[int]":
    """Frequencies that are claimed."""
    return [timer.hz for group in chip.ledc.timers for timer in group if timer.hz > 0]
