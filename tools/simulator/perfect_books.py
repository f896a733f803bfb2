"""What Bookkeeping does with a flash that needs no time and never fails: for benches that are about something else."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.loop import DoseLoop


def keep(loop: "DoseLoop") -> None:
    """After a tick, before the motors: the mark; while disarmed everything that waits to be written, too. Allocates
    only then."""
    ledger = loop.ledger
    ledger.mark_due = 0
    if loop.disarmed:
        loop.journal.unread = 0
        loop.journal.keep()
        if ledger.due():
            write(loop)
        ledger.grant()


def reserve(loop: "DoseLoop") -> None:
    """A reservation is on record: CONFIRMED would arm."""
    loop.ledger.ask()
    write(loop)
    loop.ledger.grant()


def write(loop: "DoseLoop") -> None:
    """The ledger's slot."""
    loop.ledger.payload(loop.inputs.dose_steps, loop.journal.room())
    loop.ledger.written(True)
