#!/usr/bin/env python3
"""targets.py KUBECTL KUBECONFIG FILE - keeps FILE, a file_sd list for Prometheus, equal to the running pods with the label app=shop.

Each target has the labels that kubernetes_sd_configs and the usual relabelling give it: namespace, pod. Ends when its standard input does.
"""
import json, os, subprocess, sys, threading

kubectl, kubeconfig, path = sys.argv[1:4]
URL = "/api/v1/pods?labelSelector=app%3Dshop&watch=1"


def write(pods):
    with open(path + ".new", "w") as f:
        json.dump([{"targets": [ip + ":8080"], "labels": {"namespace": ns, "pod": name}} for (ns, name), ip in sorted(pods.items())], f)
    os.replace(path + ".new", path)


def follow():
    global watch
    while True:
        pods = {}                            # a new watch tells all of them again
        watch = subprocess.Popen([kubectl, "--kubeconfig", kubeconfig, "get", "--raw", URL], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
        for line in watch.stdout:
            event = json.loads(line)
            pod = event["object"]
            if event["type"] not in ("ADDED", "MODIFIED", "DELETED"):
                break                        # the watch is too old, or something like it: again
            key, ip = (pod["metadata"]["namespace"], pod["metadata"]["name"]), pod["status"].get("podIP")
            pods.pop(key, None)
            if event["type"] != "DELETED" and ip and pod["status"].get("phase") == "Running":
                pods[key] = ip
            write(pods)
        watch.kill()
        watch.wait()


watch = None
write({})
threading.Thread(target=follow, daemon=True).start()
sys.stdin.read()
if watch:
    watch.kill()
