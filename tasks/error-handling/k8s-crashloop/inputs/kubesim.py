#!/usr/bin/env python3
"""kubesim: start the manifests of a folder as our staging cluster would, and stop at the first error.

    python3 kubesim.py MANIFESTS

Reads every .yaml, .yml and .json file below MANIFESTS, one object per file. Of YAML it knows: mappings and lists by
indentation, {...} and [...] on one line, plain and quoted values on one line, | and > blocks, comments. It knows no
anchors, tags, values that go on in the next line, or several documents in a file. JSON is read in full. Of label
selectors it knows matchLabels.

It admits the objects, then starts one Deployment after another until its pods are Ready: containers run and their
probes have a port to ask. It sends no traffic of users, and none that a program starts only later. It does not know
which replicas, image, time or entry anybody wants. Exit code: 0: all is Ready, 1: the first error, 2: called wrongly.
"""

import base64
import json
import re
import sys
from pathlib import Path

START = "kubesim.example/connects-at-start"
UNITS = {"": 1, "m": 0.001, "k": 10**3, "M": 10**6, "G": 10**9, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}
WORDS = {"": None, "~": None, "null": None, "true": True, "yes": True, "on": True, "false": False, "no": False,
         "off": False}  # fmt: skip


class Trouble(Exception):
    """The first error: what stops, and why."""


class Reader:
    """Reads the plain YAML described above."""

    def __init__(self, text):
        self.raw = text.lstrip("\ufeff").replace("\r\n", "\n").split("\n")
        self.at = 0

    def document(self):
        """Return the one object of the file."""
        self.skip()
        if self.at < len(self.raw) and self.raw[self.at].rstrip() == "---":
            self.at += 1
        text = "\n".join(self.raw[self.at :])
        if text.lstrip()[:1] == "{":
            text = text.strip()
            return json.loads(text) if text[1:].lstrip()[:1] == '"' else flow(text)[0]
        value = self.block(self.indent())
        self.skip()
        if self.at < len(self.raw) and self.raw[self.at].rstrip() not in ("---", "..."):
            raise self.wrong("this line fits nowhere")
        if any(bare(line) for line in self.raw[self.at + 1 :]):
            raise self.wrong("a second document in the file")
        return value

    def wrong(self, why):
        return Trouble(f"line {self.at + 1}: {why}")

    def skip(self):
        while self.at < len(self.raw) and not bare(self.raw[self.at]):
            self.at += 1

    def indent(self):
        self.skip()
        if self.at >= len(self.raw) or self.raw[self.at].rstrip() in ("---", "..."):
            return -1
        line = self.raw[self.at]
        if "\t" in line[: len(line) - len(line.lstrip())]:
            raise self.wrong("a tab in the indentation")
        return len(line) - len(line.lstrip(" "))

    def block(self, indent):
        """Return the mapping or list whose lines begin at ``indent``."""
        if indent < 0:
            return None
        first = bare(self.raw[self.at])
        return self.items(indent) if first == "-" or first.startswith("- ") else self.mapping(indent)

    def items(self, indent):
        found = []
        while self.indent() == indent:
            text = bare(self.raw[self.at])
            if text != "-" and not text.startswith("- "):
                break
            inner = text[1:].lstrip()
            if not inner:
                self.at += 1
                found.append(self.nested(indent))
            elif key_of(inner) and inner[0] not in "{[":
                column = indent + text.index(inner, 1)
                self.raw[self.at] = " " * column + self.raw[self.at][column:]
                found.append(self.mapping(column))
            else:
                found.append(self.value(inner, indent))
        return found

    def mapping(self, indent):
        found = {}
        while self.indent() == indent:
            text = bare(self.raw[self.at])
            parts = None if text.startswith("- ") else key_of(text)
            if not parts:
                if found and text.startswith("- "):
                    break
                raise self.wrong("not 'key: value'")
            key = scalar(parts[0])
            if key in found:
                raise self.wrong(f"the key {key} is given twice")
            found[key] = self.value(parts[1], indent, in_mapping=True)
        return found

    def value(self, text, indent, in_mapping=False):
        """Return the value that begins with ``text`` on the current line, and go past it."""
        if not text:
            self.at += 1
            return self.nested(indent, in_mapping)
        if text[0] in "|>":
            return self.literal(text, indent)
        if text[0] in "&*!":
            raise self.wrong("anchors and tags are not known here")
        if text[0] in "{[":
            value, rest = flow(text)
            if rest.strip():
                raise self.wrong("a list or mapping in brackets must end on its line")
        else:
            value = scalar(text)
        self.at += 1
        return value

    def nested(self, indent, in_mapping=False):
        below = self.indent()
        if below > indent or (in_mapping and below == indent and bare(self.raw[self.at]).startswith("-")):
            return self.block(below)
        return None

    def literal(self, text, indent):
        self.at += 1
        lines, depth = [], None
        while self.at < len(self.raw):
            line = self.raw[self.at]
            here = len(line) - len(line.lstrip(" "))
            if line.strip() and here <= indent:
                break
            depth = here if depth is None and line.strip() else depth
            lines.append(line[depth or 0 :])
            self.at += 1
        while lines and not lines[-1].strip():
            lines.pop()
        return ("\n" if text[0] == "|" else " ").join(lines) + ("" if "-" in text else "\n")


def bare(line):
    """Return a line without its comment and the spaces around."""
    quote, before = None, " "
    for place, sign in enumerate(line):
        if quote:
            quote = None if sign == quote and before != "\\" else quote
        elif sign in "'\"" and before in " :-[{,":
            quote = sign
        elif sign == "#" and before == " ":
            return line[:place].strip()
        before = sign
    return line.strip()


def key_of(text):
    """Return key and rest of ``key: value``, or None."""
    match = re.match(r"""("(?:[^"\\]|\\.)*"|'[^']*'|[^\s"'{\[#&*!|>][^#]*?)\s*:(?:\s+(.*))?$""", text)
    return match and (match[1], (match[2] or "").strip())


def scalar(text):
    """Return what a plain or quoted value means."""
    if text[0:1] == '"':
        return json.loads(text)
    if text[0:1] == "'":
        return text[1:-1].replace("''", "'")
    if text.lower() in WORDS:
        return WORDS[text.lower()]
    if re.fullmatch(r"[-+]?(0|[1-9]\d*)", text):
        return int(text)
    if re.fullmatch(r"[-+]?\d+\.\d*", text):
        return float(text)
    return text


def flow(text):
    """Return the list or mapping in brackets at the start of ``text``, and what follows it."""
    closing = "}" if text[0] == "{" else "]"
    found, rest = ({} if closing == "}" else []), text[1:].lstrip()
    while rest and rest[0] != closing:
        key = None
        if closing == "}":
            match = re.match(r"""("[^"]*"|'[^']*'|[^\s,:{}\[\]][^,:{}\[\]]*?)\s*:\s*""", rest)
            if not match:
                raise Trouble(f"not 'key: value' in brackets: {rest[:30]}")
            key, rest = scalar(match[1]), rest[match.end() :]
        if rest[:1] in ("{", "["):
            value, rest = flow(rest)
        else:
            match = re.match(r"""\s*("(?:[^"\\]|\\.)*"|'[^']*'|[^,{}\[\]]*)""", rest)
            value, rest = scalar(match[1].strip()), rest[match.end() :]
        if key is None:
            found.append(value)
        else:
            found[key] = value
        rest = rest.lstrip().removeprefix(",").lstrip()
    if not rest:
        raise Trouble("a bracket is not closed on its line")
    return found, rest[1:]


def load(folder):
    """Return the objects by (kind, namespace, name)."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix not in (".yaml", ".yml", ".json") or not path.is_file():
            continue
        try:
            thing = Reader(path.read_text("utf-8")).document()
            place = (thing["kind"], thing["metadata"].get("namespace", ""), thing["metadata"]["name"])
        except (ValueError, KeyError, TypeError, AttributeError, Trouble) as error:
            raise Trouble(f"{path}: not a manifest: {error}") from None
        if place in found:
            raise Trouble(f"{path}: there is a second {place[0]} {place[2]}")
        found[place] = thing
    return found


def size(text):
    """Return a quantity as number."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(m|k|M|G|Ki|Mi|Gi|)", str(text))
    if not match:
        raise Trouble(f"quantities must match the regular expression: {text!r}")
    return float(match[1]) * UNITS[match[2]]


class Cluster:
    """The objects, and what happens when their pods start."""

    def __init__(self, things):
        self.things = things

    def of_kind(self, kind, namespace=None):
        return [t for (k, n, _), t in sorted(self.things.items()) if k == kind and namespace in (None, n)]

    def admit(self):
        """Check quotas."""
        for (kind, namespace, name), thing in sorted(self.things.items()):
            if kind != "Namespace" and ("Namespace", "", namespace) not in self.things:
                raise Trouble(f'{kind.lower()} {name}: namespaces "{namespace}" not found')
            if kind != "ResourceQuota":
                continue
            used, hard = 0, thing["spec"]["hard"]["limits.memory"]
            for deployment in self.of_kind("Deployment", namespace):
                limit = container(deployment)["resources"]["limits"]["memory"]
                used += size(limit) * deployment["spec"].get("replicas", 1)
                if used > size(hard):
                    who = (
                        f"replicaset for {deployment['metadata']['name']}: forbidden: exceeded quota: {name}"
                    )
                    raise Trouble(f"{who}, requested: limits.memory={limit}, limited: limits.memory={hard}")

    def start(self, deployment):
        """Start the pods of a Deployment."""
        namespace, box = deployment["metadata"]["namespace"], container(deployment)
        env = {one["name"]: self.look_up(namespace, one) for one in box.get("env", [])}
        request, limit = (size(box["resources"][kind]["memory"]) for kind in ("requests", "limits"))
        if request > limit:
            raise Trouble("FailedCreate: memory request must be less than or equal to memory limit")
        if limit < 2**24:
            raise Trouble("RunContainerError: container init was OOM-killed (memory limit too low?)")
        labels = deployment["spec"]["template"]["metadata"]
        for prefix in labels.get("annotations", {}).get(START, "").split():
            self.connect(namespace, labels["labels"], env, prefix)
        for probe in ("readinessProbe", "livenessProbe"):
            asked = box.get(probe, {})
            port = (asked.get("httpGet") or asked.get("tcpSocket") or {"port": None})["port"]
            ports = box.get("ports", [])
            if port is not None and port not in [p.get("name") for p in ports] + [
                p["containerPort"] for p in ports
            ]:
                raise Trouble(f'Unhealthy: {probe} errored: couldn\'t find port "{port}"')

    def look_up(self, namespace, entry):
        if "value" in entry:
            return entry["value"]
        for kind, source in (("ConfigMap", "configMapKeyRef"), ("Secret", "secretKeyRef")):
            wanted = entry["valueFrom"].get(source)
            if not wanted:
                continue
            thing = self.things.get((kind, namespace, wanted["name"]))
            if thing is None:
                raise Trouble(f'CreateContainerConfigError: {kind.lower()} "{wanted["name"]}" not found')
            plain = {**thing.get("data", {}), **thing.get("stringData", {})}
            if wanted["key"] not in plain:
                where = f"{kind} {namespace}/{wanted['name']}"
                raise Trouble(f"CreateContainerConfigError: couldn't find key {wanted['key']} in {where}")
            if kind == "Secret" and wanted["key"] not in thing.get("stringData", {}):
                return base64.b64decode(plain[wanted["key"]], validate=True).decode()
            return plain[wanted["key"]]
        raise Trouble(f"CreateContainerConfigError: no source for {entry['name']}")

    def connect(self, namespace, labels, env, prefix):
        """Open a connection from a starting pod, as its program does."""
        host, port, user = (env.get(f"{prefix}_{name}") for name in ("HOST", "PORT", "USER"))
        where = f"CrashLoopBackOff, last line of its log: FATAL {prefix.lower()}: connect to {host}:{port}"
        name, _, rest = str(host).partition(".")
        home = rest.split(".")[0] or namespace
        service = self.things.get(("Service", home, name))
        if service is None:
            raise Trouble(f"{where}: no such host")
        wired = [one for one in service["spec"]["ports"] if str(one["port"]) == str(port)]
        pods = [
            one
            for one in self.of_kind("Deployment", home)
            if fits(service["spec"]["selector"], one["spec"]["template"]["metadata"]["labels"])
        ]
        numbers = [reached(wired[0], container(one)) for one in pods] if wired else []
        if not numbers or None in numbers:
            raise Trouble(f"{where}: connection refused")
        if not self.lets_in(namespace, labels, pods[0], numbers[0]):
            raise Trouble(f"{where}: timed out")
        if user:
            known = {one["name"]: one for one in container(pods[0]).get("env", [])}
            entry = known.get(f"{user.upper()}_PASSWORD")
            if entry is None or self.look_up(home, entry) != env.get(f"{prefix}_PASSWORD"):
                raise Trouble(f'{where}: password authentication failed for user "{user}"')

    def lets_in(self, namespace, labels, deployment, number):
        """Tell whether the policies of a pod's namespace let a pod with these labels in."""
        meta = deployment["spec"]["template"]["metadata"]
        home = deployment["metadata"]["namespace"]
        policies = [
            one["spec"].get("ingress") or []
            for one in self.of_kind("NetworkPolicy", home)
            if fits(one["spec"]["podSelector"].get("matchLabels", {}), meta["labels"])
        ]
        if not policies:
            return True
        names = {p["containerPort"]: p.get("name") for p in container(deployment)["ports"]}
        space = self.things[("Namespace", "", namespace)]["metadata"].get("labels", {})
        for rule in [rule for rules in policies for rule in rules]:
            ports = [one.get("port") for one in rule.get("ports") or []]
            if ports and number not in ports and names.get(number) not in ports:
                continue
            if not rule.get("from"):
                return True
            for peer in rule["from"]:
                same = namespace == home
                if peer.get("namespaceSelector") is not None:
                    same = fits(peer["namespaceSelector"].get("matchLabels", {}), space)
                if same and fits((peer.get("podSelector") or {}).get("matchLabels", {}), labels):
                    return True
        return False


def container(deployment):
    """Return the one container of a Deployment."""
    return deployment["spec"]["template"]["spec"]["containers"][0]


def fits(selector, labels):
    """Tell whether labels have all that a selector wants."""
    return all(labels.get(key) == value for key, value in selector.items())


def reached(wired, box):
    """Return the number of the port of a container that a Service's port leads to, or None."""
    target = wired.get("targetPort", wired["port"])
    return next(
        (p["containerPort"] for p in box["ports"] if target in (p.get("name"), p["containerPort"])), None
    )


def main(arguments):
    """Start everything; return the exit code."""
    if len(arguments) != 1 or arguments[0].startswith("-") or not Path(arguments[0]).is_dir():
        print(__doc__)
        return 2
    name = None
    try:
        cluster = Cluster(load(Path(arguments[0])))
        cluster.admit()
        for deployment in cluster.of_kind("Deployment"):
            name = f"{deployment['metadata']['namespace']}/{deployment['metadata']['name']}"
            cluster.start(deployment)
            print(f"{name}: Ready")
    except Trouble as error:
        print(f"{name}: {error}" if name else str(error))
        return 1
    except (KeyError, TypeError, AttributeError, ValueError, IndexError) as error:
        print(f"{name or 'cluster'}: a manifest that the API server would reject: {error!r}")
        return 1
    print("All Deployments are Ready. (No traffic of users was tried.)")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
