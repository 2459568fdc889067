#!/usr/bin/env python3
"""api_requests.py [BAKE-SECONDS] - requests to the API server of one whole release of an image, by verb and phase, and per minute of bake.

Lease renewals and metrics through the proxy are told apart. Needs a lab that is up and ./rollout.
"""
import collections, os, sys, tempfile
from counting_proxy import Proxy, Upstream, counts
from shop import KUBECONFIG, KUBECTL, Shop, epoch

bake = int(sys.argv[1]) if len(sys.argv) > 1 else 120
proxy = Proxy(Upstream(KUBECTL, KUBECONFIG))
with Shop() as shop, tempfile.TemporaryDirectory() as folder:
    config = os.path.join(folder, "kubeconfig")
    proxy.kubeconfig(config, shop.namespace)
    code, events = shop.rollout("bluegreen", "shop", "--image", "shop=demo:v2", "--bake", "%ds" % bake, kubeconfig=config)
print("exit code %d, %d requests: %s" % (code, len(proxy.requests), counts(proxy.requests)))


def when(event):
    return epoch(event["time"])


def phase(time):
    return ([e["phase"] for e in events if when(e) <= time] or ["start"])[-1]


def sort(verb, path):
    return "lease" if "/leases/" in path else "metrics" if "/proxy/" in path else "other"


by_phase = collections.defaultdict(list)
for request in proxy.requests:
    by_phase[phase(request[0])].append(request)
for name, requests in by_phase.items():
    print("  %-9s %4d  %s" % (name, len(requests), counts(requests)))
baked = [when(e) for e in events if e["phase"] == "bake"]
if baked:
    # the first and last seconds belong to the steps before and after
    first, last = baked[0] + 3, baked[0] + bake - 1
    sorts = collections.Counter(sort(verb, path) for time, verb, path in proxy.requests if first <= time <= last)
    for name in ("other", "lease", "metrics"):
        print("per minute of bake, %-8s %.1f" % (name + ":", sorts[name] * 60 / (last - first)))
