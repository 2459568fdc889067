package rollout.yaml;

import java.util.List;
import rollout.strategy.Canary;
import rollout.strategy.News;
import rollout.strategy.Preset;
import rollout.strategy.Strategy;
import rollout.yaml.Shape.Block;
import rollout.yaml.Shape.Images;
import rollout.yaml.Shape.Key;
import rollout.yaml.Shape.Limit;
import rollout.yaml.Shape.Many;
import rollout.yaml.Shape.Span;
import rollout.yaml.Shape.Text;
import rollout.yaml.Shape.Whole;
import rollout.yaml.Shape.Word;
import rollout.yaml.Shape.YesNo;

/** Every key of a strategy file {@code rollout/v1}: the one table of them. */
final class StrategyKeys {
  static final String API_VERSION = "rollout/v1";
  static final String KIND = "BlueGreen";
  static final String CANARY_KIND = "Canary";

  private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
  private static final Text SERVICE =
      new Text("the name of a Service", "[a-z]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final Text NAMESPACE = new Text("the name of a namespace", LABEL);
  private static final Text DEPLOYMENT =
      new Text("the name of a Deployment", "[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");
  private static final Text FILE = new Text("the name of a file", "[^\\u0000-\\u001F]*\\S");
  private static final Text ANY = new Text("text", "[\\s\\S]*\\S[\\s\\S]*");
  static final Text CHECK_NAME =
      new Text("letters, digits, '-', '_' and '.', 63 at most", "[A-Za-z0-9][A-Za-z0-9_.-]{0,62}");
  private static final Images IMAGES =
      new Images(
          new Text("the name of a container", LABEL), new Text("an image reference", "\\S+"));
  private static final Word ON_MISSING = new Word(List.of("hold", "rollback", "pass"));

  private static final Block TARGET =
      block(
          must("service", SERVICE, "Name of the Service whose traffic moves.", "shop"),
          may("namespace", NAMESPACE, "Its namespace; else that of the context.", "shop"));

  private static final Block CANDIDATE =
      new Block(
          List.of(
              may(
                  "image",
                  IMAGES,
                  "Container and image: the stable Deployment with other images.",
                  "{shop: \"registry.example/shop:2.0\"}"),
              may("deployment", DEPLOYMENT, "A Deployment that exists already.", "shop-green"),
              may(
                  "files",
                  new Many(FILE, 1),
                  "Manifests, of which exactly one Deployment is the stable one's new self."
                      + " Relative to this file.",
                  "[deploy.yaml]")),
          true);

  private static final Block JOB =
      block(must("file", FILE, "A Job manifest. Relative to this file.", "migrate.yaml"));

  private static final Whole NUMBER = new Whole(1, 999_999_999_999_999_999L);

  private static final Many COMMAND = new Many(ANY, 1);

  private static final Block COMPATIBILITY =
      block(
          may(
              "freshPod",
              new YesNo(),
              "One new pod of the stable version must start on the new schema; true.",
              "true"),
          may(
              "command",
              COMMAND,
              "A test of its own that the stable image has.",
              "[\"/app/selftest\"]"),
          may(
              "watchStable",
              new Span(true),
              "How long stable's errors, p99 and restarts are watched before any shift; 1m.",
              "60s"),
          may(
              "onStableBroken",
              new Word(List.of("hold", "undo", "forward")),
              "What follows when stable cannot live with the new schema; hold.",
              "hold"));

  private static final Block ENV =
      block(
          must(
              "secret",
              new Text("the name of a Secret", "[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?"),
              "Its keys are the variables; the program never reads it.",
              "shop-db-ddl"));

  private static final Block LINT =
      block(
          must(
              "files",
              new Many(FILE, 1),
              "Patterns, relative to this file.",
              "[\"db/migration/*.sql\"]"));

  private static final Block UNDO =
      block(
          must(
              "command",
              COMMAND,
              "Takes the migration back, in its container.",
              "[\"flyway\", \"undo\"]"));

  static final Block CONTRACT =
      block(
          must(
              "command",
              COMMAND,
              "Takes away what only older versions used, in the migration's container.",
              "[\"flyway\", \"-locations=filesystem:/contract\", \"migrate\"]"),
          may(
              "files",
              new Many(FILE, 1),
              "Its files, which say '-- rollout: contract floor=42'.",
              "[\"db/contract/*.sql\"]"),
          may(
              "floor",
              NUMBER,
              "Versions built with an older migration cannot run afterwards.",
              "42"));

  private static final Text ELSEWHERE =
      new Text(
          "NAME or NAMESPACE/NAME",
          "([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?/)?[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");

  /** What a Job of the user's says itself. */
  static final List<String> PRESET_ONLY = List.of("image", "env", "command", "deadline");

  static final Block MIGRATION =
      block(
          may("job", JOB, "The Job that migrates the database.", "{file: migrate.yaml}"),
          may(
              "preset",
              new Word(Preset.words()),
              "Or a tool that the program knows; its Job is made for you.",
              "flyway"),
          may(
              "helmHook",
              new YesNo(),
              "Or the hooks of the candidate's manifests, of Helm or Argo CD.",
              "true"),
          may(
              "image",
              new Text("'candidate', or an image reference", "\\S+"),
              "With a preset: the candidate's image, or another.",
              "candidate"),
          may("env", ENV, "With a preset: the container's environment.", "{secret: shop-db-ddl}"),
          may(
              "command",
              COMMAND,
              "With a preset: instead of its own.",
              "[\"flyway\", \"migrate\"]"),
          may("deadline", new Span(false), "With a preset: how long it may run; 1h.", "10m"),
          may(
              "compatibility",
              COMPATIBILITY,
              "How stable proves itself on the new schema.",
              "{watchStable: 60s}"),
          may(
              "schema",
              NUMBER,
              "The newest migration in it, for a candidate given as an image; manifests say it with"
                  + " rollout/schema.",
              "43"),
          may(
              "floor",
              NUMBER,
              "A contract: versions built with an older migration cannot run afterwards.",
              "42"),
          may(
              "contract",
              CONTRACT,
              "Run by 'rollout migration contract', when nothing needs the old schema any more.",
              "{command: [\"migrate\"], floor: 42}"),
          may(
              "database",
              ELSEWHERE,
              "Its name, for all who migrate it: one of them at a time.",
              "orders"),
          may(
              "sharedBy",
              new Many(ELSEWHERE, 0),
              "Workloads of others on it, which a contract asks first.",
              "[shop-worker, billing/reports]"),
          may(
              "lint",
              LINT,
              "The migration files; what they say of themselves counts: '-- rollout: contract"
                  + " floor=42'.",
              "{files: [\"db/migration/*.sql\"]}"),
          may(
              "undo",
              UNDO,
              "Only used before the candidate has had traffic.",
              "{command: [\"flyway\", \"undo\"]}"));

  private static final Block PROMETHEUS =
      block(
          must(
              "url",
              ANY,
              "http://…, https://…, or svc:NAMESPACE/NAME:PORT through the API server's proxy.",
              "\"http://prometheus.monitoring:9090\""),
          may("timeout", new Span(false), "Of one query; 5s.", "5s"));

  static final Block CHECK =
      block(
          must("name", CHECK_NAME, "Unique among the checks.", "errors"),
          may("template", new Word(CheckTemplate.words()), "A built-in check.", "http-error-rate"),
          may("query", ANY, "PromQL with one number as its answer.", "\"sum(up)\""),
          may("max", new Limit(), "A good candidate stays below it.", "1%"),
          may(
              "minRequests",
              new Whole(1, 1_000_000_000),
              "Undecided with fewer requests in the window; 50.",
              "50"),
          may("every", new Span(false), "How often it is asked; 5s.", "5s"),
          may("consecutive", new Whole(1, 1000), "How many fails in a row go back; 2.", "2"),
          may(
              "onFail",
              new Word(List.of("rollback", "hold")),
              "Traffic back, or wait for a person; rollback.",
              "hold"));

  private static final List<Key> AROUND =
      List.of(
          may(
              "preview",
              SERVICE,
              "A Service that points at the candidate before it has production traffic.",
              "shop-preview"),
          may("smoke", JOB, "A Job that runs against the preview.", "{file: smoke.yaml}"),
          may("hold", new YesNo(), "Wait for a person before any traffic; false.", "true"),
          may(
              "bake",
              new Span(true),
              "How long the checks go on when the candidate has all traffic; 5m.",
              "5m"),
          may(
              "promotion",
              new Word(List.of("copy", "swap")),
              "Whether the stable Deployment takes the new template (copy, for images and files) or"
                  + " the Service stays on the candidate (swap, for a Deployment).",
              "copy"));

  private static final Block BLUE_GREEN = new Block(AROUND, false);

  private static final Block STEP =
      block(
          may("weight", new Whole(0, 100), "Percent of the requests for the candidate.", "25"),
          may("for", new Span(false), "How long the checks watch it; 2m.", "5m"),
          may(
              "checks",
              new Many(CHECK_NAME, 1),
              "Names of the checks that judge it; all.",
              "[errors]"),
          may("gate", new Word(List.of("manual")), "Wait for 'rollout promote'.", "manual"));

  private static final Text HEADER =
      new Text("the name of a header or cookie", "[A-Za-z0-9!#$&'*+.^_`|~-]{1,256}");

  private static final Text ROUTE_NAME =
      new Text("NAME, NAMESPACE/NAME, or that with KIND/ before it", Canary.ROUTE_NAME);

  private static final Block ROUTE =
      block(must("file", FILE, "The manifest of a route. Relative to this file.", "route.yaml"));

  private static final Block MATCH =
      block(
          may("header", HEADER, "Requests with this header.", "x-canary"),
          may("cookie", HEADER, "Requests with this cookie.", "canary"),
          must("value", ANY, "Its value, exactly.", "\"yes\""));

  private static final Block CANARY =
      new Block(
          java.util.stream.Stream.concat(
                  java.util.stream.Stream.of(
                      must(
                          "steps",
                          new Many(STEP, 1),
                          "Share by share; all of the traffic follows the last.",
                          "[{weight: 5, for: 2m}, {gate: manual}, {weight: 50, for: 5m}]"),
                      may(
                          "router",
                          new Word(Canary.ROUTERS),
                          "What divides the requests; auto finds it, replicas needs none.",
                          "auto"),
                      may(
                          "routes",
                          new Many(ROUTE_NAME, 1),
                          "Names of the route objects, where several could be meant or they are of"
                              + " other namespaces.",
                          "[shop]"),
                      may(
                          "route",
                          ROUTE,
                          "A route object that is made where there is none of its name, and stays.",
                          "{file: route.yaml}"),
                      may(
                          "match",
                          MATCH,
                          "Requests that go to the candidate ahead of the weights.",
                          "{header: x-canary, value: \"yes\"}"),
                      may(
                          "maxEffectiveWeight",
                          new Whole(1, 100),
                          "By replicas: the most that a step may really send, in percent.",
                          "25")),
                  AROUND.stream())
              .toList(),
          false);

  private static final Block LIMITS =
      block(
          may("timeout", new Span(false), "Until the candidate is ready; 10m.", "10m"),
          may("gateTimeout", new Span(false), "A gate that waits for a person; 24h.", "24h"),
          may("settleTimeout", new Span(false), "The settling; 10m.", "10m"),
          may("deadline", new Span(false), "The whole release; none.", "2h"),
          may("noDataTimeout", new Span(false), "A check without data; 10m.", "10m"),
          may("keepFailed", new Span(true), "How long a failed candidate stays; 0s.", "1h"));

  /** Of which exactly one must be there. */
  static final List<String> ADDRESSES = List.of("webhook", "webhookFile", "slack", "slackFile");

  static final Block SUBSCRIBER =
      block(
          may("webhook", ANY, "A URL that takes CloudEvents 1.0.", "\"https://ci.example/events\""),
          may("webhookFile", FILE, "Or a file with that URL.", "/etc/rollout/webhook"),
          may(
              "slack",
              ANY,
              "Or the URL of an incoming webhook of Slack, or of what imitates it. It is a secret:"
                  + " rather give a file.",
              "\"https://chat.example/hooks/releases\""),
          may("slackFile", FILE, "Or a file with that URL.", "/etc/rollout/slack"),
          may(
              "tokenFile",
              FILE,
              "A file whose text is sent as 'Authorization: Bearer'.",
              "/etc/rollout/token"),
          may(
              "headersFile",
              FILE,
              "A file of headers to send, one 'Name: value' a line.",
              "/etc/rollout/headers"),
          may(
              "on",
              new Many(new Word(News.words()), 1),
              "What is told; started, waiting, rolled-back, done, failed.",
              "[waiting, rolled-back]"));

  /** The file. */
  static final Block ROOT =
      block(
          must("apiVersion", new Word(List.of(API_VERSION)), "The format.", API_VERSION),
          must("kind", new Word(List.of(KIND, CANARY_KIND)), "The strategy.", KIND),
          must("target", TARGET, "Whose traffic moves.", "{service: shop}"),
          may("candidate", CANDIDATE, "What shall serve.", "{deployment: shop-green}"),
          may("from", DEPLOYMENT, "The stable one, if the Service doesn't tell.", "shop-blue"),
          may("also", new Many(SERVICE, 0), "Other Services that move with it.", "[shop-internal]"),
          may(
              "ignore",
              new Many(SERVICE, 0),
              "Services on the same pods that are left alone.",
              "[shop-debug]"),
          may("migration", MIGRATION, "Runs to its end first.", "{job: {file: migrate.yaml}}"),
          may(
              "prometheus",
              PROMETHEUS,
              "Where the checks' numbers come from.",
              "{url: \"http://prometheus.monitoring:9090\"}"),
          may(
              "metrics",
              new Word(Strategy.METRIC_NAMES),
              "Whose metric names the templates use; auto.",
              "auto"),
          may(
              "checks",
              new Many(CHECK, 0),
              "What a good candidate meets.",
              "[{name: errors, template: http-error-rate, max: 1%}]"),
          may("blueGreen", BLUE_GREEN, "How the switch is made.", "{bake: 5m}"),
          may(
              "canary",
              CANARY,
              "How the traffic moves step by step.",
              "{steps: [{weight: 5, for: 2m}, {weight: 50, for: 5m}]}"),
          may("limits", LIMITS, "How long things may take; past it, back.", "{timeout: 10m}"),
          may("onNoData", ON_MISSING, "What a check without data leads to; hold.", "hold"),
          may("onUndecided", ON_MISSING, "What too few requests lead to; hold.", "hold"),
          may(
              "notify",
              new Many(SUBSCRIBER, 0),
              "Who is told of it, by the process that has this file.",
              "[{slackFile: /etc/rollout/slack, on: [rolled-back]}]"));

  private StrategyKeys() {}

  private static Block block(Key... keys) {
    return new Block(List.of(keys), false);
  }

  private static Key must(String name, Shape shape, String meaning, String example) {
    return new Key(name, shape, true, meaning, name + ": " + example);
  }

  private static Key may(String name, Shape shape, String meaning, String example) {
    return new Key(name, shape, false, meaning, name + ": " + example);
  }
}
