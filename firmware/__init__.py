"""The part that decides: pure integer logic that knows no hardware, no clock and no socket."""
