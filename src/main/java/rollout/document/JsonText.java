package rollout.document;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The only place that knows which library reads and writes JSON. */
final class JsonText {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
  private static final TypeReference<Map<String, @Nullable Object>> OBJECT =
      new TypeReference<>() {};

  private JsonText() {}

  static Map<String, @Nullable Object> readObject(String json) {
    try {
      @Nullable Map<String, @Nullable Object> object = MAPPER.readValue(json, OBJECT);
      if (object == null) {
        throw new IllegalArgumentException("not a JSON object: null");
      }
      return object;
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not a JSON object: " + e.getOriginalMessage(), e);
    }
  }

  static String write(@Nullable Object value) {
    return MAPPER.writeValueAsString(value);
  }
}
