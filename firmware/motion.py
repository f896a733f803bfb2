"""Integer ramp of one axis: how many steps in this tick. A chunk grows by at most 10 steps, and brakes the same way."""

from firmware.limits import CHUNK_MAX_STEPS, RAMP_STEPS


def braked_steps(distance_steps: int) -> int:
    """The largest chunk 0..40 from which a ramp down by 10 a tick ends within `distance_steps` (>= 0).

    A chunk n needs n + (n - 10) + ...: 40 need 100, 30 need 60, 20 need 30, 10 need 10.
    """
    if distance_steps >= 100:
        return 40
    if distance_steps >= 60:
        return 30 + (distance_steps - 60) // 4
    if distance_steps >= 30:
        return 20 + (distance_steps - 30) // 3
    if distance_steps >= 10:
        return 10 + (distance_steps - 10) // 2
    return distance_steps


class Ramp:
    """The speed of one axis, in signed steps per tick."""

    def __init__(self) -> None:
        self.chunk_steps = 0

    def stop(self) -> None:
        """The axis stands: the next chunk starts from rest."""
        self.chunk_steps = 0

    def toward(self, distance_steps: int) -> int:
        """The next chunk for a signed distance to go; never more than the distance, the ramp or 40 steps."""
        if distance_steps < 0:
            return self.backward(braked_steps(-distance_steps))
        return self.forward(braked_steps(distance_steps))

    def forward(self, wanted_steps: int) -> int:
        """The next chunk for a wanted speed, 0 or more: ramped up, not braked (whoever feeds brakes by volume)."""
        chunk = self.chunk_steps + RAMP_STEPS if self.chunk_steps > 0 else RAMP_STEPS
        if chunk > CHUNK_MAX_STEPS:
            chunk = CHUNK_MAX_STEPS
        if chunk > wanted_steps:
            chunk = wanted_steps
        self.chunk_steps = chunk
        return chunk

    def backward(self, wanted_steps: int) -> int:
        """As `forward`, for a wanted speed of plunger or needle going back, given as 0 or more; returns 0 or less."""
        chunk = RAMP_STEPS - self.chunk_steps if self.chunk_steps < 0 else RAMP_STEPS
        if chunk > CHUNK_MAX_STEPS:
            chunk = CHUNK_MAX_STEPS
        if chunk > wanted_steps:
            chunk = wanted_steps
        self.chunk_steps = -chunk
        return -chunk


def too_fast(chunk_steps: int, last_steps: int) -> bool:
    """Whether a chunk is longer than 40 steps, or grew by more than the ramp in its own direction: the planner that
    asks for it is broken."""
    if chunk_steps < 0:
        chunk_steps = -chunk_steps
        last_steps = -last_steps
    if last_steps < 0:
        last_steps = 0
    return chunk_steps > CHUNK_MAX_STEPS or chunk_steps > last_steps + RAMP_STEPS
