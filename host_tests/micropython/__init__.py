"""Programs that tests give to a real MicroPython."""
