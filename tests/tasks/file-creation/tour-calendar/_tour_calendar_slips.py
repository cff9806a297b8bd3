"""One wrong solution for each slip in reading, reckoning or form."""

from pathlib import Path

from _tour_calendar_agency import season as _season
from _tour_calendar_form import calendar as _calendar

FILE = "tour.ics"


def _slip(workspace: Path, *slips: str) -> None:
    kinds = frozenset(slips)
    (workspace / FILE).write_bytes(_calendar(_season(workspace, kinds), kinds))


def order(workspace: Path, turn: int = 1) -> str | None:
    """Apply the corrections from the top of the file down."""
    return _slip(workspace, "order")


def cancel(workspace: Path, turn: int = 1) -> str | None:
    """Leave in what was cancelled."""
    return _slip(workspace, "cancel")


def status(workspace: Path, turn: int = 1) -> str | None:
    """Leave in what was cancelled, with a status that says so."""
    return _slip(workspace, "status")


def until(workspace: Path, turn: int = 1) -> str | None:
    """End a series before the day named."""
    return _slip(workspace, "until")


def times(workspace: Path, turn: int = 1) -> str | None:
    """Count the appointments of a series after the first one."""
    return _slip(workspace, "times")


def new_date(workspace: Path, turn: int = 1) -> str | None:
    """Name a moved appointment of a series by its new date."""
    return _slip(workspace, "new-date")


def drift(workspace: Path, turn: int = 1) -> str | None:
    """Add weeks to the first UTC instant of a series."""
    return _slip(workspace, "drift")


def same_day(workspace: Path, turn: int = 1) -> str | None:
    """End every appointment on the day it begins."""
    return _slip(workspace, "same-day")


def end_offset(workspace: Path, turn: int = 1) -> str | None:
    """Use the offset of the start for the end too."""
    return _slip(workspace, "end-offset")


def first(workspace: Path, turn: int = 1) -> str | None:
    """Take the hour that comes twice the first time it comes."""
    return _slip(workspace, "first")


def from_all(workspace: Path, turn: int = 1) -> str | None:
    """Give a series its new hours from its beginning."""
    return _slip(workspace, "from-all")


def from_none(workspace: Path, turn: int = 1) -> str | None:
    """Overlook the new hours of a series."""
    return _slip(workspace, "from-none")


def old_zone(workspace: Path, turn: int = 1) -> str | None:
    """Change the place and keep the zone."""
    return _slip(workspace, "old-zone")


def old_place(workspace: Path, turn: int = 1) -> str | None:
    """Change the zone and keep the place."""
    return _slip(workspace, "old-place")


def leaves_none_out(workspace: Path, turn: int = 1) -> str | None:
    """Overlook what is excepted from a series."""
    return _slip(workspace, "except")


def makes_up(workspace: Path, turn: int = 1) -> str | None:
    """Make up for the excepted one at the end of its series."""
    return _slip(workspace, "except-uncounted")


def fortnight(workspace: Path, turn: int = 1) -> str | None:
    """Take every series for a weekly one."""
    return _slip(workspace, "fortnight")


def tail(workspace: Path, turn: int = 1) -> str | None:
    """Overlook that a series ends earlier."""
    return _slip(workspace, "tail")


def one_of_two(workspace: Path, turn: int = 1) -> str | None:
    """Cancel only the first of those that one entry cancels."""
    return _slip(workspace, "one-of-two")


def spared(workspace: Path, turn: int = 1) -> str | None:
    """Cancel all that an entry names, also what it spares."""
    return _slip(workspace, "spared")


def which(workspace: Path, turn: int = 1) -> str | None:
    """Overlook a cancellation that names the hall and not the number."""
    return _slip(workspace, "which")


def which_other(workspace: Path, turn: int = 1) -> str | None:
    """Cancel the wrong one of the two in a hall."""
    return _slip(workspace, "which-other")


def rumour(workspace: Path, turn: int = 1) -> str | None:
    """Cancel what was only said to be cancelled."""
    return _slip(workspace, "rumour")


def refused(workspace: Path, turn: int = 1) -> str | None:
    """Move what the hall wanted moved and the agency did not."""
    return _slip(workspace, "refused")


def next_day(workspace: Path, turn: int = 1) -> str | None:
    """End on the next day whatever ends at an earlier clock time, in the hour that comes twice too."""
    return _slip(workspace, "next-day")


def from_day(workspace: Path, turn: int = 1) -> str | None:
    """Give new hours by the day on which one is now, not by that in the plan."""
    return _slip(workspace, "from-day")


def from_unmoved(workspace: Path, turn: int = 1) -> str | None:
    """Let a moved one keep the hours it was moved to when its series gets newer ones."""
    return _slip(workspace, "from-unmoved")


def restore_place(workspace: Path, turn: int = 1) -> str | None:
    """Restore day and hours, but not the place."""
    return _slip(workspace, "restore-place")


def undo_none(workspace: Path, turn: int = 1) -> str | None:
    """Overlook that an entry was taken back."""
    return _slip(workspace, "undo-none")


def undo_plan(workspace: Path, turn: int = 1) -> str | None:
    """Go back to the plan where a cancellation was taken back, past the entry before it."""
    return _slip(workspace, "undo-plan")


def meant_none(workspace: Path, turn: int = 1) -> str | None:
    """Overlook that an entry was meant for another appointment."""
    return _slip(workspace, "meant-none")


def meant_half(workspace: Path, turn: int = 1) -> str | None:
    """Apply an entry to the one it was meant for and to the one it names."""
    return _slip(workspace, "meant-half")


def swap_none(workspace: Path, turn: int = 1) -> str | None:
    """Overlook that two change over."""
    return _slip(workspace, "swap-none")


def swap_zone(workspace: Path, turn: int = 1) -> str | None:
    """Change over by the clocks of the other one's hall."""
    return _slip(workspace, "swap-zone")


def plan_hours(workspace: Path, turn: int = 1) -> str | None:
    """Take the hours of the plan where those agreed last hold."""
    return _slip(workspace, "plan-hours")


def later_plan(workspace: Path, turn: int = 1) -> str | None:
    """Add half an hour to the start in the plan, not to the one agreed last."""
    return _slip(workspace, "later-plan")


def later_both(workspace: Path, turn: int = 1) -> str | None:
    """Let the end slip with the start."""
    return _slip(workspace, "later-both")


def usual_clocks(workspace: Path, turn: int = 1) -> str | None:
    """Ask the computer for the rules of the zones."""
    return _slip(workspace, "usual")


def no_delay(workspace: Path, turn: int = 1) -> str | None:
    """Overlook that a change of clocks was put off."""
    return _slip(workspace, "no-delay")


def local(workspace: Path, turn: int = 1) -> str | None:
    """Write local times as if they were UTC."""
    return _slip(workspace, "local")


def floating(workspace: Path, turn: int = 1) -> str | None:
    """Write times with a zone instead of in UTC."""
    return _slip(workspace, "floating")


def no_escapes(workspace: Path, turn: int = 1) -> str | None:
    """Write titles as they are."""
    return _slip(workspace, "no-escapes")


def no_backslash(workspace: Path, turn: int = 1) -> str | None:
    """Escape commas, semicolons and line breaks, but not the backslash."""
    return _slip(workspace, "no-backslash")


def no_folds(workspace: Path, turn: int = 1) -> str | None:
    """Leave long lines long."""
    return _slip(workspace, "no-folds")


def fold_characters(workspace: Path, turn: int = 1) -> str | None:
    """Count characters where octets are meant."""
    return _slip(workspace, "fold-characters")


def fold_octets(workspace: Path, turn: int = 1) -> str | None:
    """Fold after 75 octets, even within a character."""
    return _slip(workspace, "fold-octets")


def bare_lf(workspace: Path, turn: int = 1) -> str | None:
    """End lines as Unix does."""
    return _slip(workspace, "bare-lf")


def no_stamp(workspace: Path, turn: int = 1) -> str | None:
    """Leave out DTSTAMP."""
    return _slip(workspace, "no-stamp")
