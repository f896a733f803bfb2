"""Cuts the power of the store at every operation, and looks whether anything is lost."""
