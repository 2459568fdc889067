#!/usr/bin/env python3
"""counting_proxy.py - plain HTTP on a free port of 127.0.0.1 in front of an API server; counts the requests that go through it.

A library for the scripts beside it, and a command: counting_proxy.py KUBECONFIG PROXIED-KUBECONFIG runs until its standard input ends
and prints the counts as JSON. Watches pass: answers are streamed, and upgraded connections (WebSocket) become tunnels.
"""
import base64, collections, json, os, re, socket, ssl, subprocess, sys, tempfile, threading, time, urllib.parse


class Upstream:
    """Where a kubeconfig's current context leads, with its client certificate."""

    def __init__(self, kubectl, kubeconfig):
        view = json.loads(subprocess.check_output([kubectl, "--kubeconfig", kubeconfig, "config", "view", "--raw", "--minify", "--flatten", "-o", "json"]))
        cluster, user = view["clusters"][0]["cluster"], view["users"][0]["user"]
        url = urllib.parse.urlparse(cluster["server"])
        self.host, self.port = url.hostname, url.port or 443
        self.tls = ssl.create_default_context(cadata=base64.b64decode(cluster["certificate-authority-data"]).decode())
        with tempfile.NamedTemporaryFile(suffix=".pem") as pem:
            pem.write(base64.b64decode(user["client-certificate-data"]) + b"\n" + base64.b64decode(user["client-key-data"]))
            pem.flush()
            self.tls.load_cert_chain(pem.name)

    def connect(self):
        return self.tls.wrap_socket(socket.create_connection((self.host, self.port)), server_hostname=self.host)


def read_head(f):
    lines = []
    while True:
        line = f.readline()
        if not line:
            return None
        if line in (b"\r\n", b"\n"):
            return lines
        lines.append(line)


def header(lines, name):
    for line in lines[1:]:
        key, _, value = line.partition(b":")
        if key.strip().lower() == name:
            return value.strip().decode("latin-1")
    return None


def copy_body(lines, source, write, until_close):
    """Copies the body that this head announces; returns whether its end was the end of the connection."""
    if (header(lines, b"transfer-encoding") or "").lower() == "chunked":
        while True:
            size = source.readline()
            write(size)
            n = int(size.split(b";")[0], 16)
            write(source.read(n + 2))
            if n == 0:
                return False
    length = header(lines, b"content-length")
    if length is not None:
        left = int(length)
        while left:
            data = source.read1(min(left, 65536))
            if not data:
                return True
            left -= len(data)
            write(data)
        return False
    while until_close and (data := source.read1(65536)):
        write(data)
    return until_close


class Proxy:
    """Listens, forwards and counts. requests: a list of (time, verb, path without its query); watching: how many watches stand now."""

    def __init__(self, upstream):
        self.upstream, self.requests, self.watching, self.lock = upstream, [], 0, threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def kubeconfig(self, path, namespace="default"):
        with open(path, "w") as f:
            json.dump({"apiVersion": "v1", "kind": "Config", "current-context": "c", "users": [{"name": "u", "user": {}}],
                       "clusters": [{"name": "c", "cluster": {"server": "http://127.0.0.1:%d" % self.port}}],
                       "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u", "namespace": namespace}}]}, f)

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        try:
            self.talk(client, self.upstream.connect())
        except (OSError, ValueError):
            pass
        client.close()

    def talk(self, client, server):
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        asked, answered = client.makefile("rb"), server.makefile("rb")
        while (head := read_head(asked)) is not None:
            method, target, _ = head[0].decode("latin-1").split(" ", 2)
            verb = self.verb(method, target, head)
            self.requests.append((time.time(), verb, urllib.parse.urlparse(target).path))
            if (header(head, b"upgrade") or "").lower() == "h2c":     # we speak HTTP/1.1 only
                head = [line for line in head if line.split(b":")[0].lower() not in (b"upgrade", b"http2-settings", b"connection")]
            head = [line for line in head if line.split(b":")[0].lower() != b"host"]
            server.sendall(head[0] + b"Host: %s:%d\r\n" % (self.upstream.host.encode(), self.upstream.port) + b"".join(head[1:]) + b"\r\n")
            copy_body(head, asked, server.sendall, False)
            if verb == "watch":
                self.stand(1)
            try:
                if not self.answer(method, client, server, asked, answered):
                    return
            finally:
                if verb == "watch":
                    self.stand(-1)

    def stand(self, more):
        with self.lock:
            self.watching += more

    def answer(self, method, client, server, asked, answered):
        """Passes one answer on; returns whether the connection may have another."""
        while True:
            reply = read_head(answered)
            if reply is None:
                return False
            client.sendall(b"".join(reply) + b"\r\n")
            code = int(reply[0].split(b" ")[1])
            if code != 100:
                break
        if code == 101:
            self.tunnel(client, server, asked, answered)
            return False
        return method == "HEAD" or code in (204, 304) or not copy_body(reply, answered, client.sendall, True)

    @staticmethod
    def tunnel(client, server, asked, answered):
        def pump(source, sink):
            try:
                while data := source.read1(65536):
                    sink.sendall(data)
            except OSError:
                pass
            for s in (client, server):
                try:
                    s.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
        other = threading.Thread(target=pump, args=(answered, client), daemon=True)
        other.start()
        pump(asked, server)
        other.join()

    @staticmethod
    def verb(method, target, head):
        url = urllib.parse.urlparse(target)
        query = urllib.parse.parse_qs(url.query)
        if query.get("watch", [""])[0] in ("true", "1") or header(head, b"upgrade") == "websocket":
            return "watch"
        if method == "GET":
            path = re.sub(r"/namespaces/[^/]+(?=/)", "", url.path)
            return "list" if re.search(r"^/(api|apis/[^/]+)/[^/]+/[^/]+$", path) and "/proxy/" not in path else "get"
        return {"POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}.get(method, method.lower())


def counts(requests):
    return dict(collections.Counter(verb for _, verb, _ in requests).most_common())


if __name__ == "__main__":
    proxy = Proxy(Upstream(os.environ.get("KUBECTL", "kubectl"), sys.argv[1]))
    proxy.kubeconfig(sys.argv[2])
    sys.stdin.read()
    print(json.dumps(counts(proxy.requests)))
