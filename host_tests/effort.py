"""How many examples a costly property gets: a share of what the profile of this run gives a cheap one."""

import hypothesis


def share(part: float) -> hypothesis.settings:
    """A decorator for a property: `part` (0..n) of the profile's number of examples, at least one."""
    return hypothesis.settings(max_examples=max(1, round(hypothesis.settings().max_examples * part)))
