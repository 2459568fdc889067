#!/usr/bin/env python3
"""router_writes.py [KIND...] - what a canary writes at each of its steps, and how soon the router shows it, by kind of route.

KIND: ingressroute traefikservice httproute replicas; all when none is said. Needs a lab that is up, a real node or not, with its router, whose API
is asked at 127.0.0.1 (ROUTER_API_PORT, 8081; LAB_FORWARD="8081=127.0.0.1:8081" for a real node), and ./rollout.
"""
import collections, json, os, sys, tempfile, threading, time, urllib.request
from counting_proxy import Proxy, Upstream
from shop import KUBECONFIG, KUBECTL, Shop, epoch

API = "http://127.0.0.1:%s/api/http/services?per_page=1000" % os.environ.get("ROUTER_API_PORT", "8081")
STEPS, SHARES = "25@3s,50@3s", (25, 50, 100)
PLURALS = {"ingressroute": "ingressroutes", "traefikservice": "traefikservices", "httproute": "httproutes"}
BACKENDS = "[{name: shop, port: 80}]"
INGRESS_ROUTE = "{apiVersion: traefik.io/v1alpha1, kind: IngressRoute, metadata: {name: shop}, spec: {routes: [{kind: Rule, match: PathPrefix(`/`), services: %s}]}}\n"
MANIFESTS = {
    "ingressroute": INGRESS_ROUTE % BACKENDS,
    "traefikservice": INGRESS_ROUTE % "[{kind: TraefikService, name: shop}]" + "---\n"
                      "{apiVersion: traefik.io/v1alpha1, kind: TraefikService, metadata: {name: shop}, spec: {weighted: {services: %s}}}\n" % BACKENDS,
    "httproute": "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: shop},"
                 " spec: {parentRefs: [{name: lab, namespace: default}], rules: [{backendRefs: %s}]}}\n" % BACKENDS,
}
ROUTERS = {"ingressroute": "traefik", "traefikservice": "traefik", "httproute": "gateway-api", "replicas": "replicas"}


class Weights:
    """When the router first showed each weight of the candidate."""

    def __init__(self, namespace):
        self.namespace, self.seen, self.over = namespace, [], False
        threading.Thread(target=self.follow, daemon=True).start()

    def follow(self):
        opener, last = urllib.request.build_opener(urllib.request.ProxyHandler({})), None
        while not self.over:
            with opener.open(API, timeout=5) as answer:
                now = self.candidate(json.load(answer))
            if now != last:
                self.seen.append((time.time(), now))
                last = now
            time.sleep(0.02)

    def candidate(self, services):
        for service in services:
            for child in service.get("weighted", {}).get("services", []) if self.namespace in service["name"] else []:
                if "shop-r" in child["name"]:
                    return child.get("weight", 1)
        return None

    def shown(self, percent, after):
        return next((at for at, weight in self.seen if at >= after and weight == percent), None)


def when(event):
    return epoch(event["time"])


def sort(path):
    for part, name in (("/leases", "lease"), ("/configmaps", "journal"), ("/events", "events"), ("/authorization.k8s.io", "reviews")):
        if part in path:
            return name
    return "objects"


def canary(shop, kind, folder):
    proxy = Proxy(Upstream(KUBECTL, KUBECONFIG))
    config = os.path.join(folder, "kubeconfig")
    proxy.kubeconfig(config, shop.namespace)
    code, events = shop.rollout("canary", "shop", "--image", "shop=demo:v2", "--router", ROUTERS[kind], "--steps", STEPS, "--bake", "3s",
                                "--timeout", "120s", kubeconfig=config)
    return code, events, [one for one in proxy.requests if one[1] in ("create", "patch", "update", "delete")]


def tell_writes(events, writes):
    steps = [(when(e), e["step"]) for e in events if e["type"] == "step-started" and e.get("step")]
    by_step = collections.OrderedDict((step, collections.Counter()) for _, step in [(0, "before the first"), *steps])
    for at, _, path in writes:
        by_step[([step for begun, step in steps if begun <= at] or ["before the first"])[-1]][sort(path)] += 1
    print("  %-18s %8s %8s %6s" % ("writes of step", "objects", "journal", "lease"))
    for step, counts in by_step.items():
        print("  %-18s %8d %8d %6d" % (step, counts["objects"], counts["journal"], counts["lease"]))
    shares = [by_step[step] for step in by_step if step.startswith("shift-")]
    print("  most of a share: %d, with the journal %d" % (max(c["objects"] for c in shares), max(c["objects"] + c["journal"] for c in shares)))


def tell_times(kind, events, writes, weights):
    route = "/%s/shop" % PLURALS[kind]
    for percent in SHARES:
        begun = next(when(e) for e in events if e["type"] == "step-started" and e.get("step") == "shift-%d" % percent)
        ended = next(when(e) for e in events if e["type"] == "step-done" and e.get("step") == "shift-%d" % percent)
        written = max(at for at, verb, path in writes if verb == "patch" and path.endswith(route) and begun - 0.05 <= at <= ended)
        shown = weights.shown(percent, written)
        print("  %3d %% written -> shown by the router %s, -> step done %.1f s"
              % (percent, "%4.0f ms" % ((shown - written) * 1000) if shown else "never", ended - written), flush=True)


def one(kind):
    print(kind, flush=True)
    with Shop() as shop, tempfile.TemporaryDirectory() as folder:
        if kind in MANIFESTS:
            shop.kubectl("apply", "-f", "-", input=MANIFESTS[kind])
        weights = Weights(shop.namespace) if kind in MANIFESTS else None
        code, events, writes = canary(shop, kind, folder)
        if code:
            sys.exit("the canary ended with %d: %s" % (code, events[-1]))
        tell_writes(events, writes)
        if weights:
            weights.over = True
            tell_times(kind, events, writes, weights)


for kind in sys.argv[1:] or ROUTERS:
    one(kind)
