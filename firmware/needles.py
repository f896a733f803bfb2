"""The needles a clinician can choose, and how deep each one reaches.

Usual ones of mesotherapy (docs/panel.md): gauge and length. A needle goes no deeper than it is long, because then its
hub stands at the nozzle plane. What it costs to push liquid through one is measured in the prime, never looked up.
"""

NEEDLES = ("30G 4mm", "30G 6mm", "30G 13mm", "32G 4mm", "32G 6mm", "27G 4mm", "27G 6mm")
_LENGTHS_UM = (4000, 6000, 13000, 4000, 6000, 4000, 6000)


def length_um(needle: str) -> int:
    """The deepest a needle reaches, um. ValueError for one that is not in NEEDLES."""
    return _LENGTHS_UM[NEEDLES.index(needle)]
