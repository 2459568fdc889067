package rollout.real;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Plain HTTP between one program and the API server, and whatever goes wrong there. What it does
 * with a request is decided by a rule, one request at a time.
 */
final class FaultyProxy implements AutoCloseable {
  private static final Pattern SERVES = Pattern.compile("on 127\\.0\\.0\\.1:(\\d+)");

  private static final Pattern STATUS = Pattern.compile("HTTP/\\S+ (\\d+)");

  /** What becomes of a request. */
  sealed interface Fate {}

  /** Nothing special. */
  record Pass() implements Fate {}

  /** It never arrives; this happens instead. */
  record Instead(Runnable what) implements Fate {}

  /** It is done, its answer never arrives, and this happens. */
  record Unanswered(Runnable what) implements Fate {}

  /** The server says this, and does nothing. */
  record Refused(int status, String reason, String header) implements Fate {}

  /** It waits, until the latch is open or the time is over; then it goes on. */
  record Late(CountDownLatch open, long atMostMillis) implements Fate {}

  static final Fate PASS = new Pass();

  /** A request, as far as a rule may ask. */
  record Request(String method, String target) {
    /** Whether it stores something of a release: no renewal, which comes when it is due. */
    boolean write() {
      boolean reads = method.equals("GET") || target.contains("dryRun=All");
      boolean renews = method.equals("PATCH") && target.contains("/leases/");
      boolean tells = target.contains("/events") || target.contains("/selfsubjectaccessreviews");
      return !reads && !renews && !tells;
    }
  }

  /** Decides; called for one request at a time. */
  interface Rule {
    Fate of(Request request, int number);
  }

  /** Hears of each answer. */
  interface Answers {
    void answered(Request request, int status);
  }

  private final Process upstream;
  private final int upstreamPort;
  private final ServerSocket listener;
  private final Rule rule;
  private final Answers answers;
  private final AtomicInteger number = new AtomicInteger();

  private FaultyProxy(FullLab lab, Rule rule, Answers answers) throws IOException {
    this.rule = rule;
    this.answers = answers;
    this.upstream =
        new ProcessBuilder(
                lab.bin().resolve("kubectl").toString(),
                "--kubeconfig",
                lab.kubeconfig().toString(),
                "proxy",
                "--port=0")
            .redirectErrorStream(true)
            .start();
    this.upstreamPort = port(upstream.getInputStream());
    this.listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    Thread.ofVirtual().start(this::accept);
  }

  /** Opens one. */
  static FaultyProxy open(FullLab lab, Rule rule) {
    return open(lab, rule, (request, status) -> {});
  }

  /** Opens one that only listens. */
  static FaultyProxy listening(FullLab lab, Answers answers) {
    return open(lab, (request, number) -> PASS, answers);
  }

  private static FaultyProxy open(FullLab lab, Rule rule, Answers answers) {
    try {
      return new FaultyProxy(lab, rule, answers);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int port(InputStream output) throws IOException {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8));
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      Matcher found = SERVES.matcher(line);
      if (found.find()) {
        return Integer.parseInt(found.group(1));
      }
    }
    throw new IOException("kubectl proxy does not say where it serves");
  }

  /** A kubeconfig that leads through here, in a file of its own. */
  Path kubeconfig(String namespace) {
    String text =
        """
        {"apiVersion": "v1", "kind": "Config", "current-context": "c",
         "users": [{"name": "u", "user": {}}],
         "clusters": [{"name": "c", "cluster": {"server": "http://127.0.0.1:%d"}}],
         "contexts": [{"name": "c",
                       "context": {"cluster": "c", "user": "u", "namespace": "%s"}}]}
        """
            .formatted(listener.getLocalPort(), namespace);
    return KubeconfigFile.of(text);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket server = new Socket(InetAddress.getByName("127.0.0.1"), upstreamPort)) {
      client.setTcpNoDelay(true);
      InputStream asked = new BufferedInputStream(client.getInputStream());
      InputStream answered = new BufferedInputStream(server.getInputStream());
      while (exchange(client, server, asked, answered)) {
        // the next request of the connection
      }
    } catch (IOException e) {
      // One of the two has closed; the other one hears of it.
    }
  }

  private boolean exchange(Socket client, Socket server, InputStream asked, InputStream answered)
      throws IOException {
    String head = head(asked);
    if (head.isEmpty()) {
      return false;
    }
    byte[] body = body(head, asked);
    String[] words = head.split(" ", 3);
    Request request = new Request(words[0], words[1]);
    Fate fate;
    synchronized (this) {
      fate = rule.of(request, number.incrementAndGet());
    }
    switch (fate) {
      case Pass pass -> {}
      case Late late -> await(late);
      case Refused refused -> {
        client.getOutputStream().write(refusal(refused));
        return true;
      }
      case Instead instead -> {
        instead.what().run();
        reset(client);
        return false;
      }
      case Unanswered unanswered -> {
        send(server, head, body);
        String reply = head(answered);
        if (!reply.contains(" 101 ")) {
          body(reply, answered);
        }
        unanswered.what().run();
        reset(client);
        return false;
      }
    }
    send(server, head, body);
    return reply(request, client, server, asked, answered);
  }

  private static void await(Late late) {
    try {
      var _ = late.open().await(late.atMostMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean reply(
      Request request, Socket client, Socket server, InputStream asked, InputStream answered)
      throws IOException {
    String reply = head(answered);
    Matcher status = STATUS.matcher(reply);
    if (status.lookingAt()) {
      answers.answered(request, Integer.parseInt(status.group(1)));
    }
    OutputStream out = client.getOutputStream();
    out.write(reply.getBytes(StandardCharsets.ISO_8859_1));
    if (reply.startsWith("HTTP/1.1 101")) {
      Thread other = Thread.ofVirtual().start(() -> pump(asked, server));
      pump(answered, client);
      other.interrupt();
      return false;
    }
    if (value(reply, "transfer-encoding").equals("chunked")) {
      chunks(answered, out);
      return true;
    }
    out.write(body(reply, answered));
    out.flush();
    return !reply.isEmpty();
  }

  private static void pump(InputStream from, Socket to) {
    byte[] buffer = new byte[16384];
    try {
      for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
        to.getOutputStream().write(buffer, 0, n);
        to.getOutputStream().flush();
      }
      to.close();
    } catch (IOException e) {
      try {
        to.close();
      } catch (IOException closing) {
        e.addSuppressed(closing);
      }
    }
  }

  private static void chunks(InputStream from, OutputStream to) throws IOException {
    while (true) {
      String size = line(from);
      if (size.isEmpty()) {
        throw new IOException("the server has closed in the midst of an answer");
      }
      to.write((size + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      int length = Integer.parseInt(size.split(";", 2)[0].strip(), 16);
      to.write(from.readNBytes(length + 2));
      to.flush();
      if (length == 0) {
        return;
      }
    }
  }

  private static void reset(Socket client) throws IOException {
    client.setSoLinger(true, 0);
    client.close();
  }

  private static byte[] refusal(Refused refused) {
    String body =
        """
        {"kind":"Status","apiVersion":"v1","status":"Failure","reason":"%s","code":%d,\
        "message":"a test says so"}\
        """
            .formatted(refused.reason(), refused.status());
    String head =
        "HTTP/1.1 "
            + refused.status()
            + " Refused\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n"
            + (refused.header().isEmpty() ? "" : refused.header() + "\r\n")
            + "\r\n";
    return (head + body).getBytes(StandardCharsets.ISO_8859_1);
  }

  private void send(Socket server, String head, byte[] body) throws IOException {
    // kubectl proxy speaks HTTP/1.1 to hosts that it knows.
    String text =
        head.replaceFirst("(?i)\r\nhost: [^\r]*", "\r\nHost: 127.0.0.1:" + upstreamPort)
            .replaceFirst("(?i)\r\nupgrade: h2c", "")
            .replaceFirst("(?i)\r\nhttp2-settings: [^\r]*", "")
            .replaceFirst("(?i)\r\nconnection: upgrade, http2-settings", "");
    server.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    server.getOutputStream().write(body);
    server.getOutputStream().flush();
  }

  private static String head(InputStream from) throws IOException {
    StringBuilder text = new StringBuilder();
    while (true) {
      String line = line(from);
      if (line.isEmpty()) {
        return text.isEmpty() ? "" : text + "\r\n";
      }
      text.append(line).append("\r\n");
    }
  }

  private static String line(InputStream from) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (int octet = from.read(); octet >= 0 && octet != '\n'; octet = from.read()) {
      if (octet != '\r') {
        text.write(octet);
      }
    }
    return text.toString(StandardCharsets.ISO_8859_1);
  }

  private static byte[] body(String head, InputStream from) throws IOException {
    String length = value(head, "content-length");
    if (!length.isEmpty()) {
      return from.readNBytes(Integer.parseInt(length));
    }
    if (value(head, "transfer-encoding").equals("chunked")) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      chunks(from, all);
      return all.toByteArray();
    }
    return new byte[0];
  }

  private static String value(String head, String name) {
    for (String line : List.of(head.split("\r\n"))) {
      int colon = line.indexOf(':');
      if (colon > 0 && line.substring(0, colon).toLowerCase(Locale.ROOT).equals(name)) {
        return line.substring(colon + 1).strip();
      }
    }
    return "";
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      upstream.destroy();
    }
  }
}
