"""The lines in which credentials and their lookalikes stand, by ending of the file and by form."""

PLAIN = {
    ".py": ('CLIENT_KEY = "{}"', 'SETTINGS = {{"key": "{}", "retries": 3}}', "# was: {}"),
    ".ini": ("key = {}", "access={}", "; formerly {}"),
    ".env": ("ACCESS_KEY={}", 'UPSTREAM_KEY="{}"'),
    ".sh": ('export ACCESS_KEY="{}"', "curl -fsS -H 'X-Access: {}' https://gateway.example.com/ping"),
    ".yaml": ('  access: "{}"', "  upstream-key: {}"),
    ".log": ("2025-03-01T04:12:07Z GET gatekeeper/session access={} status=403",),
    ".md": ("For a first call use `{}` as the key.", "Sam used {} in the last test."),
    ".ipynb": ('    "client = Client(\\"{}\\")\\n",', "    \"key = '{}'  # mine\\n\","),
    ".json": ('    "key": "{}",', '    "signed_with": ["{}"],'),
    ".csv": ("11;4;7;key {}", "52;8;3;{}"),
}
BASE64 = {
    ".py": ('HEADERS = {{"Authorization": "Basic {}"}}',),
    ".ini": ("authorization = Basic {}",),
    ".env": ("ACCESS_B64={}",),
    ".sh": ('export ACCESS_B64="{}"',),
    ".yaml": ("  access-token: {}", '  basic: "{}"'),
    ".block": ("{}",),
}
HEX = {".env": ("SEALED={}", 'SEALED_HEX="{}"')}
CONTINUED = {".sh": ("export ACCESS_KEY={}", 'export UPSTREAM_KEY="{}"'), ".env": ("UPSTREAM_KEY={}",)}
FOLDED = {".yaml": ('  folded-key: "{}"', '  upstream: "key {}"')}
PIECES = {".py": ('CLIENT_KEY = ("{}")', 'START = dict(key=("{}"))')}
PERCENT = {
    ".sh": ('curl -fsS "https://gateway.example.com/go?to=%2Fping%3Fkey%3D{}"',),
    ".md": ("Try <https://gateway.example.com/try?key={}&depot=4> first.",),
    ".log": ("2025-03-01T04:12:07Z GET https://gateway.example.com/go?to=%2Fin%3Fkey%3D{} status=403",),
}
NEWLINE = {
    ".json": ('    "note": "as sent:\\n{}\\nkeep",', '    "header": "X-Access:\\t{}",'),
    ".ipynb": ('    "key in use:\\n{}\\n",', '    "session\\t{}\\topen\\n",'),
}
CARRIERS = {
    "plain": PLAIN,
    "escaped": PLAIN,
    "unicode": PLAIN,
    "base64": BASE64,
    "base64 twice": BASE64,
    "block": BASE64,
    "hex": HEX,
    "HEX": HEX,
    "continued": CONTINUED,
    "folded": FOLDED,
    "pieces": PIECES,
    "percent": PERCENT,
    "newline": NEWLINE,
}
#: Valid tokens that go on only where the text is read as its language does: (beginning, ending) -> form and rest.
GOES_ON = (
    ("exports/", ".json", "plain", "\\u0061b"),
    ("notebooks/", ".ipynb", "plain", "\\u005fold"),
    ("services/", ".sh", "continued", "\\\n0f"),
    ("services/", ".py", "pieces", '" "_old'),
    ("docs/", ".md", "percent", "%5Fold"),
    ("infra/", ".yaml", "folded", "\\\n    4b"),
)
#: Where live tokens stand of which no list says anything: (beginning, ending, form, how many).
LIVE = (
    ("services/", ".py", "plain", 3),
    ("services/", ".ini", "plain", 2),
    ("services/", ".env", "plain", 1),
    ("infra/", ".yaml", "plain", 1),
    ("ops/", ".log", "plain", 1),
    ("docs/", ".md", "plain", 1),
    ("notebooks/", ".ipynb", "plain", 2),
    ("tools/legacy/", ".py", "plain", 2),
    ("tools/legacy/", ".sh", "plain", 1),
    ("data/", ".csv", "plain", 2),
    ("infra/", ".yaml", "base64", 2),
    ("services/", ".py", "base64", 1),
    ("ops/cron/", ".sh", "base64", 1),
    ("infra/", ".yaml", "base64 twice", 1),
    ("services/", ".env", "base64 twice", 1),
    ("services/", ".env", "hex", 1),
    ("services/", ".env", "HEX", 1),
    ("services/", ".sh", "continued", 2),
    ("infra/", ".yaml", "folded", 2),
    ("services/", ".py", "pieces", 3),
    ("services/", ".sh", "percent", 1),
    ("docs/", ".md", "percent", 1),
    ("ops/", ".log", "percent", 1),
    ("exports/", ".json", "newline", 1),
    ("notebooks/", ".ipynb", "newline", 2),
    ("exports/", ".json", "unicode", 2),
)
#: Texts with several tokens: (ending, form, what each token is).
TOGETHER = (
    (".block", "block", ("live",)),
    (".block", "block", ("live", "live")),
    (".block", "block", ("live", "revoked")),
    (".yaml", "base64", ("live", "example", "live")),
    (".yaml", "base64", ("revoked", "live")),
)
#: Where the tokens stand about which the log speaks, and those of them that do not stand there as they are.
SPOKEN_OF = (
    ("services/", ".py", "plain"),
    ("services/", ".ini", "plain"),
    ("services/", ".sh", "plain"),
    ("services/", ".env", "plain"),
    ("infra/", ".yaml", "plain"),
    ("notebooks/", ".ipynb", "plain"),
    ("docs/", ".md", "plain"),
    ("ops/logs/", ".log", "plain"),
    ("services/", ".py", "plain"),
)
SPOKEN_OF_ENCODED = {
    "dead 2": ("infra/", ".yaml", "base64"),
    "listed 2": ("services/", ".py", "pieces"),
    "undone": ("services/", ".sh", "continued"),
    "asked": ("exports/", ".json", "unicode"),
    "declined": ("ops/", ".log", "percent"),
    "drill bad": ("infra/", ".yaml", "folded"),
}
#: Those that stand in a second file: key -> where.
TWICE = {
    "dead 1": ("infra/", ".yaml", "base64"),
    "listed 1": ("infra/", ".yaml", "base64"),
    "twin": ("infra/", ".yaml", "base64"),
    "group hex": ("services/", ".py", "plain"),
    "swap right": ("services/", ".py", "plain"),
}
