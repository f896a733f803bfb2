"""Other people's physics behind the simulator's plant interface; the dose loop was tuned to none of it."""
