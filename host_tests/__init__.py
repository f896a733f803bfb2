"""Proves the firmware, the drivers and the simulator: pytest and hypothesis."""
