package rollout.prometheus;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import rollout.model.MetricAnswer;
import rollout.model.MetricAnswer.Point;
import rollout.model.MetricAnswer.Refused;
import rollout.model.MetricAnswer.Samples;
import rollout.model.MetricAnswer.Series;
import rollout.model.MetricAnswer.Unreachable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads what Prometheus answers to an instant query.
 *
 * @see <a href="https://prometheus.io/docs/prometheus/latest/querying/api/">HTTP API</a>
 */
final class Answers {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final int MESSAGE_LENGTH = 300;

  private Answers() {}

  /** The answer in a reply, whatever it is. */
  static MetricAnswer read(Reply reply) {
    JsonNode json = json(reply.body());
    if (reply.status() == 200) {
      return "success".equals(json.path("status").asString(""))
          ? samples(json)
          : new Unreachable("the answer is not Prometheus' JSON, or not all of it");
    }
    String error = json.path("error").asString("");
    if ((reply.status() == 400 || reply.status() == 422) && !error.isEmpty()) {
      return new Refused(reply.status(), cut(error));
    }
    String why = "HTTP " + reply.status() + ", " + meaning(reply.status());
    return new Unreachable(error.isEmpty() ? why : why + ": " + cut(error));
  }

  private static JsonNode json(String body) {
    try {
      return MAPPER.readTree(body);
    } catch (JacksonException e) {
      return MAPPER.createObjectNode();
    }
  }

  private static String meaning(int status) {
    return switch (status) {
      case 401, 403 -> "not let in; see ROLLOUT_PROMETHEUS_TOKEN and its like";
      case 404 -> "no Prometheus API at this address; a path may be missing in --prometheus";
      case 429 -> "too many requests";
      case 503 -> "not available, or the query took too long";
      default ->
          status >= 300 && status < 400
              ? "a redirect, which is not followed; give the final address"
              : "no answer to the query";
    };
  }

  private static MetricAnswer samples(JsonNode json) {
    JsonNode data = json.path("data");
    JsonNode result = data.path("result");
    String type = data.path("resultType").asString("");
    try {
      return switch (type) {
        case "vector", "matrix" -> new Samples(series(result), warnings(json));
        case "scalar" ->
            new Samples(List.of(new Series(Map.of(), List.of(point(result)))), warnings(json));
        case "string" -> new Refused(200, "the query gives a text, not a number");
        default -> new Unreachable("the answer has no result of a known type");
      };
    } catch (NumberFormatException e) {
      return new Unreachable("the answer has a sample that is no number");
    }
  }

  private static List<Series> series(JsonNode result) {
    List<Series> all = new ArrayList<>();
    for (JsonNode one : result) {
      Map<String, String> labels = new HashMap<>();
      one.path("metric").properties().forEach(e -> labels.put(e.getKey(), e.getValue().asString()));
      List<Point> points = new ArrayList<>();
      // A native histogram has neither of the two, and so no points.
      if (one.has("value")) {
        points.add(point(one.path("value")));
      }
      for (JsonNode value : one.path("values")) {
        points.add(point(value));
      }
      all.add(new Series(labels, points));
    }
    return all;
  }

  private static Point point(JsonNode pair) {
    long millis = Math.round(pair.path(0).asDouble(0) * 1000);
    return new Point(Instant.ofEpochMilli(millis), number(pair.path(1).asString("")));
  }

  private static double number(String text) {
    return switch (text) {
      case "+Inf", "Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  private static List<String> warnings(JsonNode json) {
    List<String> all = new ArrayList<>();
    for (JsonNode warning : json.path("warnings")) {
      String text = warning.asString("");
      // Advice on the query's style (2.48 and later); nothing is missing in the answer.
      if (!text.startsWith("PromQL info")) {
        all.add(cut(text));
      }
    }
    return all;
  }

  private static String cut(String text) {
    return text.length() <= MESSAGE_LENGTH ? text : text.substring(0, MESSAGE_LENGTH) + "…";
  }
}
