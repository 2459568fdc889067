package rollout.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import rollout.document.Doc;
import rollout.model.Hashes;

/** Which image behaves how; unknown ones are good. */
final class Images {
  private static final Pattern EXIT = Pattern.compile("\\bexit\\s+(\\d+)");
  private static final Pattern ECHO = Pattern.compile("\\becho ([^;]*)");

  private final Map<String, Behaviour> known = new HashMap<>();
  private final Map<String, Integer> moves = new HashMap<>();
  private final Set<String> missingSecrets = new HashSet<>();

  void register(String image, Behaviour behaviour) {
    known.put(image, behaviour);
  }

  void secretIsMissing(String name) {
    missingSecrets.add(name);
  }

  /** From now on the tag means another image. */
  void tagMoves(String image) {
    moves.merge(image, 1, Integer::sum);
  }

  /** What a tag means now. */
  String digest(String image) {
    return image + "@sha256:" + Hashes.of(image + "#" + moves.getOrDefault(image, 0));
  }

  Behaviour of(String image) {
    return known.getOrDefault(image, Behaviour.good());
  }

  /** How a container behaves: by its image, by its script, and by what it refers to. */
  Behaviour of(Doc container) {
    Behaviour behaviour = of(container.textOrEmpty("image"));
    if (lacksSecret(container)) {
      return behaviour.cannotStart("CreateContainerConfigError");
    }
    List<String> words = new ArrayList<>(container.textList("command"));
    words.addAll(container.textList("args"));
    String script = String.join(" ", words);
    Matcher exit = EXIT.matcher(script);
    if (!exit.find()) {
      return behaviour;
    }
    List<String> lines = new ArrayList<>();
    Matcher echo = ECHO.matcher(script);
    while (echo.find()) {
      lines.add(echo.group(1).strip());
    }
    return behaviour.exits(Integer.parseInt(exit.group(1)), Duration.ofMillis(300)).log(lines);
  }

  private boolean lacksSecret(Doc container) {
    if (missingSecrets.isEmpty()) {
      return false;
    }
    for (Doc from : container.docs("envFrom")) {
      if (missing(from.doc("secretRef"))) {
        return true;
      }
    }
    for (Doc env : container.docs("env")) {
      if (missing(env.doc("valueFrom", "secretKeyRef"))) {
        return true;
      }
    }
    return false;
  }

  private boolean missing(Doc reference) {
    return !reference.isTrue("optional") && missingSecrets.contains(reference.textOrEmpty("name"));
  }
}
