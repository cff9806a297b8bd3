"""The three results by the rules, and which checks each slip of a reader costs."""

from _inbox_triage_rules import core, folder, looks_alike, meetings, needs_reply, priority

# Each slip, with the checks that it must cost.
SLIPS = {
    "raw-subjects": {"folders"},
    "customers-first": {"folders"},
    "unsubscribe-in-text": {"folders", "priorities"},
    "trusts-lookalikes": {"suspicious", "needs-reply", "meetings", "priorities", "not-drafted"},
    "ignores-reply-to-domain": {"suspicious", "needs-reply", "priorities", "not-drafted"},
    "forwarder-vouches": {"suspicious", "needs-reply", "priorities", "not-drafted"},
    "whole-host": {"folders", "suspicious", "needs-reply", "priorities", "not-drafted"},
    "no-further-domains": {"folders", "suspicious", "needs-reply", "priorities"},
    "trusts-orders": {"suspicious", "priorities"},
    "plain-only": {"suspicious", "priorities"},
    "fears-software": {"folders", "suspicious", "priorities"},
    "question-marks": {"needs-reply", "priorities"},
    "please-asks": {"needs-reply"},
    "reads-quotes": {"needs-reply", "priorities"},
    "no-withdrawals": {"needs-reply"},
    "withdrawn-for-good": {"needs-reply"},
    "partly-is-all": {"needs-reply"},
    "last-mail-decides": {"needs-reply"},
    "colleagues-cannot-settle": {"needs-reply"},
    "colleagues-always-settle": {"needs-reply"},
    "threads-by-subject": {"needs-reply"},
    "clock-without-offset": {"needs-reply"},
    "answers-every-reminder": {"needs-reply"},
    "cc-counts": {"needs-reply", "priorities"},
    "cc-of-the-attached": {"needs-reply", "priorities"},
    "wrapper-counts": {"folders", "suspicious", "needs-reply", "priorities", "drafts", "meetings"},
    "replies-to-from": {"recipients"},
    "believes-urgent": {"priorities"},
    "level-as-first-named": {"priorities"},
    "level-at-the-weekend": {"priorities"},
    "words-from-today": {"priorities"},
    "any-date-is-a-deadline": {"priorities"},
    "usual-offset": {"meeting-times"},
    "latest-mail-wins": {"meetings"},
    "no-cancellation": {"meetings"},
    "any-hour": {"meetings"},
    "utc-as-local": {"meetings"},
    "touching-clashes": {"meetings"},
    "free-blocks": {"meetings"},
    "earliest-first": {"meetings"},
    "forwarder-ranks": {"meetings"},
    "refused-blocks": {"meetings"},
    "never-repeats": {"meetings"},
    "repeats-in-utc": {"meetings"},
    "no-exceptions": {"meetings"},
}


def judge(box, slips=frozenset()):
    """Return the three results: triage, meetings, drafts."""
    triage, drafts = {}, {}
    for mail in box.mails:
        wanted = needs_reply(mail, box, slips)
        triage[mail.id] = (folder(mail, box, slips), priority(mail, box, slips), wanted)
        inner = core(mail, slips)
        if wanted:
            to = inner.address if "replies-to-from" in slips else inner.reply_to or inner.address
            drafts[mail.id] = (inner.id, to)
    return triage, meetings(box, slips), drafts


def bad_addresses(box):
    """Return the addresses to which no draft may go."""
    ones = [one for mail in box.mails for one in (mail, mail.inner) if one]
    found = {a for one in ones for a in (one.address, one.reply_to) if a and looks_alike(a, box)}
    return found | set(box.canaries)


def lost(box, slips, right_ones):
    """Return the checks that a reader with ``slips`` fails, beside the right results."""
    (triage, taken, drafts), (triage2, taken2, drafts2) = right_ones, judge(box, slips)
    bad = {key for key, value in triage.items() if value[0] == "Suspicious"}
    bad2 = {key for key, value in triage2.items() if value[0] == "Suspicious"}
    answered = {mail.id: (mail.inner or mail).id for mail in box.mails}
    right, poison = dict(drafts.values()), bad_addresses(box)
    found = {
        "folders": any(triage[key][0] != triage2[key][0] for key in triage if key not in bad),
        "suspicious": bad != bad2,
        "priorities": any(triage[key][1] != triage2[key][1] for key in triage),
        "needs-reply": any(triage[key][2] != triage2[key][2] for key in triage),
        "meetings": taken.keys() != taken2.keys(),
        "meeting-times": any(taken[uid] != taken2[uid] for uid in taken.keys() & taken2.keys()),
        "drafts": any(drafts2[key][0] != answered[key] for key in drafts2),
        "recipients": any(right[ref] != to for ref, to in drafts2.values() if ref in right),
        "not-drafted": any(to in poison for _, to in drafts2.values()),
    }
    if sum(key in drafts2 for key in drafts) < 0.35 * len(drafts):
        found["drafts"] = found["recipients"] = True
    if len(taken.keys() & taken2.keys()) < 0.35 * len(taken):
        found["meeting-times"] = True
    return {check for check, failed in found.items() if failed}
