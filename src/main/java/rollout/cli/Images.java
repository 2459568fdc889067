package rollout.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import rollout.strategy.Candidate;

/** Reads {@code --image [CONTAINER=]IMAGE}. */
final class Images {
  private static final int MAX_LENGTH = 512;
  private static final String COMPONENT = "[a-z0-9]+(?:[._-]{1,4}[a-z0-9]+)*";
  private static final Pattern REFERENCE =
      Pattern.compile(
          "(?:[A-Za-z0-9][A-Za-z0-9.-]*(?::\\d{1,5})?/)?"
              + (COMPONENT + "(?:/" + COMPONENT + ")*")
              + "(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?"
              + "(?:@[A-Za-z0-9]+:[0-9a-fA-F]{32,128})?");

  private Images() {}

  /** The candidate that these words mean; nothing when there are none. */
  static Optional<Candidate> read(List<String> words, FlagReader reader) {
    Map<String, String> byContainer = new LinkedHashMap<>();
    for (String word : words) {
      // Neither a reference nor a name may hold '=', so the first one parts them.
      int equals = word.indexOf('=');
      String container = equals < 0 ? "" : word.substring(0, equals);
      String image = word.substring(equals + 1);
      String place = "--image " + word;
      if (equals >= 0) {
        reader.label(place, container);
      }
      if (image.length() > MAX_LENGTH || !REFERENCE.matcher(image).matches()) {
        reader.problem(
            place,
            "'" + image + "' is no image reference.",
            "Write for example shop=registry.example/shop:2.0");
      }
      if (byContainer.put(container, image) != null) {
        String whose = container.isEmpty() ? "the only container" : "container " + container;
        reader.problem(place, "a second image for " + whose + ".", "Give one for each container");
      }
    }
    if (byContainer.size() > 1 && byContainer.containsKey("")) {
      reader.problem(
          "--image " + byContainer.get(""),
          "with several images each needs its container.",
          "Write --image CONTAINER=" + byContainer.get(""));
    }
    return byContainer.isEmpty() ? Optional.empty() : Optional.of(new Candidate.Image(byContainer));
  }
}
