#!/usr/bin/env python3
"""in_cluster.py [RUNS [DRAINS]] - a release whose driver is a Job, beside the same release from here: how long each takes and what of, what the
driver's and the guard's processes weigh in the bake, and how long it takes to go on after the driver's pod was evicted in the bake.

RUNS (5) of both in turn, each in a namespace of its own, then DRAINS (3). Builds the program's image (src/build/image.sh) and gives it to the node.
Needs root, and a lab that is up with a real node.
"""
import json, os, statistics, subprocess, sys, tempfile, threading, time
from shop import ROOT, Shop, epoch, lab

IMAGE, BAKE = "rollout:bench", 20
TICKS = os.sysconf("SC_CLK_TCK")


def give_image():
    subprocess.run([os.path.join(ROOT, "rollout"), "version"], check=True, stdout=subprocess.DEVNULL)    # builds what is to be built
    with tempfile.TemporaryDirectory() as folder:
        archive = os.path.join(folder, "image.tar")
        subprocess.run([os.path.join(ROOT, "src/build/image.sh"), IMAGE, archive], check=True)
        lab("ctr", "images", "import", archive)


class Pods:
    """The pods of the program's own Jobs: what is seen of each, and when first."""

    def __init__(self, shop):
        self.seen, self.news = {}, threading.Condition()
        self.watch = shop.watch("/api/v1/namespaces/%s/pods?watch=1&labelSelector=rollout%%2Fpart" % shop.namespace, self.take)

    def take(self, event):
        pod, now = event["object"], time.time()
        meta, status = pod["metadata"], pod["status"]
        so = {"there": True, "scheduled": "nodeName" in pod["spec"], "leaving": "deletionTimestamp" in meta,
              "ended": event["type"] == "DELETED" or status.get("phase") in ("Succeeded", "Failed")}
        with self.news:
            one = self.seen.setdefault(meta["uid"], {"name": meta["name"], "part": meta["labels"]["rollout/part"],
                                                     "job": meta["labels"]["batch.kubernetes.io/controller-uid"]})
            for what in filter(so.get, so):
                one.setdefault(what, now)
            self.news.notify_all()

    def find(self, part, what="scheduled", old=None):
        """The pod of this part of which this was seen; not the old one."""
        def found():
            return next((one for one in self.seen.values() if one["part"] == part and what in one and one is not old), None)
        with self.news:
            return self.news.wait_for(found, 120) or sys.exit("no pod of the %s was %s" % (part, what))


class Process:
    """The program in a pod, seen from the node: by the Job's uid, which is in its environment."""

    def __init__(self, job):
        self.pid = next(filter(lambda pid: self.is_of(pid, job), filter(str.isdigit, os.listdir("/proc"))), None)
        if self.pid is None:
            sys.exit("no process of Job %s on this machine" % job)
        with open("/proc/%s/stat" % self.pid) as stat, open("/proc/uptime") as uptime:
            ticks = int(stat.read().rpartition(")")[2].split()[19])
            self.begun = time.time() - float(uptime.read().split()[0]) + ticks / TICKS

    @staticmethod
    def is_of(pid, job):
        try:
            with open("/proc/%s/environ" % pid, "rb") as environment:
                return b"ROLLOUT_JOB_UID=" + job.encode() in environment.read().split(b"\0")
        except OSError:
            return False                                                                                 # it has ended

    def memory(self):
        """MiB: resident, and what of it is no file's."""
        with open("/proc/%s/status" % self.pid) as status:
            lines = dict(line.split(":", 1) for line in status)
        return [int(lines[key].split()[0]) / 1024 for key in ("VmRSS", "RssAnon")]


class Rows:
    """Numbers by name, in the order in which the names came."""

    def __init__(self):
        self.rows = {}

    def add(self, name, number):
        self.rows.setdefault(name, []).append(number)

    def tell(self, title, form):
        print("\n%-58s %8s %8s %8s" % (title, "least", "median", "most"))
        for name, numbers in self.rows.items():
            print("  %-56s" % name, *(form % f(numbers) for f in (min, statistics.median, max)), flush=True)


def is_of(phase):
    return lambda event: event["phase"] == phase


def stretches(times, began, events, first, ended):
    """What a release's time was spent on, by its driver's own events."""
    heard = [epoch(event["time"]) for event in events]
    step = next(at for at, event in zip(heard, events) if event["type"] == "step-started")
    times.add("%s -> its first event" % first, heard[0] - began)
    times.add("first event -> first step", step - heard[0])
    times.add("first step -> result", heard[-1] - step)
    times.add("result -> the command has ended", ended - heard[-1])


def words(image):
    return ["bluegreen", "shop", "--image", "shop=" + image, "--bake", "%ds" % BAKE]


def ended_well(release):
    if release.end() != 0:
        sys.exit("exit code %d: %s" % (release.process.returncode, release.events[-1]))


def from_here(shop, image, times):
    release = shop.start(*words(image))
    ended_well(release)
    stretches(times, release.began, release.events, "command", release.ended)
    times.add("ALL", release.ended - release.began)


def events_of(shop, pod):
    return [json.loads(line) for line in shop.kubectl("logs", pod["name"]).splitlines() if line.startswith("{")]


def begin_in_cluster(shop, image):
    """A release as a Job, in its bake: the command, and what runs of it."""
    pods = Pods(shop)
    release = shop.start(*words(image), "--in-cluster", "--job-image", IMAGE)
    release.await_event(is_of("bake"))
    driver, guard = pods.find("driver"), pods.find("guard")
    return release, pods, (driver, Process(driver["job"])), (guard, Process(guard["job"]))


def weigh(processes, weights):
    """Each second of a bake, but for its ends."""
    samples = {name: [] for name in processes}
    for _ in range(BAKE - 6):
        time.sleep(1)
        for name, process in processes.items():
            samples[name].append(process.memory())
    for name, of in samples.items():
        for what, numbers in zip(("resident", "of it anonymous"), zip(*of)):
            weights.add("%s, %s" % (name, what), statistics.median(numbers))


def in_cluster(shop, image, times, weights):
    release, pods, (driver, driving), (guard, guarding) = begin_in_cluster(shop, image)
    weigh({"driver": driving, "guard": guarding}, weights)
    ended_well(release)
    times.add("command -> the Job's pod is there", driver["there"] - release.began)
    times.add("pod there -> scheduled", driver["scheduled"] - driver["there"])
    times.add("scheduled -> its process has begun", driving.begun - driver["scheduled"])
    stretches(times, driving.begun, events_of(shop, driver), "process", release.ended)
    times.add("  of these, the guard: pod there -> it watches", epoch(events_of(shop, guard)[0]["time"]) - guard["there"])
    times.add("ALL", release.ended - release.began)
    pods.watch.kill()


def evict(shop, pod):
    shop.kubectl("create", "--raw", "/api/v1/namespaces/%s/pods/%s/eviction" % (shop.namespace, pod["name"]), "-f", "-", input=json.dumps(
        {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": pod["name"], "namespace": shop.namespace}}))


def drained(shop, times):
    release, pods, (old, _), _ = begin_in_cluster(shop, "demo:v2")
    evict(shop, old)
    release.await_event(lambda event: "going on with it" in event["message"])
    following = pods.find("driver", old=old)
    process = Process(following["job"])
    ended_well(release)
    heard = events_of(shop, following)
    at_work = next(epoch(event["time"]) for event in heard if "going on with it" in event["message"])
    times.add("evicted -> its process has ended", old["ended"] - old["leaving"])
    times.add("ended -> the next pod is there: the Job's back-off", following["there"] - old["ended"])
    times.add("there -> scheduled", following["scheduled"] - following["there"])
    times.add("scheduled -> its process has begun", process.begun - following["scheduled"])
    times.add("process -> its first event", epoch(heard[0]["time"]) - process.begun)
    times.add("first event -> it drives", at_work - epoch(heard[0]["time"]))
    times.add("ALL: evicted -> the next pod drives", at_work - old["leaving"])
    pods.watch.kill()


def main(runs=5, drains=3):
    give_image()
    here, there, weights, after = Rows(), Rows(), Rows(), Rows()
    for run in range(runs):
        with Shop() as shop:
            shop.kubectl("apply", "-f", os.path.join(ROOT, "manifests/rbac.yaml"))
            both = [lambda image: from_here(shop, image, here), lambda image: in_cluster(shop, image, there, weights)]
            for image, one in zip(("demo:v2", "demo:v3"), both if run % 2 == 0 else reversed(both)):
                one(image)
    for _ in range(drains):
        with Shop() as shop:
            shop.kubectl("apply", "-f", os.path.join(ROOT, "manifests/rbac.yaml"))
            drained(shop, after)
    here.tell("from here, with a bake of %d s; s" % BAKE, "%8.2f")
    there.tell("the same as a Job, with a guard; s", "%8.2f")
    after.tell("the driver's pod evicted in the bake; s", "%8.2f")
    weights.tell("in the bake, median of a run; MiB", "%8.1f")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
