#!/usr/bin/env python3
"""load.py HOST:PORT RATE SECONDS [NAME] - RATE requests a second, every second one on a new connection, the others on kept-open ones.
NAME is the host that they ask for, else HOST: a router tells by it which route is meant.

An open loop: a slow answer does not slow the rate down. Ends after SECONDS, on SIGTERM, or when its standard input ends.
Prints JSON lines: every 100 ms {"at": ms, "answers": {"MODE WORD CODE": n}} by the time of the answer, {"failure": {...}} at once
for what is no answer with code 200, {"reopened": ms} for a kept connection that its server had closed while it was idle,
and last {"end": ms, "requests": n, "slowestMs": n}. Times are milliseconds since 1970. A failure names its stage, and the first of a second
that got no answer the kernel's own record of the connection: where the Service's address was translated to.

One thread around epoll: several of these run beside the tests, and must leave them the processor.
"""
import collections, errno, json, os, random, select, signal, socket, sys, time

host, port = sys.argv[1].rsplit(":", 1)
address = (socket.gethostbyname(host), int(port))
rate, length = float(sys.argv[2]), float(sys.argv[3])
name = (sys.argv[4:] or [host])[0]
TIMEOUT = 3.0          # seconds for one request, connecting included; those in which this program itself stood still do not count
STILL = 1.0            # seconds late that only a machine that stands still explains
MOST_KEPT = 256        # kept-open connections at once
TENTH = 0.1

poller = select.epoll()
running = {}                       # the request in progress on each descriptor
idle = collections.deque()         # kept-open connections that nobody uses
deadlines = collections.deque()    # requests in the order in which they began: all have the same time
counts = collections.Counter()
made = {"requests": 0, "slowest": 0.0, "kept": 0, "stop": False, "look": 0.0, "ran": time.monotonic(), "still": 0.0}
text = {kept: ("GET / HTTP/1.1\r\nHost: %s\r\nConnection: %s\r\n\r\n" % (name, "keep-alive" if kept else "close")).encode()
        for kept in (True, False)}


def stop(*_):
    made["stop"] = True


def until_translated():
    """Until the Service's address is translated on this node. A connection from before that leaves a record in the kernel, untranslated,
    for two minutes, and whoever comes from the same port meets it: so these tries come from ports that the kernel hands to nobody."""
    while not made["stop"]:
        with socket.socket() as sock:
            sock.settimeout(0.5)
            try:
                sock.bind(("", random.randrange(10000, 32000)))
                sock.connect(address)
                return
            except OSError:
                time.sleep(0.05)


def tracked(local):
    """The kernel's record of a connection. To look takes tenths of a second where there are many: so once a second at most, else users
    that all wait in vain would hold this thread up, and those who come then would fail because of it."""
    if time.monotonic() < made["look"]:
        return []
    try:
        with open("/proc/net/nf_conntrack") as lines:
            return [" ".join(line.split()[3:]) for line in lines if " sport=%d " % local in line]
    except OSError:
        return []
    finally:
        made["look"] = time.monotonic() + 1


def now():
    return int(time.time() * 1000)


def lived():
    """The steady clock, without the time in which this program stood still, and so may the server have, with all its machine."""
    return time.monotonic() - made["still"]


def ran(planned):
    """Once a round; planned: for how long it meant to wait."""
    over = time.monotonic() - made["ran"] - planned
    if over > STILL:
        made["still"] += over
    made["ran"] = time.monotonic()


def say(line):
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


class Request:
    __slots__ = ("kept", "began", "due", "sock", "old", "stage", "port", "got", "over")

    def __init__(self, kept):
        self.kept, self.began, self.due, self.over = kept, time.time(), lived() + TIMEOUT, False
        self.old, self.stage, self.port, self.got = False, "before connecting", 0, b""

    def begin(self):
        deadlines.append(self)
        made["requests"] += 1
        if self.kept and idle:
            self.sock, self.old, self.stage = idle.popleft(), True, "asking on a kept connection"
            self.port = self.sock.getsockname()[1]
            running[self.sock.fileno()] = self
            poller.register(self.sock, select.EPOLLIN)
            self.ask()
        else:
            self.connect()

    def connect(self):
        self.sock, self.old, self.stage = socket.socket(), False, "connecting"
        self.sock.setblocking(False)
        made["kept"] += self.kept
        code = self.sock.connect_ex(address)
        self.port = self.sock.getsockname()[1]
        running[self.sock.fileno()] = self
        poller.register(self.sock, select.EPOLLOUT)
        if code not in (0, errno.EINPROGRESS):
            self.broken(OSError(code, os.strerror(code)))

    def event(self):
        if self.stage == "connecting":
            code = self.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if code:
                self.broken(OSError(code, os.strerror(code)))
                return
            self.stage = "asking on a new kept connection" if self.kept else "asking"
            poller.modify(self.sock, select.EPOLLIN)
            self.ask()
            return
        try:
            data = self.sock.recv(65536)
        except BlockingIOError:
            return
        except OSError as e:
            self.broken(e)
            return
        if not data:
            self.broken(EOFError())
            return
        self.got += data
        self.read()

    def ask(self):
        try:
            self.sock.send(text[self.kept])          # shorter than any socket's buffer
        except OSError as e:
            self.broken(e)

    def read(self):
        """Ends it when the answer is whole."""
        head, found, body = self.got.partition(b"\r\n\r\n")
        if not found:
            return
        lines = head.decode("latin-1").lower().split("\r\n")
        try:
            code = int(lines[0].split(" ", 2)[1])
            size = next((int(line[15:]) for line in lines if line.startswith("content-length:")), 0)
        except (ValueError, IndexError) as e:
            self.failed(type(e).__name__)
            return
        if len(body) < size:
            return
        word = (body.decode("latin-1").split() or ["?"])[0]
        self.leave(self.kept and "connection: close" not in lines and made["kept"] <= MOST_KEPT)
        self.count(word, code)
        if code != 200:
            say({"failure": {"at": now(), "began": int(self.began * 1000), "mode": self.mode(), "kind": "HTTP %d" % code, "word": word}})

    def broken(self, why):
        if self.old and not self.got and isinstance(why, (EOFError, ConnectionError)):
            # closed by its server while idle: nothing of an answer had come, so it may be opened once more
            say({"reopened": now()})
            self.leave(False)
            while idle and ended(idle[0]):
                idle.popleft().close()
                made["kept"] -= 1
            self.connect()
            return
        self.failed("IncompleteReadError" if isinstance(why, EOFError) else type(why).__name__)

    def failed(self, kind):
        self.leave(False)
        self.count("-", 0)
        say({"failure": {"at": now(), "began": int(self.began * 1000), "mode": self.mode(), "kind": kind, "word": "",
                         "stage": self.stage, "port": self.port, "tracked": tracked(self.port)}})

    def leave(self, keep):
        """Gives the connection back, or closes it."""
        del running[self.sock.fileno()]
        poller.unregister(self.sock)
        if keep:
            idle.append(self.sock)
        else:
            self.sock.close()
            made["kept"] -= self.kept

    def count(self, word, code):
        self.over = True
        counts["%s %s %d" % (self.mode(), word, code)] += 1
        made["slowest"] = max(made["slowest"], time.time() - self.began)

    def mode(self):
        return "kept" if self.kept else "new"


def ended(sock):
    try:
        return sock.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def late():
    """Ends the requests whose time is up."""
    while deadlines and (deadlines[0].over or deadlines[0].due < lived()):
        request = deadlines.popleft()
        if not request.over:
            request.failed("TimeoutError")


def tell():
    if counts:
        line = {"at": now(), "answers": dict(counts)}
        counts.clear()
        say(line)


def wait(until):
    """Looks after the requests until a time of the steady clock."""
    while True:
        left = max(0, until - time.monotonic())
        events = poller.poll(left)
        ran(left)
        for descriptor, _ in events:
            if descriptor in running:
                running[descriptor].event()
            elif descriptor == 0 and not os.read(0, 1024):
                poller.unregister(0)
                stop()
        if time.monotonic() >= until:
            return


signal.signal(signal.SIGTERM, stop)
signal.signal(signal.SIGINT, stop)
try:
    poller.register(0, select.EPOLLIN)
except OSError:
    pass                                     # a file: it does not end
until_translated()
began = told = time.monotonic()
i = 0
while not made["stop"] and time.monotonic() - began < length:
    wait(began + i / rate)
    Request(i % 2 == 1).begin()
    i += 1
    late()
    if time.monotonic() - told >= TENTH:
        told = time.monotonic()
        tell()
end = lived() + TIMEOUT + 1
while running and lived() < end:
    wait(time.monotonic() + TENTH)
    late()
    tell()
tell()
say({"end": now(), "requests": made["requests"], "slowestMs": int(made["slowest"] * 1000)})
