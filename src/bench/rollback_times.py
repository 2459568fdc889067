#!/usr/bin/env python3
"""rollback_times.py [RUNS] - how fast traffic goes back when a container of the candidate ends, during the bake.

Measured from outside, by watches of our own: the end's first appearance in a pod's status -> the selector is back in the Service.
Beside it what the program says of itself. Needs a lab that is up and ./rollout.
"""
import statistics, sys, threading, time
from shop import Shop, epoch


def one_run():
    seen, lock, baking = {}, threading.Lock(), threading.Event()
    with Shop() as shop:
        base = "/api/v1/namespaces/%s" % shop.namespace

        def pod(event):
            for status in event["object"].get("status", {}).get("containerStatuses", []):
                if status.get("restartCount", 0) or "terminated" in status.get("state", {}):
                    with lock:
                        seen.setdefault("ended", time.time())

        def service(event):
            selector = event["object"]["spec"].get("selector", {})
            with lock:
                if "rollout/revision" in selector:
                    seen.setdefault("switched", time.time())
                    baking.set()
                elif "switched" in seen:
                    seen.setdefault("back", time.time())

        watches = [shop.watch(base + "/pods?watch=1", pod), shop.watch(base + "/services?watch=1&fieldSelector=metadata.name%3Dshop", service)]

        def crash():
            if baking.wait(120):
                time.sleep(3)
                target = shop.kubectl("get", "pods", "-l", "rollout/revision", "-o", "name").split()[0]
                shop.kubectl("exec", target, "--", "wget", "-qO-", "http://127.0.0.1:8080/fault?exit=1")
        threading.Thread(target=crash, daemon=True).start()
        code, events = shop.rollout("bluegreen", "shop", "--image", "shop=demo:v2", "--bake", "60s")
        for watch in watches:
            watch.kill()
    back = [e for e in events if e["type"] == "rollback"][-1]
    return code, (seen["back"] - seen["ended"]) * 1000, *((epoch(back[b]) - epoch(back[a])) * 1000 for a, b in (
        ("detectedAt", "decidedAt"), ("decidedAt", "writtenAt"), ("writtenAt", "observedAt")))


rows = []
print("exit  container end -> selector back   detected -> decided   decided -> written   written -> observed   (ms)")
for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 5):
    rows.append(one_run())
    print("%4d  %29.0f  %20.0f  %19.0f  %20.0f" % rows[-1])
print("median %27.0f  %20.0f  %19.0f  %20.0f" % tuple(statistics.median(column) for column in list(zip(*rows))[1:]))
