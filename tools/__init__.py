"""Serves people at a PC: the command line, the simulator, the checks."""
