"""The settings of staging that people changed that day: where each one stands, its name in speech, its values."""

from dataclasses import dataclass

from _k8s_crashloop_parts import ROLES, WEB

BOX = ("spec", "template", "spec", "containers", 0)
SECONDS = ["10", "15", "20", "30", "45", "60", "75", "90"]
ENTRIES = {
    "page_size": ("page size", "Seitengröße", ["25", "40", "50", "80", "100", "150", "200", "250"]),
    "hold_minutes": ("hold time", "Haltezeit", ["5", "10", "15", "20", "25", "30", "45", "60"]),
    "timeout_ms": ("timeout", "Zeitlimit", ["5000", "8000", "12000", "15000", "20000", "30000"]),
    "retry_limit": ("retry limit", "Wiederholgrenze", ["3", "4", "5", "6", "8", "9"]),
    "cache_minutes": ("cache time", "Cachezeit", ["2", "3", "7", "12", "18", "25"]),
    "pool_max": ("pool limit", "Poolgrenze", ["20", "30", "40", "60", "80", "120", "160"]),
    "ttl_seconds": ("time to live", "Lebensdauer", ["120", "180", "240", "300", "450", "600", "900"]),
    "idle_seconds": ("idle time", "Leerlaufzeit", ["35", "40", "70", "80", "110", "140"]),
    "max_keys": ("key limit", "Schlüsselgrenze", ["1500", "2000", "2400", "3200", "4500", "6000"]),
    "keep_days": ("retention", "Aufbewahrung", ["7", "10", "14", "21", "28", "30", "45", "60"]),
    "chunk_rows": ("chunk size", "Blockgröße", ["200", "250", "400", "500", "800", "1000", "2000"]),
}
"""Entry of a ConfigMap → its name in English and German, and values it may have."""
FIELDS = {
    "ready": ("readiness period", "Readiness-Periode", ["4", "6", "8", "9", "12", "14", "18", "25"]),
    "live": ("liveness period", "Liveness-Periode", ["11", "16", "22", "24", "35", "40", "50"]),
    "delay": ("liveness delay", "Liveness-Verzögerung", SECONDS),
    "grace": ("grace period", "Abschaltfrist", [*SECONDS, "120"]),
    "level": ("log level", "Loglevel", ["info"]),
    "image": ("image", "Image", []),
    "replicas": ("replicas", "Replikas", ["2"]),
}
FIXED = {"limit": ("memory limit", "Speichergrenze")}
"""What the tables of constraints.md fix, and people talk about all the same."""
NOUNS = {**ENTRIES, **FIELDS, **FIXED}
PATHS = {
    "ready": (*BOX, "readinessProbe", "periodSeconds"),
    "live": (*BOX, "livenessProbe", "periodSeconds"),
    "delay": (*BOX, "livenessProbe", "initialDelaySeconds"),
    "grace": ("spec", "template", "spec", "terminationGracePeriodSeconds"),
    "level": (*BOX, "env", 0, "value"),
    "image": (*BOX, "image"),
    "replicas": ("spec", "replicas"),
    "limit": (*BOX, "resources", "limits", "memory"),
}
OWNED = {
    **dict.fromkeys(
        WEB, ("page_size", "hold_minutes", "timeout_ms", "retry_limit", "cache_minutes", *FIELDS)
    ),
    "db": ("pool_max", "idle_seconds"),
    "cache": ("ttl_seconds", "max_keys"),
    "batch": ("keep_days", "chunk_rows"),
}
"""Role → its settings."""


@dataclass
class Slot:
    """One setting. ``noon`` is its value at 12:00, ``now`` as it stands after all edits, ``right`` as it should."""

    role: str
    what: str
    kind: str
    space: str
    name: str
    path: tuple
    file: str
    pool: list
    noon: str = ""
    now: str = ""
    right: str = ""
    prefix: str = ""
    group: str = ""
    missed: tuple = ()
    """Values of somebody who misses something, apart from ``noon`` and ``now``."""

    @property
    def pointer(self):
        """Return the JSON Pointer to it."""
        return "".join(f"/{step}" for step in self.path)

    def stored(self, value):
        """Return a value as the manifest has it."""
        if self.kind == "ConfigMap" or self.what in ("level", "image", "limit"):
            return f"{self.prefix}{value}"
        return int(value)


def draw_slots(rng, cast):
    """Return (role, what) → Slot, each with a value at noon."""
    found = {}
    for role in ROLES:
        for what in OWNED[role]:
            space, name, kind = cast.space_of(role), cast.names[role], "Deployment"
            path, file, prefix = PATHS.get(what), f"{name}-deployment.yaml", ""
            if what in ENTRIES:
                space = cast.spaces["jobs" if role == "batch" else "app"]
                path, kind = ("data", f"{name}.{what}"), "ConfigMap"
                name, file = cast.settings, f"{cast.settings}-configmap.yaml"
            pool = (ENTRIES | FIELDS)[what][2]
            if what == "image":
                prefix = f"registry.example/{cast.spaces['app']}/{name}:"
                pool = [cast.versions[role]]
            slot = Slot(role, what, kind, space, name, path, f"{space}/{file}", pool, prefix=prefix)
            slot.noon = slot.now = slot.right = rng.choice(pool)
            if what == "replicas":
                slot.noon = slot.now = slot.right = str(cast.replicas[role])
            found[role, what] = slot
    return found


def put(files, slot, value):
    """Set a setting in the manifests."""
    *above, last = slot.path
    thing = files[slot.file]
    for step in above:
        thing = thing[step]
    thing[last] = slot.stored(value)
