#!/usr/bin/env python3
"""dashboard_picture.py [FILE] - draws what Prometheus knows of two canaries: one that is good, one that goes back.

The releases and the times are real; a check stands for the errors, which come with the share in the second one. A lab that
only has an API server will do. Needs a lab that is up, ./rollout, and prometheus on the PATH. Draws queries of the dashboard (of the
way back the sums themselves), and fails when a rule of manifests/monitoring cannot be evaluated.
"""
import contextlib, json, math, os, re, socket, subprocess, sys, tempfile, time, urllib.parse, urllib.request
from xml.sax.saxutils import escape
from shop import ROOT, Shop

MONITORING = os.path.join(ROOT, "manifests/monitoring")
STEP = 1
COLOURS = ["#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#7f7f7f", "#17becf", "#bcbd22", "#e377c2"]
WIDTH, HEIGHT, LEFT, TOP, GAP = 470, 210, 46, 34, 30


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Prometheus:
    """A Prometheus of its own, with the rules of the project, that comes to this port each half second."""

    def __init__(self, folder, scraped):
        self.port = free_port()
        config = {
            "global": {"scrape_interval": "500ms", "scrape_timeout": "400ms", "evaluation_interval": "1s"},
            "rule_files": [os.path.join(MONITORING, name) for name in ("recording-rules.yaml", "alert-rules.yaml")],
            "scrape_configs": [{"job_name": "rollout", "honor_labels": True, "static_configs": [{"targets": ["127.0.0.1:%d" % scraped]}]}],
        }
        path = os.path.join(folder, "prometheus.yml")
        with open(path, "w") as f:
            json.dump(config, f)  # JSON is YAML
        self.process = subprocess.Popen(
            ["prometheus", "--config.file=" + path, "--storage.tsdb.path=" + os.path.join(folder, "data"),
             "--web.listen-address=127.0.0.1:%d" % self.port], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.url = "http://127.0.0.1:%d" % self.port
        deadline = time.time() + 30
        while True:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(self.url + "/-/ready", timeout=2).close()
                return
            if time.time() > deadline:
                sys.exit("prometheus is not ready in 30 s")
            time.sleep(0.2)

    def ask(self, path, **words):
        with urllib.request.urlopen(self.url + path + "?" + urllib.parse.urlencode(words), timeout=30) as answer:
            return json.load(answer)["data"]

    def lines(self, expression, start, end):
        found = self.ask("/api/v1/query_range", query=expression, start=start, end=end, step=STEP)["result"]
        return [(one["metric"], [(float(t), float(v)) for t, v in one["values"]]) for one in found]

    def values(self, expression, at):
        return [(one["metric"], float(one["value"][1])) for one in self.ask("/api/v1/query", query=expression, time=at)["result"]]

    def broken_rules(self):
        groups = self.ask("/api/v1/rules")["groups"]
        return ["%s: %s" % (rule["name"], rule["lastError"]) for group in groups for rule in group["rules"] if rule.get("lastError")]

    def close(self):
        self.process.terminate()
        self.process.wait()


def panels(namespace):
    """The first query of each panel of the dashboard, by its title."""
    with open(os.path.join(MONITORING, "grafana-dashboard.json")) as f:
        dashboard = json.load(f)
    return {p["title"]: (p["targets"][0]["expr"].replace("$namespace", namespace).replace("$target", ".*"), p["targets"][0]["legendFormat"])
            for p in dashboard["panels"]}


def legend(words, metric):
    return re.sub(r"{{(\w+)}}", lambda m: metric.get(m.group(1), ""), words)


class Picture:
    def __init__(self, start, end, runs):
        self.start, self.end, self.runs, self.parts, self.count = start, end, runs, [], 0

    def place(self, title):
        x, y = LEFT + (self.count % 2) * (WIDTH + LEFT + GAP), TOP + 34 + (self.count // 2) * (HEIGHT + 104)
        self.count += 1
        self.text(x, y - 12, title, 14, weight="bold")
        self.parts.append('<rect x="%d" y="%d" width="%d" height="%d" fill="none" stroke="#999"/>' % (x, y, WIDTH, HEIGHT))
        return x, y

    def text(self, x, y, words, size=11, anchor="start", weight="normal"):
        self.parts.append('<text x="%.1f" y="%.1f" font-size="%d" text-anchor="%s" font-weight="%s">%s</text>'
                          % (x, y, size, anchor, weight, escape(words)))

    def across(self, x, at):
        return x + (at - self.start) / (self.end - self.start) * WIDTH

    def axes(self, x, y, most, unit):
        for i in range(5):
            up = y + HEIGHT - i / 4 * HEIGHT
            self.parts.append('<line x1="%d" x2="%d" y1="%.1f" y2="%.1f" stroke="#ddd"/>' % (x, x + WIDTH, up, up))
            self.text(x - 5, up + 4, ("%g" % round(most * i / 4, 2)) + unit, 10, "end")
        for begun, ended, words in self.runs:
            a, b = self.across(x, begun), self.across(x, ended)
            self.parts.append('<rect x="%.1f" y="%d" width="%.1f" height="%d" fill="#000" fill-opacity="0.05"/>' % (a, y, b - a, HEIGHT))
            self.text((a + b) / 2, y + HEIGHT + 14, words, 10, "middle")

    def keys(self, x, y, names):
        for i, name in enumerate(names):
            left, down = x + (i % 3) * (WIDTH / 3), y + HEIGHT + 32 + (i // 3) * 14
            self.parts.append('<rect x="%.1f" y="%.1f" width="9" height="9" fill="%s"/>' % (left, down - 8, COLOURS[i % len(COLOURS)]))
            self.text(left + 13, down, name, 10)

    def timeline(self, title, lines, most=None, unit="", scale=1, stairs=False, dots=False):
        x, y = self.place(title)
        lines = sorted(lines)
        most = most or 4 * math.ceil(max([v * scale for _, points in lines for _, v in points] + [1]) / 4 + 0.01)
        self.axes(x, y, most, unit)
        for i, (_, points) in enumerate(lines):
            # Those that are on one another are all to be seen.
            aside = (i - 1) * (1.5 if stairs else 3 if dots else 0)
            spots = [(self.across(x, t), y + HEIGHT - v * scale / most * HEIGHT + aside) for t, v in points]
            colour = COLOURS[i % len(COLOURS)]
            if dots:
                self.parts += ['<circle cx="%.1f" cy="%.1f" r="2" fill="%s"/>' % (a, b, colour) for a, b in spots]
                continue
            path, last = [], None
            for (a, b), (t, _) in zip(spots, points):
                if last is None or t - last > 3 * STEP:
                    path.append("M%.1f,%.1f" % (a, b))
                else:
                    path.append(("H%.1fV%.1f" if stairs else "L%.1f,%.1f") % (a, b))
                last = t
            self.parts.append('<path d="%s" fill="none" stroke="%s" stroke-width="2"/>' % ("".join(path), colour))
        self.keys(x, y, [name for name, _ in lines])

    def bars(self, title, values, unit):
        x, y = self.place(title)
        most = max([v for _, v in values] + [0.001])
        for i, (name, value) in enumerate(values):
            down = y + 14 + i * (HEIGHT - 14) / max(len(values), 3)
            self.parts.append('<rect x="%d" y="%.1f" width="%.1f" height="24" fill="%s"/>' % (x, down, value / most * WIDTH * 0.6, COLOURS[i]))
            self.text(x + value / most * WIDTH * 0.6 + 6, down + 16, "%s: %.3g %s" % (name, value, unit))

    def save(self, path, caption):
        width, height = 2 * (WIDTH + LEFT) + GAP + 20, TOP + 34 + ((self.count + 1) // 2) * (HEIGHT + 104) - 24
        self.text(LEFT, TOP - 14, caption, 12)
        with open(path, "w") as f:
            f.write('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif">\n' % (width, height)
                    + '<rect width="100%" height="100%" fill="#fff"/>\n' + "\n".join(self.parts) + "\n</svg>\n")


def draw(path):
    served = free_port()
    with tempfile.TemporaryDirectory() as folder, Shop() as shop, contextlib.closing(Prometheus(folder, served)) as prometheus:
        # Some time for its first looks, before which the preflight would find no data.
        time.sleep(2)

        def canary(image, value):
            begun = time.time()
            code, _ = shop.rollout(
                "canary", "shop", "--image", "shop=" + image, "--router", "replicas", "--steps", "25@20s,50@20s", "--bake", "20s",
                "--prometheus", prometheus.url, "--check", "errors: %s < 1" % value, "--check", "queue: vector(3) < 10",
                "--serve-metrics", str(served), "--metrics-linger", "2s")
            return begun, time.time(), code

        start = time.time() - 1
        good = canary("demo:v2", "vector(0.2)")
        time.sleep(3)
        share = 'max(rollout_weight_ratio{kind="requested",namespace="%s"} or vector(0))' % shop.namespace
        bad = canary("demo:v3", "vector(0.2) + (%s > bool 0.4) * 4" % share)
        end = time.time() + 1
        if (good[2], bad[2]) != (0, 4):
            sys.exit("the releases ended with %d and %d, not with 0 and 4" % (good[2], bad[2]))
        if prometheus.broken_rules():
            sys.exit("\n".join(prometheus.broken_rules()))
        asked = panels(shop.namespace)

        def lines(title):
            expression, words = asked[title]
            return [(legend(words, metric), points) for metric, points in prometheus.lines(expression, start, end)]

        last = "sum by (%%s) (max_over_time(%%s{namespace=\"%s\"}[10m]))" % shop.namespace
        back = [(m["until"], v) for m, v in prometheus.values(last % ("until", "rollout_rollback_duration_seconds_sum"), end)]
        picture = Picture(start, end, [(*good[:2], "good: promoted"), (*bad[:2], "errors from 50 %: rolled back")])
        picture.timeline("Traffic for the candidate", lines("Traffic for the candidate"), most=100, unit=" %", scale=100, stairs=True)
        picture.timeline("Verdicts of checks, in a minute", lines("Verdicts of checks"), dots=True)
        picture.bars("The way back, from its detection", [("until " + m, v) for m, v in sorted(back, key=lambda one: one[1])], "s")
        picture.timeline("Requests to the API server", lines("Requests to the API server"), unit="/s")
        picture.save(path, "Two canaries by replicas, 25 and 50 %, as Prometheus has seen them; by src/bench/dashboard_picture.py, with queries of grafana-dashboard.json")


if __name__ == "__main__":
    draw(sys.argv[1] if len(sys.argv) > 1 else os.path.join(MONITORING, "dashboard.svg"))
