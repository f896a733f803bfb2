"""Programs that `mesogun bench` gives to a real MicroPython: each measures one thing, and prints it as JSON."""
