"""What the scripts here share: the lab, a shop of version 1 in a namespace of its own, and the program."""
import json, os, random, string, subprocess, sys, tempfile, threading

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LAB = os.path.join(os.environ.get("ROLLOUT_LAB") or os.path.join(ROOT, "..", "shared", "lab"), "lab")


def lab(*words, **more):
    return subprocess.run([LAB, *words], check=True, text=True, stdout=subprocess.PIPE, **more).stdout.strip()


KUBECONFIG = lab("kubeconfig")
KUBECTL = os.path.join(lab("bin"), "kubectl")


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
        events = []
        with tempfile.TemporaryFile("w+") as said:
            process = subprocess.Popen([os.path.join(ROOT, "rollout"), *words, "-n", self.namespace, "-o", "json"], text=True,
                                       stdout=subprocess.PIPE, stderr=said, env={**os.environ, "KUBECONFIG": kubeconfig})
            bound = threading.Timer(600, process.kill)
            bound.start()
            for line in process.stdout:
                if line.startswith("{"):
                    events.append(json.loads(line))
                    heard(events[-1])
            code = process.wait()
            bound.cancel()
            if not events or events[-1].get("type") != "result":
                said.seek(0)
                sys.exit("no result from rollout %s (exit %d): %s" % (" ".join(words), code, said.read()))
        return code, events

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
