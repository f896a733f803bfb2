"""The simulated device: chip, machine, skin and hand. Both interpreters run it; time in it is virtual or real."""
