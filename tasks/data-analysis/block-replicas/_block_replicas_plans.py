"""The clusters: the given one, and hidden ones that each dwell on some sections of ops.md and on what matters there."""

from dataclasses import replace

from _block_replicas_world import Plan

DAY, HOUR, MINUTE = 86_400_000, 3_600_000, 60_000
SMALL = Plan(nodes=5, length=24 * MINUTE, births=16, n_deeds=90, probes=24, per_heartbeat=50, part=1000)
BASIC = {"copy": 3, "shrink": 2, "append": 1, "stray": 1}
ALL = {
    **{"copy": 3, "stray": 1, "vanish": 1.5, "recount": 2, "step": 2.5, "crash": 1.5, "cut": 2, "append": 2},
    **{"recover": 2, "setrep": 3, "waver": 2, "remove": 0.5, "invalidate": 1.5, "config": 0.6, "decommission": 1.5},
    **{"recommission": 1.5, "retire": 0.6, "rerack": 0.7},
}

HIDDEN = {
    "clocks": replace(SMALL, skew=True, slow=0.2, n_deeds=120, deeds={**BASIC, "step": 3, "crash": 0.6}),
    "boundary": replace(
        SMALL,
        **{"grid": 30_000, "abandon": 0.7, "n_deeds": 280, "length": 35 * MINUTE, "after": 180_000},
        deeds={**BASIC, "crash": 4, "config": 2, "recover": 5, "invalidate": 2},
    ),
    "outages": replace(
        SMALL,
        **{"per_heartbeat": 1, "n_deeds": 160},
        deeds={**BASIC, "cut": 4, "crash": 1, "invalidate": 3, "recount": 3, "decommission": 0.7},
    ),
    "reports": replace(
        SMALL,
        **{"part": 3, "per_heartbeat": 1, "n_deeds": 220, "length": 35 * MINUTE, "pause": (8_000, 60_000)},
        deeds={**BASIC, "recount": 4, "vanish": 2, "crash": 2, "shrink": 3},
    ),
    "deleting": replace(
        SMALL,
        **{"nodes": 6, "per_heartbeat": 1, "n_deeds": 290, "length": 32 * MINUTE, "births": 22},
        deeds={**BASIC, "copy": 4, "setrep": 3, "waver": 4, "invalidate": 4, "append": 3, "recount": 3, "remove": 0.5},
    ),
    "recovery": replace(
        SMALL,
        **{"abandon": 0.6, "recovery_limit": 200_000, "n_deeds": 170},
        deeds={**BASIC, "copy": 4, "recover": 6, "cut": 2, "append": 3},
    ),
    "service": replace(
        SMALL,
        **{"racks": 2, "n_deeds": 180},
        deeds={**BASIC, "copy": 5, "decommission": 3, "recommission": 2, "retire": 2, "rerack": 2, "crash": 1},
    ),
    "storm": replace(
        SMALL,
        **{"nodes": 7, "racks": 3, "length": 60 * MINUTE, "births": 44, "n_deeds": 640, "probes": 60},
        **{"per_heartbeat": 1, "grid": 1000, "skew": True, "slow": 0.04, "abandon": 0.35, "part": 4, "deeds": ALL},
    ),
}
MATTERS = {
    "clocks": ["no-surplus", "heartbeat-sent", "took-ignored", "no-step", "step-sign", "first-offset", "no-skew"],
    "boundary": [
        *["recovery-first", "stops-early", "no-surplus", "death-first", "nn-late", "config-late", "probe-first"],
        *["death-late", "no-fallback"],
    ],
    "outages": [
        *["report-gap", "death-ends-leaving", "orders-to-dead", "no-surplus", "gap-dropped"],
        *["death-keeps-orders", "gap-revived", "no-gap"],
    ],
    "reports": [
        *["death-keeps-going", "report-no-look", "report-going", "report-raw", "report-adds", "report-early"],
        "no-surplus",
    ],
    "deleting": [
        *["received-keeps", "lowering-withdraws", "counts-waiting", "victim-any-rack", "append-keeps", "raise-keeps"],
        *["no-limit", "first-name", "load-of-good", "needless-dropped", "victim-by-name", "leaves-when-deleted"],
        *["orders-at-once", "no-surplus"],
    ],
    "recovery": [
        *["report-no-close", "no-surplus", "leaves-when-deleted", "gap-dropped", "recover-at-once", "no-fallback"],
        *["fallback-wanted", "newer-good", "recover-once"],
    ],
    "service": [
        *["rack-of-all", "no-rack-rule", "recommission-no-look", "retired-revives", "dead-heard", "leaving-counts"],
        *["leaving-lost", "factor-one-rack", "rack-once", "no-surplus"],
    ],
    "storm": [
        *["recommission-no-look", "raise-keeps", "death-late", "report-adds", "no-step", "gap-dropped"],
        *["report-raw", "rack-once", "config-late", "no-fallback"],
    ],
}
"""Cluster → what somebody may miss so that its lists change."""

GIVEN = Plan(
    **{"nodes": 8, "racks": 3, "length": 20 * HOUR, "dead_after": 630_000, "recovery_limit": 900_000},
    **{"per_heartbeat": 5, "beat": 25_000, "births": 4300, "n_deeds": 4200, "probes": 7, "skew": True, "slow": 0.004},
    **{"abandon": 0.004, "behind": 0.01, "remake": 0.85, "part": 60, "pause": (200, 3000), "noise": 3500},
    deeds={
        **{"copy": 8, "stray": 2, "append": 5, "recover": 0.4, "setrep": 9, "remove": 1, "invalidate": 2},
        **{"crash": 0.06, "cut": 0.08, "decommission": 0.015, "recommission": 0.02},
    },
)
