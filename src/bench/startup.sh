#!/bin/bash
# startup.sh [RUNS] - time and memory of short commands beside kubectl's, in one run: median of RUNS (10), after one unmeasured call.
# Needs a lab that is up and ./rollout.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
lab=${ROLLOUT_LAB:-$root/../shared/lab}/lab
KUBECONFIG=$("$lab" kubeconfig)
export KUBECONFIG
kubectl=$("$lab" bin)/kubectl
ns=rollout-bench-$RANDOM
"$kubectl" create namespace "$ns" >/dev/null
trap '"$kubectl" delete namespace "$ns" --wait=false >/dev/null' EXIT
"$kubectl" -n "$ns" apply -f "$root/src/test/resources/real/shop.yaml" >/dev/null
"$kubectl" -n "$ns" rollout status deploy/shop --timeout=60s >/dev/null
python3 - "${1:-10}" "$root/rollout" "$kubectl" "$ns" <<'PY'
import os, statistics, sys, time
runs, rollout, kubectl, ns = int(sys.argv[1]), *sys.argv[2:]

def once(words):
    began, pid = time.monotonic(), os.fork()
    if pid == 0:
        null = os.open(os.devnull, os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(null, fd)
        os.execv(words[0], words)
    _, status, use = os.wait4(pid, 0)
    return (time.monotonic() - began) * 1000, use.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)

rows = {}
def measure(name, words):
    once(words)
    tries = [once(words) for _ in range(runs)]
    rows[name] = [statistics.median(t[i] for t in tries) for i in (0, 1)]
    print("%-28s %6.0f ms  %5.0f MiB  exit %s" % (name, *rows[name], sorted({t[2] for t in tries})))

measure("kubectl version --client", [kubectl, "version", "--client"])
measure("rollout --help", [rollout, "--help"])
measure("kubectl get service shop", [kubectl, "-n", ns, "get", "service", "shop"])
measure("rollout status shop", [rollout, "status", "shop", "-n", ns])
for ours, theirs in (("rollout --help", "kubectl version --client"), ("rollout status shop", "kubectl get service shop")):
    print("%s / %s: time %.1f, memory %.1f" % (ours, theirs, *(rows[ours][i] / rows[theirs][i] for i in (0, 1))))
PY
