"""The needles a clinician can choose, how deep each one reaches, and how often it may go in.

Usual ones of mesotherapy (docs/panel.md): gauge and length. A needle goes no deeper than it is long, because then its
hub stands at the nozzle plane; and a thin one no deeper than it stays straight. What it costs to push liquid through
one is measured in the prime, never looked up. A tip is blunt after some punctures: 15 % of them after 3, 29 % after 10
(10.1111/jocd.16506); the counts here are starting values that a clinician must approve.
"""

from micropython import const

NEEDLES = ("30G 4mm", "30G 6mm", "30G 13mm", "32G 4mm", "32G 6mm", "27G 4mm", "27G 6mm")
_LENGTHS_UM = const((4000, 6000, 13000, 4000, 6000, 4000, 6000))
_DEEPEST_BY_GAUGE_UM = {"27G": 13000, "30G": 13000, "32G": 6000}
_PUNCTURES_BY_GAUGE = {"27G": 150, "30G": 120, "32G": 80}


def deepest_um(needle: str) -> int:
    """The deepest a needle may go, um: its length, and no more than its gauge stays straight. ValueError for one that
    is not in NEEDLES."""
    return min(_LENGTHS_UM[NEEDLES.index(needle)], _DEEPEST_BY_GAUGE_UM[needle[:3]])


def punctures_most(needle: str) -> int:
    """How often it may go in before it is blunt. KeyError for one that is not in NEEDLES."""
    return _PUNCTURES_BY_GAUGE[needle[:3]]
