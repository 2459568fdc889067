"""What the scripts about routers share: a route of each kind to the shop, and what is written on it."""
from shop import epoch

HOST = "shop.example.com"
INGRESS_ROUTE = ("{apiVersion: traefik.io/v1alpha1, kind: IngressRoute, metadata: {name: %s},"
                 " spec: {routes: [{kind: Rule, match: Host(`%s`), services: %s}]}}\n")
LISTED = "{name: %s, port: 80, weight: %d}"


def services(weights):
    return "[%s]" % ", ".join(LISTED % one for one in weights)


def ingress(name, host, service, annotations=""):
    return ("{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: %s, annotations: {%s}}, spec: {ingressClassName: nginx, rules: [{host: %s,"
            " http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: %s, port: {number: 80}}}}]}}]}}\n"
            % (name, annotations, host, service))


def manifest(kind, name="shop", host=HOST, weights=(("shop", 100),)):
    """A route of this kind to Services with weights; by replicas there is none."""
    if kind == "ingressroute":
        return INGRESS_ROUTE % (name, host, services(weights))
    if kind == "traefikservice":
        return (INGRESS_ROUTE % (name, host, "[{kind: TraefikService, name: %s}]" % name) + "---\n"
                "{apiVersion: traefik.io/v1alpha1, kind: TraefikService, metadata: {name: %s}, spec: {weighted: {services: %s}}}\n"
                % (name, services(weights)))
    if kind == "httproute":
        return ("{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: %s}, spec: {hostnames: [%s],"
                " parentRefs: [{name: lab, namespace: default}], rules: [{backendRefs: %s}]}}\n" % (name, host, services(weights)))
    prefix = "nginx.ingress.kubernetes.io/canary"
    return "---\n".join(
        ingress(name if i == 0 else name + "-canary", host, service, "" if i == 0 else '%s: "true", %s-weight: "%d"' % (prefix, prefix, weight))
        for i, (service, weight) in enumerate(weights))


# The kinds, the word of the router of each, and the object that carries the weights, at the end of its path.
ROUTERS = {"ingressroute": "traefik", "traefikservice": "traefik", "httproute": "gateway-api", "ingress": "ingress-nginx", "replicas": "replicas"}
OBJECTS = {"ingressroute": "/ingressroutes/shop", "traefikservice": "/traefikservices/shop", "httproute": "/httproutes/shop",
           "ingress": "/ingresses/shop-rollout"}


def when(event):
    return epoch(event["time"])


def step(events, kind, name):
    """When a step began or was done, as its event says: step-started, step-done."""
    return next(when(e) for e in events if e["type"] == kind and e.get("step") == name)


def sort(path):
    for part, name in (("/leases", "lease"), ("/configmaps", "journal"), ("/events", "events"), ("/authorization.k8s.io", "reviews")):
        if part in path:
            return name
    return "objects"


def writes(requests):
    return [one for one in requests if one[1] in ("create", "patch", "update", "delete")]


def written(requests, kind, begun, ended):
    """When the weights were written between two times."""
    return max(at for at, verb, path in requests if verb == "patch" and path.endswith(OBJECTS[kind]) and begun - 0.05 <= at <= ended)


def by_step(events, requests):
    """Writes to objects and to the journal, by the step in progress; Lease renewals are left out."""
    begun = [(when(e), e["step"]) for e in events if e["type"] == "step-started" and e.get("step")]
    counts = {name: {"objects": 0, "journal": 0} for _, name in [(0, "before the first"), *begun]}
    for at, _, path in writes(requests):
        if sort(path) in ("objects", "journal"):
            counts[([name for time, name in begun if time <= at] or ["before the first"])[-1]][sort(path)] += 1
    return counts
