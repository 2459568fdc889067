#!/usr/bin/env python3
"""router_writes.py [KIND...] - what a canary writes at each of its steps, and how soon the router shows it, by kind of route.

KIND: ingressroute traefikservice httproute ingress replicas; all when none is said. Needs a lab that is up, a real node or not, with its router, whose API
is asked at 127.0.0.1 (ROUTER_API_PORT, 8081; LAB_FORWARD="8081=127.0.0.1:8081" for a real node), and ./rollout.
"""
import json, os, sys, tempfile, threading, time, urllib.request
from counting_proxy import Proxy, Upstream
from routes import ROUTERS, by_step, manifest, step, writes, written
from shop import KUBECONFIG, KUBECTL, Shop

API = "http://127.0.0.1:%s/api/http/services?per_page=1000" % os.environ.get("ROUTER_API_PORT", "8081")
STEPS, SHARES = "25@3s,50@3s", (25, 50, 100)


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
                if "shop-r" in child["name"] or child["name"].endswith("-canary"):
                    return child.get("weight", 1)
        return None

    def shown(self, percent, after):
        return next((at for at, weight in self.seen if at >= after and weight == percent), None)


def canary(shop, kind, folder):
    proxy = Proxy(Upstream(KUBECTL, KUBECONFIG))
    config = os.path.join(folder, "kubeconfig")
    proxy.kubeconfig(config, shop.namespace)
    code, events = shop.rollout("canary", "shop", "--image", "shop=demo:v2", "--router", ROUTERS[kind], "--steps", STEPS, "--bake", "3s",
                                "--timeout", "120s", kubeconfig=config)
    return code, events, writes(proxy.requests)


def tell_writes(events, requests):
    counts = by_step(events, requests)
    print("  %-18s %8s %8s" % ("writes of step", "objects", "journal"))
    for name, of in counts.items():
        print("  %-18s %8d %8d" % (name, of["objects"], of["journal"]))
    shares = [counts[name] for name in counts if name.startswith("shift-")]
    print("  most of a share: %d, with the journal %d" % (max(c["objects"] for c in shares), max(c["objects"] + c["journal"] for c in shares)))


def tell_times(kind, events, requests, weights):
    for percent in SHARES:
        begun, ended = (step(events, type, "shift-%d" % percent) for type in ("step-started", "step-done"))
        at = written(requests, kind, begun, ended)
        shown = weights.shown(percent, at)
        print("  %3d %% written -> shown by the router %s, -> step done %.1f s"
              % (percent, "%4.0f ms" % ((shown - at) * 1000) if shown else "never", ended - at), flush=True)


def one(kind):
    print(kind, flush=True)
    with Shop() as shop, tempfile.TemporaryDirectory() as folder:
        routed = kind != "replicas"
        if routed:
            shop.kubectl("apply", "-f", "-", input=manifest(kind))
        weights = Weights(shop.namespace) if routed else None
        code, events, requests = canary(shop, kind, folder)
        if code:
            sys.exit("the canary ended with %d: %s" % (code, events[-1]))
        tell_writes(events, requests)
        if weights:
            weights.over = True
            tell_times(kind, events, requests, weights)


for kind in sys.argv[1:] or ROUTERS:
    one(kind)
