#!/usr/bin/env python3
"""rollback_times.py [RUNS] - how fast traffic goes back when a container of the candidate ends, during the bake: RUNS (5) times with nothing else
going on, then as often with all processors busy.

Measured from outside, by watches of our own: the end's first appearance in a pod's status -> the selector is back in the Service.
Beside it what the program says of itself. A run ends when traffic is back. Needs a lab that is up and ./rollout.
"""
import os, statistics, subprocess, sys, threading, time
from shop import Shop, epoch

COLUMNS = ("container end -> selector back", "detected -> decided", "decided -> written", "written -> observed", "detected -> observed")


def one_run():
    seen, lock = {}, threading.Lock()
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
                elif "switched" in seen:
                    seen.setdefault("back", time.time())

        watches = [shop.watch(base + "/pods?watch=1", pod), shop.watch(base + "/services?watch=1&fieldSelector=metadata.name%3Dshop", service)]
        release = shop.start("bluegreen", "shop", "--image", "shop=demo:v2", "--bake", "60s")
        release.await_event(lambda event: event["type"] == "step-started" and event["phase"] == "bake")
        time.sleep(1)
        target = shop.kubectl("get", "pods", "-l", "rollout/revision", "-o", "name").split()[0]
        shop.kubectl("exec", target, "--", "wget", "-qO-", "http://127.0.0.1:8080/fault?exit=1")
        back = release.await_event(lambda event: event["type"] == "rollback" and "observedAt" in event)
        release.kill()
        for watch in watches:
            watch.kill()
    times = [epoch(back[name]) for name in ("detectedAt", "decidedAt", "writtenAt", "observedAt")]
    steps = [after - before for before, after in zip(times, times[1:])]
    return [1000 * seconds for seconds in (seen["back"] - seen["ended"], *steps, times[-1] - times[0])]


def measure(runs, what):
    rows = [one_run() for _ in range(runs)]
    print("%d runs, %s (ms)" % (runs, what))
    for name, column in zip(COLUMNS, zip(*rows)):
        print("  %-32s least %5.0f   median %5.0f   most %5.0f" % (name, min(column), statistics.median(column), max(column)), flush=True)


runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
measure(runs, "nothing else going on")
loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(os.cpu_count())]
try:
    measure(runs, "all processors busy")
finally:
    for loop in loops:
        loop.kill()
