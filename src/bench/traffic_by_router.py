#!/usr/bin/env python3
"""traffic_by_router.py [KIND...] - what users notice of a switch, a canary and a rollback, by kind of route, beside kubectl and weights that nobody touches.

KIND: ingressroute traefikservice httproute ingress replicas; all when none is said, 4 minutes each. All in one run, on a lab with a real node and its router
(ROUTER_THROTTLE=2s is Traefik's own default), under RATE requests a second (200), half of them on kept-open connections; and ./rollout. Prints the tables of README.md.
"""
import collections, datetime, json, os, subprocess, sys, tempfile, threading, time
from counting_proxy import Proxy, Upstream
from routes import HOST, OBJECTS, ROUTERS, by_step, manifest, step, written
from shop import KUBECONFIG, KUBECTL, LAB, ROOT, Shop, lab

ROUTER = "198.18.0.1:%s" % os.environ.get("ROUTER_PORT", "8000")
RATE = int(os.environ.get("RATE", "200"))
FIXED = 20                                   # seconds
SETTLED = 3                                  # seconds after a step's begin of watching, for its weight
NEAR = 2.0                                   # points: so near to what was asked for is following it
Tenth = collections.namedtuple("Tenth", "at new kept")


class Load:
    """Users until they are told to end: failures and versions of their answers, in tenths of a second."""

    def __init__(self, address, host):
        self.tenths, self.failed, self.end = [], collections.Counter(), {}
        words = [LAB, "exec", "python3", os.path.join(ROOT, "src/test/resources/real/load.py"), address, str(RATE), "600", host]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.begun = threading.Event()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        if not self.begun.wait(60):
            sys.exit("nobody answers at %s for %s" % (address, host))

    def read(self):
        quiet = 0
        for line in self.process.stdout:
            said = json.loads(line)
            if "failure" in said:
                quiet = 0
                if self.begun.is_set():
                    self.failed[said["failure"]["kind"]] += 1
            elif "answers" in said:
                sides = {"new": collections.Counter(), "kept": collections.Counter()}
                for key, n in said["answers"].items():
                    mode, version, code = key.split(" ")
                    if code == "200":
                        sides[mode][version] += n
                self.tenths.append(Tenth(said["at"] / 1000, sides["new"], sides["kept"]))
                quiet += 1
                if quiet == 10:              # a route that is new to its router, a Service that is new to the node
                    self.begun.set()
            elif "end" in said:
                self.end = said

    def ended(self):
        self.process.stdin.close()
        self.reader.join(60)
        if not self.end:
            sys.exit("the load was cut off")
        return self

    def cell(self):
        kinds = " (%s)" % ", ".join("%s %d" % one for one in self.failed.items()) if self.failed else ""
        return "%d of %d%s, %d ms" % (sum(self.failed.values()), self.end["requests"], kinds, self.end["slowestMs"])

    def share(self, version, begin, end, new=False):
        """Of the answers in between, those of this version, in percent. Without a router a kept-open connection stays with its pod: only new ones tell."""
        there = [t.new if new else t.new + t.kept for t in self.tenths if begin < t.at <= end]
        return 100 * sum(one[version] for one in there) / max(1, sum(sum(one.values()) for one in there))

    def follows(self, version, percent, since):
        """Seconds from then until a second begins whose answers are shared as asked for."""
        return next((t.at - since for t in self.tenths if t.at >= since and abs(self.share(version, t.at, t.at + 1) - percent) <= NEAR), None)

    def last(self, version, since, new=False):
        """Seconds from then until the last answer of this version."""
        return max([t.at - since for t in self.tenths if t.at >= since and (t.new if new else t.new + t.kept)[version]] or [0])


class Run:
    """One shop behind a route of one kind."""

    def __init__(self, kind, shop, folder):
        self.kind, self.shop, self.routed = kind, shop, kind != "replicas"
        self.proxy = Proxy(Upstream(KUBECTL, KUBECONFIG))
        self.config = os.path.join(folder, "kubeconfig")
        self.proxy.kubeconfig(self.config, shop.namespace)
        self.cells, self.shares, self.delays, self.steps, self.writes = {}, {}, {}, {}, {}
        if self.routed:
            shop.kubectl("apply", "-f", "-", input=manifest(kind))

    def under_load(self, column, act, host=HOST):
        address = ROUTER if self.routed else self.shop.kubectl("get", "service", "shop", "-o", "jsonpath={.spec.clusterIP}") + ":80"
        load = Load(address, host)
        done = act()
        time.sleep(2)
        self.cells[column] = load.ended().cell()
        print("%s, %s: %s" % (self.kind, column, self.cells[column]), flush=True)
        return load, done

    def release(self, verb, image, *more, heard=lambda event: None, codes=(0,)):
        code, events = self.shop.rollout(verb, "shop", "--image", "shop=demo:" + image, "--timeout", "120s", *more, kubeconfig=self.config, heard=heard)
        if code not in codes:
            sys.exit("%s of %s ended with %d: %s" % (verb, self.kind, code, events[-1]))
        return events

    def fixed(self):
        """Two versions at 95 and 5, behind a route of their own; by replicas, the shop as it is."""
        if self.routed:
            with open(os.path.join(ROOT, "src/test/resources/real/shop.yaml")) as f:
                other = f.read().replace("name: shop, labels", "name: other, labels").replace("app: shop", "app: other").replace("demo:v1", "demo:v2")
            self.shop.kubectl("apply", "-f", "-", input=other)
            self.shop.kubectl("rollout", "status", "deploy/other", "--timeout=60s")
            self.shop.kubectl("apply", "-f", "-", input=manifest(self.kind, "fixed", "fixed.example.com", (("shop", 95), ("other", 5))))
        load, _ = self.under_load("weights that stay", lambda: time.sleep(FIXED), "fixed.example.com")
        if self.routed:
            self.shares["stays at 5"] = load.share("v2", load.tenths[20].at, load.tenths[-1].at)
            self.shop.kubectl("delete", "-f", "-", input=manifest(self.kind, "fixed", "fixed.example.com", (("shop", 95), ("other", 5))))
            self.shop.kubectl("delete", "deployment,service", "other")

    def plain(self, image):
        self.shop.kubectl("set", "image", "deployment/shop", "shop=demo:" + image)
        self.shop.kubectl("rollout", "status", "deploy/shop", "--timeout=120s")

    def canary(self, image):
        percents = (5, 25, 50) if self.routed else (25, 50)
        begun = len(self.proxy.requests)
        load, events = self.under_load("canary", lambda: self.release(
            "canary", image, "--router", ROUTERS[self.kind], "--steps", ",".join("%d@8s" % one for one in percents), "--bake", "3s"))
        requests = self.proxy.requests[begun:]
        self.writes = {name: count for name, count in by_step(events, requests).items() if sum(count.values()) and name != "before the first"}
        for percent in percents:
            watched = [step(events, type, "watch-%d" % percent) for type in ("step-started", "step-done")]
            self.shares[percent] = load.share(image, watched[0] + SETTLED, watched[1], new=not self.routed)
        for percent in (*percents, 100):
            name = "switch" if percent == 100 and not self.routed else "shift-%d" % percent
            begin, end = [step(events, type, name) for type in ("step-started", "step-done")]
            if self.routed:
                at = written(requests, self.kind, begin, end)
                self.delays[percent], self.steps[percent] = load.follows(image, percent, at), end - at
            else:
                self.steps[percent] = end - begin

    def rollback(self, image):
        """Another version as far as half, where a person takes it back."""
        went = {}

        def back():
            time.sleep(SETTLED)
            went["begun"] = time.time()
            went["code"], went["events"] = self.shop.rollout("rollback", "shop", kubeconfig=self.config)

        person = threading.Thread(target=back)

        def heard(event):
            if event["type"] == "step-started" and event.get("step") == "watch-50":
                person.start()

        def act():
            self.release("canary", image, "--router", ROUTERS[self.kind], "--steps", "50@60s", heard=heard, codes=(7,))
            person.join(120)
        load, _ = self.under_load("rollback", act)
        if went["code"]:
            sys.exit("the rollback ended with %d: %s" % (went["code"], went["events"][-1]))
        object = OBJECTS.get(self.kind, "/services/shop")
        at = next(at for at, verb, path in self.proxy.requests if verb == "patch" and path.endswith(object) and at >= went["begun"])
        self.delays["back"] = load.last(image, at, new=not self.routed)

    def all(self):
        self.fixed()
        self.under_load("kubectl rollout", lambda: self.plain("v2"))
        self.under_load("switch", lambda: self.release("bluegreen", "v3", "--bake", "3s"))
        self.canary("v1")
        self.rollback("v2")


def table(*rows):
    print()
    for i, row in enumerate(rows):
        print("| %s |" % " | ".join(row))
        if i == 0:
            print("|%s|" % "|".join("---" for _ in row))


def tell(runs):
    columns = ("weights that stay", "kubectl rollout", "switch", "canary", "rollback")
    table(("failed of requests, slowest", *columns), *((run.kind, *(run.cells[one] for one in columns)) for run in runs))
    shares = ("stays at 5", 5, 25, 50)
    table(("answered by the candidate, %", *map(str, shares)), *(
        (run.kind, *("%.1f (%+.1f)" % (run.shares[one], run.shares[one] - (one if isinstance(one, int) else 5)) if one in run.shares else "" for one in shares))
        for run in runs))
    moves = (5, 25, 50, 100, "back")
    table(("written → requests follow, ms", *map(str, moves)), *(
        (run.kind, *("%d" % (run.delays[one] * 1000) if run.delays.get(one) is not None else "" for one in moves)) for run in runs))
    table(("written → step done, s", *map(str, moves[:4])), *(
        (run.kind, *("%.1f" % run.steps[one] if one in run.steps else "" for one in moves[:4])) for run in runs))
    for run in runs:
        print("\nwrites to objects (to the journal) of %s: %s" % (
            run.kind, ", ".join("%s %d (%d)" % (name, count["objects"], count["journal"]) for name, count in run.writes.items())))


runs = []
print("%s, %d cores, load %.1f, Kubernetes %s, %d requests a second" % (
    datetime.date.today(), os.cpu_count(), os.getloadavg()[0], lab("version"), RATE), flush=True)
for one in sys.argv[1:] or ROUTERS:
    with Shop() as shop, tempfile.TemporaryDirectory() as folder:
        run = Run(one, shop, folder)
        run.all()
        runs.append(run)
        tell(runs)                           # the last of these is the whole; each is worth 4 minutes
print("\nload now %.1f" % os.getloadavg()[0])
