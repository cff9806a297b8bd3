"""The whole cluster, judged part by part: nothing stops at a first error, and the objects may be anything.

It works on parsed objects (whoever parsed them) and shares no code with the simulator that agents are given.
"""

import base64
import binascii
import re
from decimal import Decimal, InvalidOperation

START = "kubesim.example/connects-at-start"
UNITS = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}
LEAST = 2**24
"""With a lower memory limit no container starts."""


def dig(value, *path):
    """Return what lies at a path of keys and indices, or None."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def table(value, *path):
    """Return the mapping at a path, or an empty one."""
    found = dig(value, *path)
    return found if isinstance(found, dict) else {}


def rows(value, *path):
    """Return the mappings in the list at a path."""
    found = dig(value, *path)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def size(text):
    """Return a quantity in bytes, or None."""
    match = re.fullmatch(r"(\d{1,18}(?:\.\d{1,9})?)(m|k|M|G|Ki|Mi|Gi|)", str(text)[:40])
    if not match:
        return None
    try:
        return Decimal(match[1]) * (Decimal("0.001") if match[2] == "m" else UNITS[match[2]])
    except InvalidOperation:
        return None


def fits(selector, labels):
    """Tell whether labels satisfy a selector of ``matchLabels`` and ``matchExpressions``."""
    for key, value in table(selector, "matchLabels").items():
        if key not in labels or str(labels[key]) != str(value):
            return False
    for one in rows(selector, "matchExpressions"):
        value, values = labels.get(str(one.get("key"))), one.get("values")
        listed = isinstance(values, list) and value in values
        good = {"In": value is not None and listed, "NotIn": not listed, "Exists": value is not None,
                "DoesNotExist": value is None}  # fmt: skip
        if not good.get(str(one.get("operator")), False):
            return False
    return True


class Cluster:
    """A system's objects by kind, namespace and name, and questions about them."""

    def __init__(self, objects):
        self.things = {}
        for one in objects:
            place = (dig(one, "kind"), dig(one, "metadata", "namespace") or "", dig(one, "metadata", "name"))
            if all(isinstance(word, str) for word in place):
                self.things[place] = one

    def get(self, kind, space, name):
        """Return an object, or an empty one."""
        return (
            self.things.get((kind, space, name), {})
            if isinstance(space, str) and isinstance(name, str)
            else {}
        )

    def of_kind(self, kind, space):
        """Return the objects of a kind in a namespace."""
        return [thing for (k, s, _), thing in sorted(self.things.items()) if (k, s) == (kind, space)]

    def container(self, space, name):
        """Return the first container of a Deployment, or an empty one."""
        return table(self.get("Deployment", space, name), "spec", "template", "spec", "containers", 0)

    def labels(self, space, name):
        """Return the labels of a Deployment's pods."""
        return table(self.get("Deployment", space, name), "spec", "template", "metadata", "labels")

    # -- one workload ------------------------------------------------------------------------------

    def value(self, space, entry):
        """Return the value of an ``env`` entry, or None where its source has no such key."""
        if "value" in entry:
            return entry["value"]
        for kind, key in (("ConfigMap", "configMapKeyRef"), ("Secret", "secretKeyRef")):
            ref = table(entry, "valueFrom", key)
            if not ref:
                continue
            thing, wanted = self.get(kind, space, dig(ref, "name")), str(ref.get("key"))
            plain = table(thing, "stringData") if kind == "Secret" else table(thing, "data")
            if wanted in plain:
                return plain[wanted]
            return _decoded(table(thing, "data").get(wanted)) if kind == "Secret" else None
        return None

    def environment(self, space, name):
        """Return a container's variables; None is the value of one that cannot be had."""
        entries = rows(self.container(space, name), "env")
        return {str(one.get("name")): self.value(space, one) for one in entries}

    def config_problems(self, space, name):
        """Return the variables that have no source."""
        return [f"{name}: {key}" for key, value in self.environment(space, name).items() if value is None]

    def probe_problems(self, space, name):
        """Return the probes that ask a port that the container has not."""
        box, wrong = self.container(space, name), []
        known = [port.get(key) for port in rows(box, "ports") for key in ("name", "containerPort")]
        for probe in ("readinessProbe", "livenessProbe"):
            port = dig(box, probe, "httpGet", "port") or dig(box, probe, "tcpSocket", "port")
            if dig(box, probe) is not None and (port is None or port not in known):
                wrong.append(f"{name}: {probe} asks {str(port)[:40]}")
        return wrong

    def memory(self, space, name):
        """Return request and limit in bytes."""
        box = self.container(space, name)
        return tuple(size(dig(box, "resources", kind, "memory")) for kind in ("requests", "limits"))

    def starting_problems(self, space, name):
        """Return why a container does not start or does not become ready, apart from quotas."""
        if not self.container(space, name):
            return [f"{name}: no such Deployment"]
        wrong = self.config_problems(space, name) + self.probe_problems(space, name)
        request, limit = self.memory(space, name)
        if request is None or limit is None or limit < LEAST or request > limit:
            wrong.append(f"{name}: memory {request} up to {limit}")
        template = table(self.get("Deployment", space, name), "spec", "template", "metadata")
        for prefix in str(table(template, "annotations").get(START, "")).split()[:5]:
            wrong += [f"{name}: {prefix}: {why}" for why in self.connection_problems(space, name, prefix)]
        return wrong

    def connection_problems(self, space, name, prefix):
        """Return what is wrong with a connection that a container opens by its ``PREFIX_HOST`` and so on."""
        env = self.environment(space, name)
        answer = self.call(
            space, self.labels(space, name), env.get(f"{prefix}_HOST"), env.get(f"{prefix}_PORT")
        )
        user = env.get(f"{prefix}_USER")
        if answer != "answers" or user is None:
            return [] if answer == "answers" else [answer]
        home = str(env.get(f"{prefix}_HOST")).split(".")[1:2]
        known = [
            self.environment(home[0], target).get(f"{str(user).upper()}_PASSWORD")
            for (kind, where, target) in self.things
            if kind == "Deployment" and home == [where]
        ]
        given = env.get(f"{prefix}_PASSWORD")
        return [] if given is not None and given in known else [f"password of {str(user)[:40]} refused"]

    def quota_problems(self):
        """Return the quotas on memory that are exceeded."""
        wrong = []
        for (kind, space, name), quota in sorted(self.things.items()):
            hard = size(dig(quota, "spec", "hard", "limits.memory"))
            if kind != "ResourceQuota" or hard is None:
                continue
            used = Decimal(0)
            for one in self.of_kind("Deployment", space):
                limit = self.memory(space, one["metadata"]["name"])[1]
                count = dig(one, "spec", "replicas")
                used += (limit or 0) * (count if isinstance(count, int) and 0 <= count < 1000 else 1)
            if used > hard:
                wrong.append(f"quota {name} in {space}: {used} of {hard} bytes")
        return wrong

    # -- traffic -----------------------------------------------------------------------------------

    def endpoints(self, service):
        """Return the names of the Deployments that a Service's selector picks."""
        selector, space = table(service, "spec", "selector"), dig(service, "metadata", "namespace")
        if not selector or not isinstance(space, str):
            return []
        names = [one["metadata"]["name"] for one in self.of_kind("Deployment", space)]
        return [name for name in names if fits({"matchLabels": selector}, self.labels(space, name))]

    def target(self, service, port):
        """Return the one Deployment and container port behind a Service's port (number or name), or None."""
        space = dig(service, "metadata", "namespace")
        wired = [
            one
            for one in rows(service, "spec", "ports")
            if str(port) in (str(one.get("port")), one.get("name"))
        ]
        names = self.endpoints(service)
        if len(wired) != 1 or len(names) != 1:
            return None
        wanted = wired[0].get("targetPort", wired[0].get("port"))
        for one in rows(self.container(space, names[0]), "ports"):
            if wanted is not None and wanted in (one.get("name"), one.get("containerPort")):
                return names[0], one.get("containerPort")
        return None

    def call(self, space, labels, host, port):
        """Return ``answers``, or why a call from a pod with these labels gets no answer."""
        name, _, rest = str(host).partition(".")
        home = rest.split(".")[0] or space
        service = self.get("Service", home, name)
        if not service:
            return f"no host {str(host)[:60]}"
        target = self.target(service, port)
        if target is None:
            return f"{name}:{str(port)[:20]} refuses the connection"
        return "answers" if self.lets_in(space, labels, (home, *target)) else f"{name} times out"

    def lets_in(self, space, labels, target):
        """Tell whether the policies let a pod of a namespace reach ``(namespace, workload, container port)``."""
        home, name, number = target
        pod = self.labels(home, name)
        policies = [
            one
            for one in self.of_kind("NetworkPolicy", home)
            if fits(table(one, "spec", "podSelector"), pod)
            and (not dig(one, "spec", "policyTypes") or "Ingress" in _words(dig(one, "spec", "policyTypes")))
        ]
        rules = [rule for one in policies for rule in rows(one, "spec", "ingress")]
        box = self.container(home, name)
        names = [one.get("name") for one in rows(box, "ports") if one.get("containerPort") == number]
        if not policies:
            return True
        return any(self._admits(rule, (space, labels), home, [number, *names]) for rule in rules)

    def _admits(self, rule, source, home, ports):
        space, labels = source
        given = [one.get("port") for one in rows(rule, "ports") if "endPort" not in one]
        if dig(rule, "ports") and not any(port is None or port in ports for port in given):
            return any("endPort" in one for one in rows(rule, "ports"))
        if not dig(rule, "from"):
            return True
        for peer in rows(rule, "from"):
            if "ipBlock" in peer:
                return True
            where, which = peer.get("namespaceSelector"), peer.get("podSelector")
            near = space == home
            if isinstance(where, dict):
                near = fits(where, table(self.get("Namespace", "", space), "metadata", "labels"))
            if near and (not isinstance(which, dict) or fits(which, labels)):
                return True
        return False

    def route(self, space, host, path):
        """Return the (Service, port) that the Ingresses of a namespace send a path of a host to, or None."""
        best = None
        for ingress in self.of_kind("Ingress", space):
            for rule in rows(ingress, "spec", "rules"):
                for one in rows(rule, "http", "paths"):
                    prefix = one.get("path")
                    if rule.get("host") != host or not isinstance(prefix, str) or not path.startswith(prefix):
                        continue
                    if best is None or len(prefix) > len(best[0]):
                        service = table(one, "backend", "service")
                        port = dig(service, "port", "name") or dig(service, "port", "number")
                        best = (prefix, service.get("name"), port)
        return best and best[1:]


def _words(value):
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _decoded(text):
    if not isinstance(text, str):
        return None
    try:
        return base64.b64decode(text, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None
