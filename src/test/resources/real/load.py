#!/usr/bin/env python3
"""load.py HOST:PORT RATE SECONDS [NAME] - RATE requests a second, every second one on a new connection, the others on kept-open ones.
NAME is the host that they ask for, else HOST: a router tells by it which route is meant.

An open loop: a slow answer does not slow the rate down. Ends after SECONDS, on SIGTERM, or when its standard input ends.
Prints JSON lines: every 100 ms {"at": ms, "answers": {"MODE WORD CODE": n}} by the time of the answer, {"failure": {...}} at once
for what is no answer with code 200, {"reopened": ms} for a kept connection that its server had closed while it was idle,
and last {"end": ms, "requests": n, "slowestMs": n}. Times are milliseconds since 1970. A failure names its stage, and for one
that got no answer the kernel's own record of the connection: where the Service's address was translated to.
"""
import asyncio, collections, json, random, signal, socket, sys, time

host, port = sys.argv[1].rsplit(":", 1)
rate, length = float(sys.argv[2]), float(sys.argv[3])
name = (sys.argv[4:] or [host])[0]
TIMEOUT = 3.0          # seconds for one request, connecting included
KEPT = 16              # kept-open connections from the start; more only while all of them are busy
MOST_KEPT = 256

stop = asyncio.Event()
idle = collections.deque()
counts = collections.Counter()
made = {"requests": 0, "slowest": 0.0, "kept": 0}


async def until_translated():
    """Until the Service's address is translated on this node. A connection from before that leaves a record in the kernel, untranslated,
    for two minutes, and whoever comes from the same port meets it: so these tries come from ports that the kernel hands to nobody."""
    while not stop.is_set():
        sock = socket.socket()
        sock.setblocking(False)
        try:
            sock.bind(("", random.randrange(10000, 32000)))
            await asyncio.wait_for(asyncio.get_running_loop().sock_connect(sock, (host, int(port))), 0.5)
            return
        except (OSError, asyncio.TimeoutError):
            await asyncio.sleep(0.05)
        finally:
            sock.close()


class Stage:
    """How far one request has come."""
    word, port = "before connecting", 0


async def connect(stage):
    sock = socket.socket()
    sock.setblocking(False)
    stage.word = "connecting"
    try:
        await asyncio.get_running_loop().sock_connect(sock, (host, int(port)))
        return await asyncio.open_connection(sock=sock)
    except BaseException:
        stage.port = sock.getsockname()[1]
        sock.close()
        raise


def tracked(local):
    try:
        with open("/proc/net/nf_conntrack") as lines:
            return [" ".join(line.split()[3:]) for line in lines if " sport=%d " % local in line]
    except OSError:
        return []


def now():
    return int(time.time() * 1000)


def say(line):
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


async def ask(reader, writer, kept):
    """One request on this connection; returns (code, first word of the body, whether the server keeps it open)."""
    writer.write(("GET / HTTP/1.1\r\nHost: %s\r\nConnection: %s\r\n\r\n" % (name, "keep-alive" if kept else "close")).encode())
    await writer.drain()
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    code, length = int(head.split(" ", 2)[1]), 0
    for line in head.split("\r\n"):
        if line.startswith("content-length:"):
            length = int(line.split(":")[1])
    body = (await reader.readexactly(length)).decode("latin-1")
    return code, (body.split() or ["?"])[0], "\r\nconnection: close" not in head


async def on_new(stage):
    reader, writer = await connect(stage)
    stage.word, stage.port = "asking", writer.get_extra_info("sockname")[1]
    try:
        code, word, _ = await ask(reader, writer, False)
        return code, word
    finally:
        writer.close()


async def on_kept(stage):
    for attempt in (0, 1):
        old = attempt == 0 and bool(idle)
        if old:
            reader, writer = idle.popleft()
        else:
            reader, writer = await connect(stage)
            made["kept"] += 1
        stage.word = "asking on a kept connection" if old else "asking on a new kept connection"
        stage.port = writer.get_extra_info("sockname")[1]
        keep = False
        try:
            code, word, keep = await ask(reader, writer, True)
            return code, word
        except (asyncio.IncompleteReadError, ConnectionError) as e:
            # closed by its server while idle: nothing of an answer had come, so it may be opened once more
            if not old or getattr(e, "partial", b""):
                raise
            say({"reopened": now()})
            while idle and idle[0][0].at_eof():
                idle.popleft()[1].close()
                made["kept"] -= 1
        finally:
            if keep and made["kept"] <= MOST_KEPT:
                idle.append((reader, writer))
            else:
                writer.close()
                made["kept"] -= 1


async def one(mode, request):
    began, stage = time.time(), Stage()
    try:
        code, word = await asyncio.wait_for(request(stage), TIMEOUT)
        counts["%s %s %d" % (mode, word, code)] += 1
        if code != 200:
            say({"failure": {"at": now(), "began": int(began * 1000), "mode": mode, "kind": "HTTP %d" % code, "word": word}})
    except (OSError, ValueError, IndexError, asyncio.TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as e:
        counts["%s - 0" % mode] += 1
        say({"failure": {"at": now(), "began": int(began * 1000), "mode": mode, "kind": type(e).__name__, "word": "",
                         "stage": stage.word, "port": stage.port, "tracked": tracked(stage.port)}})
    made["slowest"] = max(made["slowest"], time.time() - began)


async def tell():
    while True:
        await asyncio.sleep(0.1)
        if counts:
            line = {"at": now(), "answers": dict(counts)}
            counts.clear()
            say(line)


async def until_input_ends():
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while await reader.read(1024):
        pass
    stop.set()


async def main():
    loop, running = asyncio.get_running_loop(), set()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    loop.add_signal_handler(signal.SIGINT, stop.set)
    watching, telling = asyncio.create_task(until_input_ends()), asyncio.create_task(tell())
    await until_translated()
    began, i = loop.time(), 0
    while not stop.is_set() and loop.time() - began < length:
        await asyncio.sleep(max(0, began + i / rate - loop.time()))
        new = i % 2 == 0
        task = asyncio.create_task(one("new" if new else "kept", on_new if new else on_kept))
        running.add(task)
        task.add_done_callback(running.discard)
        made["requests"] += 1
        i += 1
    if running:
        await asyncio.wait(running, timeout=TIMEOUT + 1)
    await asyncio.sleep(0.15)                # the last 100 ms are told too
    watching.cancel(), telling.cancel()
    say({"end": now(), "requests": made["requests"], "slowestMs": int(made["slowest"] * 1000)})


asyncio.run(main())
