"""Schemas of what the service takes: its fields and forms, read from the workspace and written down as OpenAPI 3.0."""

import importlib
import sys
from pathlib import Path
from types import SimpleNamespace

ANY: dict = {}


def load(workspace: Path) -> SimpleNamespace:
    """Return the modules of the workspace's service that matter here."""
    names = ["config", "fields", "forms", "gates", "customers", "items", "bookings", "query", "texts"]
    kept, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    sys.path.insert(0, str(workspace))
    try:
        found = {name: importlib.import_module(f"svc.{name}") for name in names}
        for name in found["config"].SETTINGS["plugins"]:
            found[name] = importlib.import_module(f"svc.plugins.{name}")
    finally:
        sys.path.remove(str(workspace))
        sys.dont_write_bytecode = kept
        for name in [name for name in sys.modules if name == "svc" or name.startswith("svc.")]:
            del sys.modules[name]
    return SimpleNamespace(**found, source=lambda name: (workspace / "svc" / f"{name}.py").read_text("utf-8"))


class Bodies:
    """Turns fields and forms into schemas."""

    def __init__(self, svc: SimpleNamespace):
        self.svc, self.missing = svc, svc.fields.MISSING

    def field(self, field: object) -> dict:
        """Return the schema of what a field takes; a field with a default takes null for it."""
        schema = getattr(self, f"_{type(field).__name__.lower()}")(field)
        if field.null or field.default is not self.missing:
            schema["nullable"] = True
        return schema

    def form(self, form: type) -> dict:
        """Return the schema of an object with a form."""
        schema = {
            "type": "object",
            "properties": {name: self.field(one) for name, one in form.fields.items()},
            "required": [name for name, one in form.fields.items() if not one.optional],
        }
        if not schema["required"]:
            del schema["required"]
        refused, ignored = form.on_unknown == "refuse", form.on_fixed == "ignore"
        if refused:
            schema["additionalProperties"] = False
        if refused == ignored:
            extra = ANY if ignored else {"readOnly": True}
            schema["properties"].update({name: dict(extra) for name in form.fixed})
        if form.least == 1:
            schema["anyOf"] = [{"required": [name]} for name in form.fields]
        return schema

    def codes(self, form: type) -> set[str]:
        """Return the codes of problems that a form can report."""
        found = {"order", "required", "excluded"} & set(form.together.__func__.__code__.co_consts)
        found |= {"unknown"} if form.on_unknown == "refuse" else set()
        found |= {"fixed"} if form.fixed and form.on_fixed == "refuse" else set()
        found |= {"empty"} if form.least else set()
        for field in form.fields.values():
            found |= self._codes(field) | (set() if field.optional else {"required"})
        return found

    def _codes(self, field):
        """Return the codes of problems that a field, and what is in it, can report."""
        name = type(field).__name__
        found = {"type"} if field.null or field.default is not self.missing else {"type", "null"}
        found |= REPORTS.get(name, set())
        if hasattr(field, "low") and name not in ("Whole", "Number", "Money"):
            found |= {"length"} if field.low or field.high is not None else set()
        found |= {"step"} if getattr(field, "step", 1) != 1 else set()
        found |= {"repeated"} if getattr(field, "distinct", False) else set()
        inner = getattr(field, "inner", None)
        for form in getattr(field, "forms", {}).values() if inner is None else [inner]:
            found |= self.codes(form) if isinstance(form, type) else self._codes(form)
        return found

    def _text(self, field):
        return {"type": "string", "pattern": trimmed(field.low, field.high, field.void)}

    def _raw(self, field):
        return {"type": "string", "minLength": field.low, "maxLength": field.high}

    def _code(self, field):
        end = "$" if field.whole else ""
        return {"type": "string", "pattern": f"^(?:{field.pattern.pattern}){end}"}

    def _slug(self, field):
        tail = field.PATTERN.pattern.rsplit("{1,", 1)[1]
        return {"type": "string", "pattern": f"^[A-Za-z][A-Za-z0-9-]{{1,{tail}$"}

    def _email(self, field):
        pattern = r"^[^@ ]+@[^@ .][^@ ]*\.[^@ ]*[^@ .]$|^[^@ ]+@[^@ .]\.[^@ .]$"
        return {"type": "string", "minLength": field.low, "maxLength": field.high, "pattern": pattern}

    def _phone(self, field):
        source = self.svc.source("fields")
        counts = source.split('"[+][0-9]{')[1].split("}")[0]
        return {"type": "string", "pattern": f"^[ -]*[+][ -]*([0-9][ -]*){{{counts}}}$"}

    def _day(self, field):
        return {"type": "string", "pattern": DAY}

    def _hour(self, field):
        good = [
            f"{hour:02d}:{minute:02d}"
            for hour in range(100)
            for minute in range(100)
            if self.svc.fields.at_counter(hour, minute)
        ]
        return {"type": "string", "pattern": f"^(?:{'|'.join(good)})$"}

    def _choice(self, field):
        if not field.fold:
            return {"type": "string", "enum": list(field.words)}
        words = "|".join(
            "".join(f"[{x.upper()}{x}]" if x.isalpha() else x for x in word) for word in field.words
        )
        return {"type": "string", "pattern": f"^(?:{words})$"}

    def _flag(self, field):
        return {"type": "boolean"}

    def _whole(self, field):
        schema = {"type": "integer", "minimum": field.low}
        if field.high is not None:
            schema["maximum"] = field.high
        if field.step != 1:
            schema["multipleOf"] = field.step
        if field.texts:
            return {
                "anyOf": [
                    schema,
                    {"type": "string", "maxLength": 4, "pattern": digits(field.low, field.high)},
                ]
            }
        return schema

    def _number(self, field):
        low, high = field.closed
        schema = {"type": "number", "minimum": int(field.low), "maximum": int(field.high)}
        return {**schema, "exclusiveMinimum": not low, "exclusiveMaximum": not high}

    def _money(self, field):
        return {**self._number(field), "multipleOf": 0.01}

    def _record(self, field):
        return self.form(field.inner)

    def _bykind(self, field):
        kinds = []
        for kind, form in field.forms.items():
            schema = self.form(form)
            schema["properties"] = {"kind": {"type": "string", "enum": [kind]}, **schema["properties"]}
            schema["required"] = ["kind", *schema.get("required", [])]
            kinds.append(schema)
        return {"oneOf": kinds}

    def _listof(self, field):
        schema = {"type": "array", "items": self.field(field.inner), "minItems": field.low}
        if field.high is not None:
            schema["maxItems"] = field.high
        if field.distinct:
            schema["uniqueItems"] = True
        return schema

    def _mapping(self, field):
        return {
            "type": "object",
            "additionalProperties": self.field(field.inner),
            "maxProperties": field.high,
        }


REPORTS = {
    **{name: {"format"} for name in ("Code", "Slug", "Email", "Phone", "Day", "Hour")},
    **{name: {"choice"} for name in ("Choice", "ByKind")},
    **{name: {"range"} for name in ("Whole", "Number")},
    "Money": {"range", "step"},
    "Mapping": {"length"},
}
"""Class of a field → what else than its type and its length can be wrong."""
DAY = "^20[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$"


def trimmed(low: int, high: int, void: bool) -> str:
    """Return a pattern for texts whose length counts without the blanks around them."""
    if low < 2:
        core = rf"[^ ](?:[\s\S]{{0,{high - 2}}}[^ ])?"
    else:
        core = rf"[^ ][\s\S]{{{low - 2},{high - 2}}}[^ ]"
    return f"^ *(?:{core}){'?' if void else ''} *$"


def digits(low: int, high: int) -> str:
    """Return a pattern for digits that stand for a number from ``low`` (0 or 1) to ``high``."""
    shorter = f"[0-9]{{1,{len(str(high)) - 1}}}|"
    return f"^{'(?!0*$)' if low else ''}0*(?:{shorter}{_up_to(str(high))})$"


def _up_to(text: str) -> str:
    if not text:
        return ""
    lower = f"[0-{int(text[0]) - 1}][0-9]{{{len(text) - 1}}}|" if text[0] != "0" else ""
    return f"(?:{lower}{text[0]}{_up_to(text[1:])})"


def customer_rules(schema: dict) -> dict:
    """Somebody can be reached by mail or by phone."""
    phone = {"required": ["phone"], "properties": {"phone": {"type": "string"}}}
    return {**schema, "anyOf": [{"required": ["email"]}, phone]}


def booking_rules(schema: dict, courier: str) -> dict:
    """What is brought needs a place; a voucher and a discount do not go together."""
    brought = {"properties": {"delivery": {"type": "string", "enum": [courier]}}, "required": ["delivery"]}
    return {
        **schema,
        "allOf": [
            {"anyOf": [{"not": brought}, {"required": ["drop_off"]}]},
            {"not": {"required": ["discount", "voucher"]}},
        ],
    }


def confirm_rules(schema: dict) -> dict:
    """Who is not told is not told in some way."""
    silent = {"properties": {"notify": {"type": "boolean", "enum": [False]}}, "required": ["notify", "by"]}
    return {**schema, "not": silent}
