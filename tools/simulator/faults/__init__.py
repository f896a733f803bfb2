"""Fault injection: what can fail, where it strikes, and whether the machine stayed safe by the plant's truth."""
