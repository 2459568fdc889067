"""What the scripts here share: the lab, a shop of version 1 in a namespace of its own, and the program."""
import datetime, json, os, random, string, subprocess, sys, threading, time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LAB = os.path.join(os.environ.get("ROLLOUT_LAB") or os.path.join(ROOT, "..", "shared", "lab"), "lab")


def lab(*words, **more):
    return subprocess.run([LAB, *words], check=True, text=True, stdout=subprocess.PIPE, **more).stdout.strip()


KUBECONFIG = lab("kubeconfig")
KUBECTL = os.path.join(lab("bin"), "kubectl")


def epoch(text):
    """Seconds of a time as events and objects have it."""
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


class Running:
    """The program while it runs: its events as they come, each of which heard gets too."""

    def __init__(self, words, kubeconfig, heard):
        self.words, self.heard, self.events, self.said, self.news = words, heard, [], [], threading.Condition()
        self.began, self.ended = time.time(), None
        self.process = subprocess.Popen([os.path.join(ROOT, "rollout"), *words, "-o", "json"], text=True, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, "KUBECONFIG": kubeconfig})
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            event = json.loads(line) if line.startswith("{") else None
            if event:
                self.heard(event)
            with self.news:
                self.said.append(line) if event is None else self.events.append(event)
                self.news.notify_all()
        self.process.wait()
        with self.news:
            self.ended = time.time()
            self.news.notify_all()

    def await_event(self, meant, longest=300):
        """The first event that is meant, come or still to come."""
        with self.news:
            if not self.news.wait_for(lambda: self.ended or any(map(meant, self.events)), longest) or not any(map(meant, self.events)):
                sys.exit("rollout %s: what was waited for did not come: %s %s" % (" ".join(self.words), self.events[-3:], "".join(self.said)))
            return next(filter(meant, self.events))

    def end(self, longest=600):
        """Waits for its end; returns its exit code."""
        with self.news:
            if not self.news.wait_for(lambda: self.ended, longest):
                self.kill()
                sys.exit("rollout %s does not end" % " ".join(self.words))
        return self.process.returncode

    def kill(self):
        self.process.kill()


class Shop:
    def __init__(self):
        self.namespace = "rollout-bench-" + "".join(random.choices(string.ascii_lowercase, k=5))
        self.kubectl("create", "namespace", self.namespace, scoped=False)
        with open(os.path.join(ROOT, "src/test/resources/real/shop.yaml")) as f:
            self.kubectl("apply", "-f", "-", input=f.read())
        self.kubectl("rollout", "status", "deploy/shop", "--timeout=60s")

    def kubectl(self, *words, scoped=True, **more):
        place = ["-n", self.namespace] if scoped else []
        return subprocess.run([KUBECTL, "--kubeconfig", KUBECONFIG, *place, *words], check=True, text=True, stdout=subprocess.PIPE, **more).stdout

    def rollout(self, *words, kubeconfig=KUBECONFIG, heard=lambda event: None):
        """Runs the program to its end; returns its exit code and its events, each of which heard gets as it comes."""
        run = self.start(*words, kubeconfig=kubeconfig, heard=heard)
        code = run.end()
        if not run.events or run.events[-1].get("type") != "result":
            sys.exit("no result from rollout %s (exit %d): %s" % (" ".join(words), code, "".join(run.said)))
        return code, run.events

    def start(self, *words, kubeconfig=KUBECONFIG, heard=lambda event: None):
        """Starts the program, and returns while it runs."""
        return Running([*words, "-n", self.namespace], kubeconfig, heard)

    def watch(self, path, take):
        """Gives each event of a watch to take, in a thread, until the shop is closed."""
        watch = subprocess.Popen([KUBECTL, "--kubeconfig", KUBECONFIG, "get", "--raw", path], stdout=subprocess.PIPE, text=True)

        def follow():
            for line in watch.stdout:
                take(json.loads(line))
        threading.Thread(target=follow, daemon=True).start()
        return watch

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kubectl("delete", "namespace", self.namespace, "--wait=false", scoped=False)
