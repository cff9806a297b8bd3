"""The staging system as it should be: namespaces, workloads, who calls whom, and all manifests."""

import base64
from dataclasses import dataclass, field

START = "kubesim.example/connects-at-start"
INGRESS = "ingress-nginx"


@dataclass
class Cast:
    """Names and numbers of one system. Roles: front, first, second (web), db, cache, batch."""

    spaces: dict
    """app, data, jobs → namespace."""
    teams: dict
    """The same → value of the namespace's label ``team``."""
    names: dict
    """Role → name of the workload."""
    memory: dict
    """Role → memory limit in Mi."""
    replicas: dict
    ports: dict
    """Role → container port."""
    port_names: dict
    passwords: dict
    versions: dict
    host: str
    paths: dict
    settings: str
    extra: dict = field(default_factory=dict)

    def space_of(self, role):
        """Return the namespace in which a role's workload runs."""
        return self.spaces[{"db": "data", "cache": "data", "batch": "jobs"}.get(role, "app")]


ROLES = ("front", "first", "second", "db", "cache", "batch")
WEB = ("front", "first", "second")
CALLERS = {
    "front": [],
    "first": ["front"],
    "second": ["front"],
    "db": ["first", "second", "batch"],
    "cache": ["second", "batch"],
}
"""Role with a Service → the roles that may call it."""
AT_START = {"first": "DB", "second": "DB CACHE", "batch": "CACHE"}
SERVICE_PORT = {"front": 80, "first": 80, "second": 80, "db": 5432, "cache": 6379}
NAMES = {
    "front": ["portal", "storefront", "webdesk", "counter"],
    "first": ["orders", "bookings", "parcels", "tickets"],
    "second": ["billing", "invoices", "payments", "pricing"],
    "db": ["ledger-db", "main-db", "core-db", "shared-db"],
    "cache": ["hotcache", "sessions", "keyvault", "quickstore"],
    "batch": ["reports", "digest", "statements", "exports"],
}


def draw_cast(rng):
    """Draw a system."""
    stem = rng.choice(["kestrel", "tern", "plover", "avocet", "dunlin", "siskin"])
    teams = rng.sample(["checkout", "storage", "insight", "harbor", "meridian", "lantern", "quarry"], 3)
    names = {role: rng.choice(pool) for role, pool in NAMES.items()}
    words = [
        "amber",
        "cobalt",
        "fjord",
        "gravel",
        "hazel",
        "indigo",
        "juniper",
        "larch",
        "mosaic",
        "quartz",
        "tundra",
    ]
    return Cast(
        spaces={
            "app": f"{stem}-app",
            "data": f"{stem}-data",
            "jobs": f"{stem}-{rng.choice(['jobs', 'batch'])}",
        },
        teams=dict(zip(("app", "data", "jobs"), teams, strict=True)),
        names=names,
        memory={role: rng.choice([256, 384, 512, 768]) for role in ROLES},
        replicas={role: 1 if role in ("db", "cache", "batch") else rng.choice([1, 2, 2]) for role in ROLES},
        ports=dict(zip(WEB, rng.sample([8080, 8081, 8443, 9000, 3000, 5000], 3), strict=True))
        | {"db": 5432, "cache": 6379},
        port_names={role: rng.choice(["web", "rest", "app-port", "main"]) for role in WEB}
        | {"db": "postgres", "cache": "redis"},
        passwords={
            role: f"{rng.choice(words)}-{rng.choice(words)}-{rng.randrange(1000, 9999)}"
            for role in ("first", "second", "batch")
        },
        versions={role: f"{rng.randint(1, 4)}.{rng.randint(0, 19)}.{rng.randint(0, 9)}" for role in ROLES},
        host=f"staging.{stem}.example",
        paths={"front": "/", "first": f"/{names['first']}", "second": f"/{names['second']}"},
        settings=rng.choice(["settings", "common", "app-config"]),
    )


def manifests(cast):
    """Return file → object, for a system in which all is right."""
    files = {}
    for key, space in [*cast.spaces.items(), (None, INGRESS)]:
        labels = {"kubernetes.io/metadata.name": space} | ({"team": cast.teams[key]} if key else {})
        files[f"{space}/namespace.yaml"] = {"apiVersion": "v1", "kind": "Namespace",
                                            "metadata": {"name": space, "labels": labels}}  # fmt: skip
    for key in ("app", "data"):
        roles = [role for role in ROLES if cast.space_of(role) == cast.spaces[key]]
        total = sum(cast.memory[role] * cast.replicas[role] for role in roles)
        files[f"{cast.spaces[key]}/quota.yaml"] = _object(
            "ResourceQuota", "memory", cast.spaces[key], spec={"hard": {"limits.memory": f"{total}Mi"}}
        )
    for role in ROLES:
        name, space = cast.names[role], cast.space_of(role)
        files[f"{space}/{name}-deployment.yaml"] = _deployment(cast, role)
        if role in SERVICE_PORT:
            files[f"{space}/{name}-service.yaml"] = _service(cast, role)
            files[f"{space}/{name}-policy.yaml"] = _policy(cast, role)
    files |= _settings(cast) | _secrets(cast)
    files[f"{cast.spaces['app']}/ingress.yaml"] = _ingress(cast)
    return files


def _object(kind, name, space, version="v1", **rest):
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name, "namespace": space}, **rest}


def _deployment(cast, role):
    name = cast.names[role]
    labels = {"app": name, "tier": {"db": "data", "cache": "data", "batch": "jobs"}.get(role, "web")}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [_container(cast, role)]}}
    if role in AT_START:
        template["metadata"]["annotations"] = {START: AT_START[role]}
    spec = {"replicas": cast.replicas[role], "selector": {"matchLabels": {"app": name}}, "template": template}
    return _object("Deployment", name, cast.space_of(role), "apps/v1", spec=spec)


def _container(cast, role):
    name = cast.names[role]
    box = {"name": name, "image": f"registry.example/{cast.spaces['app']}/{name}:{cast.versions[role]}"}
    if role in cast.ports:
        box["ports"] = [{"name": cast.port_names[role], "containerPort": cast.ports[role]}]
        if role in WEB:
            box["ports"].append({"name": "metrics", "containerPort": 9187})
    box["env"] = _env(cast, role)
    limit = cast.memory[role]
    box["resources"] = {"requests": {"cpu": "100m", "memory": f"{limit // 2}Mi"},
                        "limits": {"cpu": "500m", "memory": f"{limit}Mi"}}  # fmt: skip
    if role in WEB:
        box["readinessProbe"] = {
            "httpGet": {"path": "/healthz", "port": cast.port_names[role]},
            "periodSeconds": 5,
        }
        box["livenessProbe"] = {"httpGet": {"path": "/livez", "port": cast.ports[role]}, "periodSeconds": 20}
    elif role in cast.ports:
        box["readinessProbe"] = {"tcpSocket": {"port": cast.port_names[role]}, "periodSeconds": 10}
    return box


def _env(cast, role):
    """Return the environment; all but the constants come from a ConfigMap or a Secret."""
    env = [{"name": "LOG_LEVEL", "value": "info"}]
    if role == "db":
        secret = f"{cast.names['db']}-auth"
        users = [cast.names[caller] for caller in CALLERS["db"]]
        return env + [_secret(f"{user.upper()}_PASSWORD", secret, user) for user in users]
    if role == "front":
        called = [cast.names[key] for key in ("first", "second")]
        return env + [_config(cast, f"{name.upper()}_URL", f"{name}_url") for name in called]
    for target in ("db", "cache"):
        if role in CALLERS[target]:
            env += [
                _config(cast, f"{target.upper()}_{key.upper()}", f"{target}_{key}")
                for key in ("host", "port")
            ]
    if role in cast.passwords:
        secret = f"{cast.names[role]}-db"
        env += [_secret("DB_USER", secret, "username"), _secret("DB_PASSWORD", secret, "password")]
    return env


def _config(cast, name, key):
    return {"name": name, "valueFrom": {"configMapKeyRef": {"name": cast.settings, "key": key}}}


def _secret(name, secret, key):
    return {"name": name, "valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}


def _service(cast, role):
    port = {"name": "http" if role in WEB else cast.port_names[role], "port": SERVICE_PORT[role],
            "targetPort": cast.port_names[role]}  # fmt: skip
    spec = {"selector": {"app": cast.names[role]}, "ports": [port]}
    return _object("Service", cast.names[role], cast.space_of(role), spec=spec)


def peer(cast, caller, home):
    """Return the entry of a policy's ``from`` that lets a caller in."""
    entry = {"podSelector": {"matchLabels": {"app": cast.names[caller]}}}
    if cast.space_of(caller) == home:
        return entry
    key = next(key for key, space in cast.spaces.items() if space == cast.space_of(caller))
    return {"namespaceSelector": {"matchLabels": {"team": cast.teams[key]}}, **entry}


def _policy(cast, role):
    home = cast.space_of(role)
    peers = [peer(cast, caller, home) for caller in CALLERS[role]]
    if role in WEB:
        peers.append({"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": INGRESS}}})
    rule = {"from": peers, "ports": [{"protocol": "TCP", "port": cast.ports[role]}]}
    spec = {
        "podSelector": {"matchLabels": {"app": cast.names[role]}},
        "policyTypes": ["Ingress"],
        "ingress": [rule],
    }
    return _object("NetworkPolicy", cast.names[role], home, "networking.k8s.io/v1", spec=spec)


def _settings(cast):
    """Return a ConfigMap for each namespace whose workloads call others."""
    data = {
        f"{r}_{k}": v
        for r in ("cache", "db")
        for k, v in (("host", address(cast, r)), ("port", str(SERVICE_PORT[r])))
    }
    urls = {f"{cast.names[role]}_url": f"http://{cast.names[role]}" for role in ("first", "second")}
    return {
        f"{cast.spaces[key]}/{cast.settings}-configmap.yaml": _object(
            "ConfigMap", cast.settings, cast.spaces[key], data=data | (urls if key == "app" else {})
        )
        for key in ("app", "jobs")
    }


def address(cast, role):
    """Return the host name of a Service as pods of any namespace use it."""
    return f"{cast.names[role]}.{cast.space_of(role)}.svc"


def encoded(text):
    """Return text as the data of a Secret."""
    return base64.b64encode(text.encode()).decode()


def _secrets(cast):
    files = {}
    shared = {cast.names[role]: encoded(word) for role, word in cast.passwords.items()}
    name, space = f"{cast.names['db']}-auth", cast.spaces["data"]
    files[f"{space}/{name}-secret.yaml"] = _object("Secret", name, space, type="Opaque", data=shared)
    for role, word in cast.passwords.items():
        name, space = f"{cast.names[role]}-db", cast.space_of(role)
        data = {"username": encoded(cast.names[role]), "password": encoded(word)}
        files[f"{space}/{name}-secret.yaml"] = _object("Secret", name, space, type="Opaque", data=data)
    return files


def _ingress(cast):
    paths = [
        {
            "path": cast.paths[role],
            "pathType": "Prefix",
            "backend": {"service": {"name": cast.names[role], "port": {"name": "http"}}},
        }
        for role in ("first", "second", "front")
    ]
    rules = [{"host": cast.host, "http": {"paths": paths}}]
    spec = {"ingressClassName": "nginx", "rules": rules}
    return _object("Ingress", "public", cast.spaces["app"], "networking.k8s.io/v1", spec=spec)
