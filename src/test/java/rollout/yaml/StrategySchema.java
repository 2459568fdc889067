package rollout.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rollout.yaml.Shape.Block;
import rollout.yaml.Shape.Key;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Makes the published JSON Schema from the table of keys that the reader uses. */
final class StrategySchema {
  private static final String DURATION = "([0-9]{1,9}(ms|s|m|h|d))+";
  private static final String NOT_ZERO = "(?!(0+(ms|s|m|h|d))+$)";
  private static final String PERCENT = "[0-9]{1,9}(\\.[0-9]{1,9})? ?%";
  private static final String SHARE =
      "(?!0+(\\.0+)? ?%)(0*[0-9]{1,2}(\\.[0-9]{1,9})?|0*100(\\.0{1,9})?) ?%";

  private StrategySchema() {}

  /** The schema as it is published. */
  static String text() {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "Strategy file rollout/v1");
    schema.put("description", "A blue/green release. Made from the program's own table of keys.");
    schema.putAll(shape(StrategyKeys.ROOT));
    return JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build()
            .writeValueAsString(schema)
            .replace("\r\n", "\n")
        + "\n";
  }

  private static Map<String, Object> shape(Shape shape) {
    return switch (shape) {
      case Shape.Text text -> pattern(text.pattern());
      case Shape.Word word -> of("enum", word.words());
      case Shape.Whole whole ->
          of("type", "integer", "minimum", whole.least(), "maximum", whole.most());
      case Shape.YesNo _ -> of("type", "boolean");
      case Shape.Span span -> pattern((span.zero() ? "" : NOT_ZERO) + DURATION);
      case Shape.Limit _ -> limit(Bound.Rule.ANY);
      case Shape.Images images ->
          of(
              "type",
              "object",
              "minProperties",
              1,
              "propertyNames",
              pattern(images.container().pattern()),
              "additionalProperties",
              pattern(images.image().pattern()));
      case Shape.Many many ->
          of("type", "array", "minItems", many.least(), "items", shape(many.item()));
      case Block block -> block(block);
    };
  }

  private static Map<String, Object> limit(Bound.Rule rule) {
    return switch (rule) {
      case PERCENT -> pattern(SHARE);
      case LATENCY -> pattern(NOT_ZERO + DURATION);
      case ANY -> of("anyOf", List.of(of("type", "number"), pattern(PERCENT + "|" + DURATION)));
      case NONE -> throw new IllegalArgumentException("nothing to bound");
    };
  }

  private static Map<String, Object> block(Block block) {
    Map<String, Object> properties = new LinkedHashMap<>();
    for (Key key : block.keys()) {
      Map<String, Object> property = new LinkedHashMap<>();
      property.put("description", key.meaning());
      property.putAll(shape(key.shape()));
      properties.put(key.name(), property);
    }
    Map<String, Object> schema =
        of("type", "object", "additionalProperties", false, "properties", properties);
    List<String> required = block.keys().stream().filter(Key::required).map(Key::name).toList();
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    if (block.alternatives()) {
      schema.put("oneOf", block.names().stream().map(StrategySchema::required).toList());
    }
    if (block.equals(StrategyKeys.CHECK)) {
      schema.put("oneOf", checkForms());
    }
    if (block.equals(StrategyKeys.MIGRATION)) {
      schema.put("oneOf", migrationForms());
    }
    if (block.equals(StrategyKeys.SUBSCRIBER)) {
      schema.put("oneOf", StrategyKeys.ADDRESSES.stream().map(StrategySchema::required).toList());
    }
    if (block.equals(StrategyKeys.CONTRACT)) {
      schema.put(
          "anyOf", List.of(of("required", List.of("files")), of("required", List.of("floor"))));
    }
    return schema;
  }

  private static Map<String, Object> required(String key) {
    return of("required", List.of(key));
  }

  /** A Job of the user's, or a preset with its image. */
  private static List<Object> migrationForms() {
    Map<String, Object> plain = of("preset", false);
    StrategyKeys.PRESET_ONLY.forEach(key -> plain.put(key, false));
    Map<String, Object> hooks = of("preset", false, "job", false);
    StrategyKeys.PRESET_ONLY.forEach(key -> hooks.put(key, false));
    plain.put("helmHook", false);
    return List.of(
        of("required", List.of("job"), "properties", plain),
        of("required", List.of("helmHook"), "properties", hooks),
        of(
            "required",
            List.of("preset", "image"),
            "properties",
            of("job", false, "helmHook", false)));
  }

  private static List<Object> checkForms() {
    List<Object> forms = new ArrayList<>();
    for (CheckTemplate template : CheckTemplate.values()) {
      Map<String, Object> properties = of("template", of("const", template.word()), "query", false);
      boolean bounded = template.rule() != Bound.Rule.NONE;
      if (bounded) {
        properties.put("max", limit(template.rule()));
      }
      template.without().forEach(key -> properties.put(key, false));
      List<String> required = bounded ? List.of("template", "max") : List.of("template");
      forms.add(of("properties", properties, "required", required));
    }
    Map<String, Object> properties = of("template", false);
    CheckTemplate.NOT_WITH_QUERY.forEach(key -> properties.put(key, false));
    forms.add(of("properties", properties, "required", List.of("query", "max")));
    return forms;
  }

  private static Map<String, Object> pattern(String pattern) {
    return of("type", "string", "pattern", "^(" + pattern + ")$");
  }

  private static Map<String, Object> of(Object... namesAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return map;
  }
}
