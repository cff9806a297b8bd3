"""Assistants who do all the work with one slip each."""

from pathlib import Path

from _inbox_triage_writer import solve as _solve


def raw_subjects(workspace: Path, turn: int = 1) -> str | None:
    """Look for invoices in subjects that are still encoded."""
    return _solve(workspace, "raw")


def customers_first(workspace: Path, turn: int = 1) -> str | None:
    """Put a customer's invoice among the customers."""
    return _solve(workspace, "customers-first")


def unsubscribe_in_text(workspace: Path, turn: int = 1) -> str | None:
    """Take a delivery notice for a newsletter."""
    return _solve(workspace, "footer")


def trusts_lookalikes(workspace: Path, turn: int = 1) -> str | None:
    """Overlook that a domain is only nearly the known one."""
    return _solve(workspace, "lookalikes")


def ignores_reply_to_domain(workspace: Path, turn: int = 1) -> str | None:
    """Look at From only, and answer to where Reply-To points."""
    return _solve(workspace, "reply-to-domain")


def trusts_orders(workspace: Path, turn: int = 1) -> str | None:
    """Sort the mail with orders as any other."""
    return _solve(workspace, "orders")


def reads_quotes(workspace: Path, turn: int = 1) -> str | None:
    """Answer what is only quoted."""
    return _solve(workspace, "quotes")


def no_withdrawals(workspace: Path, turn: int = 1) -> str | None:
    """Answer what has been withdrawn."""
    return _solve(workspace, "withdrawals")


def withdrawn_for_good(workspace: Path, turn: int = 1) -> str | None:
    """Miss that a withdrawn question was put again."""
    return _solve(workspace, "for-good")


def threads_by_subject(workspace: Path, turn: int = 1) -> str | None:
    """Take mails of the same subject for a thread."""
    return _solve(workspace, "by-subject")


def clock_without_offset(workspace: Path, turn: int = 1) -> str | None:
    """Order mails by what the clocks show."""
    return _solve(workspace, "clock")


def answers_every_reminder(workspace: Path, turn: int = 1) -> str | None:
    """Answer both a question and its reminder."""
    return _solve(workspace, "reminders")


def cc_counts(workspace: Path, turn: int = 1) -> str | None:
    """Answer mails that went to others."""
    return _solve(workspace, "cc")


def wrapper_counts(workspace: Path, turn: int = 1) -> str | None:
    """Judge an attached mail by who forwarded it."""
    return _solve(workspace, "wrapper")


def replies_to_from(workspace: Path, turn: int = 1) -> str | None:
    """Ignore Reply-To."""
    return _solve(workspace, "from")


def believes_urgent(workspace: Path, turn: int = 1) -> str | None:
    """Take the senders' word for what is urgent."""
    return _solve(workspace, "urgent")


def usual_offset(workspace: Path, turn: int = 1) -> str | None:
    """Count New York as six hours behind, as it usually is."""
    return _solve(workspace, "usual-offset")


def latest_mail_wins(workspace: Path, turn: int = 1) -> str | None:
    """Take the version of an invitation that was sent last."""
    return _solve(workspace, "latest")


def no_cancellation(workspace: Path, turn: int = 1) -> str | None:
    """Take a meeting that was called off."""
    return _solve(workspace, "cancellation")


def any_hour(workspace: Path, turn: int = 1) -> str | None:
    """Take a meeting in the evening."""
    return _solve(workspace, "hours")


def utc_as_local(workspace: Path, turn: int = 1) -> str | None:
    """Read Z as local time."""
    return _solve(workspace, "utc-as-local")


def touching_clashes(workspace: Path, turn: int = 1) -> str | None:
    """Refuse a meeting that begins when another ends."""
    return _solve(workspace, "touching")


def free_blocks(workspace: Path, turn: int = 1) -> str | None:
    """Let an entry block that says it does not."""
    return _solve(workspace, "free")


def earliest_first(workspace: Path, turn: int = 1) -> str | None:
    """Prefer what begins earlier to what a customer wants."""
    return _solve(workspace, "earliest")


def forwarder_vouches(workspace: Path, turn: int = 1) -> str | None:
    """Trust what a colleague forwards."""
    return _solve(workspace, "vouches")


def whole_host(workspace: Path, turn: int = 1) -> str | None:
    """Compare whole domains, with what stands before the last two parts."""
    return _solve(workspace, "host")


def no_further_domains(workspace: Path, turn: int = 1) -> str | None:
    """Overlook the column of further domains."""
    return _solve(workspace, "also")


def plain_only(workspace: Path, turn: int = 1) -> str | None:
    """Read the plain version of a mail alone."""
    return _solve(workspace, "plain")


def fears_software(workspace: Path, turn: int = 1) -> str | None:
    """Take news about software for orders to software."""
    return _solve(workspace, "software")


def question_marks(workspace: Path, turn: int = 1) -> str | None:
    """Take what has a question mark for a request, and nothing else."""
    return _solve(workspace, "marks")


def please_asks(workspace: Path, turn: int = 1) -> str | None:
    """Answer whatever says please."""
    return _solve(workspace, "please")


def partly_is_all(workspace: Path, turn: int = 1) -> str | None:
    """Take a request for withdrawn of which one part is."""
    return _solve(workspace, "in-part")


def last_mail_decides(workspace: Path, turn: int = 1) -> str | None:
    """Look at nobody's last mail but one."""
    return _solve(workspace, "last")


def colleagues_cannot_settle(workspace: Path, turn: int = 1) -> str | None:
    """Answer what a colleague has answered."""
    return _solve(workspace, "colleagues")


def colleagues_always_settle(workspace: Path, turn: int = 1) -> str | None:
    """Take any mail of a colleague for an answer."""
    return _solve(workspace, "all-settle")


def cc_of_the_attached(workspace: Path, turn: int = 1) -> str | None:
    """Look for the owner in To and Cc of the attached mail."""
    return _solve(workspace, "inner-cc")


def level_as_first_named(workspace: Path, turn: int = 1) -> str | None:
    """Overlook that a level has changed."""
    return _solve(workspace, "first-level")


def level_at_the_weekend(workspace: Path, turn: int = 1) -> str | None:
    """Take the level of the day of the mail."""
    return _solve(workspace, "weekend-level")


def words_from_today(workspace: Path, turn: int = 1) -> str | None:
    """Count tomorrow from today, not from the mail."""
    return _solve(workspace, "words")


def any_date_is_a_deadline(workspace: Path, turn: int = 1) -> str | None:
    """Take the date of a visit for a deadline."""
    return _solve(workspace, "any-date")


def forwarder_ranks(workspace: Path, turn: int = 1) -> str | None:
    """Rank a forwarded invitation by who forwarded it."""
    return _solve(workspace, "forwarder")


def refused_blocks(workspace: Path, turn: int = 1) -> str | None:
    """Let a refused invitation keep out another."""
    return _solve(workspace, "refused")


def never_repeats(workspace: Path, turn: int = 1) -> str | None:
    """Miss that an entry comes every week."""
    return _solve(workspace, "once")


def repeats_in_utc(workspace: Path, turn: int = 1) -> str | None:
    """Repeat an entry at the same time of UTC."""
    return _solve(workspace, "in-utc")


def no_exceptions(workspace: Path, turn: int = 1) -> str | None:
    """Repeat an entry on the days left out, too."""
    return _solve(workspace, "exceptions")
