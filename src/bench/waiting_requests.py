#!/usr/bin/env python3
"""waiting_requests.py [RELEASES [SECONDS]] - what releases ask of the API server while they wait, at a gate and then in the bake: one of them, then
RELEASES (100) at once in one namespace, each driven by a process of its own and measured for SECONDS (120). Besides, what such a process takes.

Needs ./rollout and a lab that is up. An API-only one is meant: a node has no room for the pods of a hundred shops. Each driver has the heap that it has
in a Job's pod, and some 120 MiB in all.
"""
import collections, concurrent.futures, os, re, resource, statistics, subprocess, sys, tempfile, time
from counting_proxy import Proxy, Upstream
from shop import KUBECONFIG, KUBECTL, ROOT, Shop

HEAP = "-Xmx80m"                # a quarter of a Job's limit, as the JVM takes it there
AT_ONCE = 3                     # programs that start at the same time: the others wait until these wait
TICKS = os.sysconf("SC_CLK_TCK")


def shop_of(name):
    with open(os.path.join(ROOT, "src/test/resources/real/shop.yaml")) as f:
        return f.read().replace("replicas: 3", "replicas: 1").replace("shop", name)


class Drivers:
    """Releases that wait, one process each."""

    def __init__(self, shop, kubeconfig, count):
        self.shop, self.names, self.running = shop, ["web-%d" % i for i in range(1, count + 1)], []
        shop.kubectl("apply", "-f", "-", input="\n---\n".join(map(shop_of, self.names)))
        shop.kubectl("wait", "deployments", "--all", "--for=condition=Available", "--timeout=300s")
        self.each(lambda name: self.begin(name, kubeconfig))

    def each(self, act):
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as some:
            list(some.map(act, self.names))

    def begin(self, name, kubeconfig):
        one = self.shop.start("bluegreen", name, "--image", "%s=demo:v2" % name, "--hold", "--gate-timeout", "4h", "--bake", "4h",
                              "--timeout", "10m", kubeconfig=kubeconfig)
        self.running.append(one)
        one.await_event(lambda event: event["type"] == "gate")

    def promote(self):
        def one(name):
            subprocess.run([os.path.join(ROOT, "rollout"), "promote", name, "-n", self.shop.namespace], check=True, stdout=subprocess.DEVNULL,
                           env={**os.environ, "KUBECONFIG": KUBECONFIG})
        self.each(one)
        for driver in self.running:
            driver.await_event(lambda event: event["phase"] == "bake")

    def processor(self):
        """Seconds of processor time, all together."""
        seconds = 0
        for driver in self.running:
            with open("/proc/%d/stat" % driver.process.pid) as stat:
                seconds += sum(map(int, stat.read().rpartition(")")[2].split()[11:13])) / TICKS
        return seconds

    def memory(self):
        """MiB of each."""
        def one(driver):
            with open("/proc/%d/status" % driver.process.pid) as status:
                return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1024
        return list(map(one, self.running))

    def end(self):
        for driver in self.running:
            driver.kill()


def resource_of(path):
    """The plural of what a path names."""
    return re.sub(r"^/(?:api|apis/[^/]+)/[^/]+/(?:namespaces/[^/]+/)?([^/]+).*$", r"\1", path)


def measure(what, drivers, proxy, seconds):
    time.sleep(20)              # what belongs to the step before is over
    first, spent = len(proxy.requests), drivers.processor()
    time.sleep(seconds)
    count, asked = len(drivers.running), proxy.requests[first:]
    spent = drivers.processor() - spent
    by_kind = collections.Counter((verb, resource_of(path)) for _, verb, path in asked if verb != "watch")
    each = 60 / seconds / count
    kinds = ", ".join("%s %s %.1f" % (verb, plural, number * each) for (verb, plural), number in by_kind.most_common())
    watches = sum(verb == "watch" for _, verb, _ in asked)
    print("%-5s %4d  requests a minute: %6.1f each, %7.1f in all (%s); watches: %.1f each stand, %.2f each begun a minute; "
          "%.1f %% of a core, %.0f MiB each (most %.0f)" % (
              what, count, sum(by_kind.values()) * each, sum(by_kind.values()) * 60 / seconds, kinds or "none",
              proxy.watching / count, watches * each, spent / seconds * 100, statistics.median(drivers.memory()), max(drivers.memory())), flush=True)


def wait(count, seconds):
    proxy = Proxy(Upstream(KUBECTL, KUBECONFIG))
    with Shop() as shop, tempfile.TemporaryDirectory() as folder:
        config = os.path.join(folder, "kubeconfig")
        proxy.kubeconfig(config, shop.namespace)
        began, drivers = time.time(), Drivers(shop, config, count)
        try:
            print("      %4d  wait at their gates after %.0f s" % (count, time.time() - began), flush=True)
            measure("gate", drivers, proxy, seconds)
            drivers.promote()
            measure("bake", drivers, proxy, seconds)
        finally:
            drivers.end()


def main(releases=100, seconds=120):
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))          # each watch is two connections of the proxy
    os.environ["ROLLOUT_JAVA_OPTS"] = HEAP
    subprocess.run([os.path.join(ROOT, "rollout"), "version"], check=True, stdout=subprocess.DEVNULL)
    for count in sorted({1, releases}):
        wait(count, seconds)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
