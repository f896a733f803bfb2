"""`mesogun sim --screen`: the simulated device in real time in a terminal, with a person's hands on it."""
