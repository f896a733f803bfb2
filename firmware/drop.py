"""The record of one drop: opened before anything moves, closed with what the machine itself weighed."""

from micropython import const

from firmware.names import words

NONE = const(0)
OPEN = const(1)
DELIVERED = const(2)
ABORTED = const(3)
FAULT = const(4)
RESULTS = ("none", "open", "delivered", "aborted", "fault")

RELEASED = const(1 << 0)
CONTACT_LOST = const(1 << 1)
FAULTED = const(1 << 2)
_CAUSES = b"trigger_released|contact_lost|fault"


def cause_names(mask: int) -> "list[str]":
    """The words for why a drop ended early."""
    return words(mask, _CAUSES)


class Drop:
    """The newest drop. Volumes in nl: what was asked, what is believed, and bounds that the truth cannot leave."""

    def __init__(self) -> None:
        self.number = 0  # goes on over power-off
        self.changed = 0  # opened or closed, and the ledger does not know yet
        self.delivered = 0  # how many were
        self.total_most_nl = 0  # of all drops, whatever became of them: no truth lies above it
        self.result = NONE
        self.cause = 0
        self.requested_nl = 0
        self.depth_um = 0
        self.reported_nl = 0
        self.reported_min_nl = 0
        self.reported_max_nl = 0

    def open(self, requested_nl: int, depth_um: int) -> None:
        """Record the intent, before motion."""
        self.number += 1
        self.changed = 1
        self.result = OPEN
        self.cause = 0
        self.requested_nl = requested_nl
        self.depth_um = depth_um
        self.reported_nl = 0
        self.reported_min_nl = 0
        self.reported_max_nl = 0

    def close(self, result: int, reported_pl: int, below_pl: int, above_pl: int) -> None:
        """Record the outcome: picolitres believed, and how far the truth may lie below and above. Then count()."""
        self.result = result
        self.changed = 1
        if result == DELIVERED:
            self.delivered += 1
        self.reported_nl = reported_pl // 1000 if reported_pl > 0 else 0
        lowest_pl = reported_pl - below_pl
        self.reported_min_nl = lowest_pl // 1000 if lowest_pl > 0 else 0
        highest_pl = reported_pl + above_pl
        self.reported_max_nl = highest_pl // 1000 + 1 if highest_pl > 0 else 1
        self.total_most_nl += self.reported_max_nl

    def count(self, counted_pl: int) -> None:
        """What the plunger displaced at most by its count: totals grow by that, if it is more than what was closed
        with. They trust no estimate alone."""
        more_nl = counted_pl // 1000 + 1 - self.reported_max_nl
        if more_nl > 0:
            self.total_most_nl += more_nl
