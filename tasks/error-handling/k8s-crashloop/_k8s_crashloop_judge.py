"""What is checked of a system, as lists of problems; used on the agent's manifests and to prove each draw."""

from _k8s_crashloop_cluster import dig
from _k8s_crashloop_parts import CALLERS, INGRESS, ROLES, SERVICE_PORT, WEB, address

MI = 2**20
ASPECTS = (
    "ready", "ingress", "callers", "services", "memory", "config", "probe", "secret", "traffic", "decided", "undone",
)  # fmt: skip


def facts_of(cast, slots):
    """Return what is true of the right system with these settings, as plain JSON."""
    place = {role: [cast.space_of(role), cast.names[role]] for role in ROLES}
    both = ["readinessProbe", "livenessProbe"]
    probes = {role: both if role in WEB else both[:1] if role in cast.ports else [] for role in ROLES}
    return {
        "workloads": [
            [*place[role], cast.memory[role] // 2, cast.memory[role], probes[role]] for role in ROLES
        ],
        "services": [[*place[role], SERVICE_PORT[role], cast.ports[role]] for role in CALLERS],
        "callers": [
            [*place[caller], address(cast, role), SERVICE_PORT[role]]
            for role, callers in CALLERS.items()
            for caller in callers
        ],
        "routes": [[cast.paths[role], *place[role]] for role in WEB],
        "users": [place[role] for role in sorted(cast.passwords)],
        "auth": place["db"],
        "host": cast.host,
        "strangers": _strangers(cast, place),
        "settings": [
            [one.group, one.kind, one.space, one.name, list(one.path), str(one.stored(one.right))]
            for one in slots
            if one.group in ("decided", "undone")
        ],
    }


def _strangers(cast, place):
    """Return (namespace, labels, target namespace, target, port) of calls that have to stay blocked."""
    found = []
    spaces = [*cast.spaces.values(), INGRESS]
    for role, callers in CALLERS.items():
        target, home = cast.ports[role], place[role]
        for space in spaces:
            if role in WEB and space == INGRESS:
                continue
            found.append([space, {"app": "debug"}, *home, target])
            for other in ROLES:
                rightful = other in callers and space == place[other][0]
                stale = (role, other, space) == ("db", "batch", home[0])
                if not rightful and not stale:
                    found.append([space, {"app": cast.names[other]}, *home, target])
        found += [[place[one][0], {"app": cast.names[one]}, *home, 9999] for one in callers]
    return found


def problems(aspect, cluster, facts):
    """Return what is wrong in one aspect of a system."""
    return _JUDGES[aspect](cluster, facts)


def _ready(cluster, facts):
    wrong = cluster.quota_problems()
    for space, name, *_ in facts["workloads"]:
        wrong += cluster.starting_problems(space, name)
    return wrong


def _ingress(cluster, facts):
    wrong, app = [], facts["routes"][0][1]
    number = {name: port for _, name, _, port in facts["services"]}
    for path, space, name in facts["routes"]:
        route = cluster.route(app, facts["host"], path)
        target = cluster.target(cluster.get("Service", app, route[0]), route[1]) if route else None
        if target != (name, number[name]):
            wrong.append(f"{path} does not reach {name}")
        elif cluster.starting_problems(space, name) or not cluster.lets_in(INGRESS, {}, (space, *target)):
            wrong.append(f"{path}: {name} is not Ready or lets no one in")
    return wrong


def _callers(cluster, facts):
    wrong = []
    for space, name, host, port in facts["callers"]:
        answer = cluster.call(space, cluster.labels(space, name), host, port)
        if answer != "answers":
            wrong.append(f"{name} calls {host}:{port}: {answer}")
    return wrong


def _services(cluster, facts):
    wrong = []
    for space, name, port, number in facts["services"]:
        if cluster.target(cluster.get("Service", space, name), port) != (name, number):
            wrong.append(f"Service {name}: port {port} does not lead to port {number} of {name} alone")
    return wrong


def _memory(cluster, facts):
    wrong = []
    for space, name, request, limit, _ in facts["workloads"]:
        if cluster.memory(space, name) != (request * MI, limit * MI):
            wrong.append(f"{name}: not {request}Mi up to {limit}Mi")
    return wrong


def _config(cluster, facts):
    wrong = []
    for space, name, *_ in facts["workloads"]:
        wrong += cluster.config_problems(space, name) or (
            [] if cluster.environment(space, name) else [f"{name}: no env"]
        )
    return wrong


def _probe(cluster, facts):
    wrong = []
    for space, name, _, _, probes in facts["workloads"]:
        wrong += cluster.probe_problems(space, name)
        wrong += [f"{name}: no {one}" for one in probes if dig(cluster.container(space, name), one) is None]
    return wrong


def _secret(cluster, facts):
    known, wrong = cluster.environment(*facts["auth"]), []
    for space, name in facts["users"]:
        password = cluster.environment(space, name).get("DB_PASSWORD")
        if password is None or password != known.get(f"{name.upper()}_PASSWORD"):
            wrong.append(f"{name}: not the password of its database")
    return wrong


def _traffic(cluster, facts):
    return [
        f"{labels['app']} in {space} gets to {name}:{number}"
        for space, labels, home, name, number in facts["strangers"]
        if cluster.lets_in(space, labels, (home, name, number))
    ]


def _settings(group):
    def judge(cluster, facts):
        wrong = []
        for mine, kind, space, name, path, right in facts["settings"]:
            found = dig(cluster.get(kind, space, name), *path)
            if mine == group and (isinstance(found, (dict, list, bool)) or str(found) != right):
                wrong.append(f"{name} {path[-1]}: {str(found)[:60]}")
        return wrong

    return judge


_JUDGES = dict(
    zip(
        ASPECTS,
        (_ready, _ingress, _callers, _services, _memory, _config, _probe, _secret, _traffic,
         _settings("decided"), _settings("undone")),
        strict=True,
    )
)  # fmt: skip
