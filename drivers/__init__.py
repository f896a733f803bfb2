"""Touches the hardware: the only code that imports machine, esp32, time and os; it knows raw counts and pins only."""
