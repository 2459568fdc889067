package rollout.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import rollout.model.Durations;
import rollout.model.Match;
import rollout.model.Near;
import rollout.strategy.Canary;
import rollout.strategy.RouteFile;

/**
 * The flags of a canary as values. Empty: not said, so the strategy file or the default counts.
 *
 * @param asked whether a canary is what the command is for
 */
record CanaryFlags(
    boolean asked,
    List<Canary.Stage> stages,
    Optional<String> router,
    List<String> routes,
    Optional<Match> match,
    Optional<Integer> maxEffective,
    Optional<RouteFile> route) {

  private static final Pattern WEIGHT = Pattern.compile("(\\d{1,9})(?:@(.*))?");
  private static final Pattern MATCH = Pattern.compile("(header|cookie):([^=\\s]+)=(.+)");

  /** A release that moves all traffic at once. */
  static final CanaryFlags NONE =
      new CanaryFlags(
          false,
          List.of(),
          Optional.empty(),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  static CanaryFlags read(CanaryOptions words, InputFiles files, FlagReader reader) {
    Duration usual = reader.limit("--step-duration", words.stepDuration).orElse(Canary.STEP);
    return new CanaryFlags(
        true,
        stages(words.steps, usual, reader),
        Optional.ofNullable(words.router).filter(word -> isRouter(word, reader)),
        words.routes.stream().map(name -> reader.routeName("--route-name", name)).toList(),
        match(words.match, reader),
        percent(words.maxEffective, reader),
        files.route(words.route));
  }

  private static List<Canary.Stage> stages(
      @Nullable String text, Duration usual, FlagReader reader) {
    List<Canary.Stage> stages = new ArrayList<>();
    if (text == null) {
      return stages;
    }
    for (String word : text.split(",", -1)) {
      String place = "--steps " + text;
      stage(word.strip(), usual, place, reader)
          .ifPresent(
              stage -> {
                Canary.wrong(stages, stage)
                    .ifPresent(problem -> reader.problem(place, problem.wrong(), problem.right()));
                stages.add(stage);
              });
    }
    if (!stages.isEmpty() && Canary.weights(stages).isEmpty()) {
      reader.problem("--steps " + text, "there is no weight.", "Write for example 5@2m,gate,50");
    }
    return stages;
  }

  private static Optional<Canary.Stage> stage(
      String word, Duration usual, String place, FlagReader reader) {
    if (word.equals("gate")) {
      return Optional.of(new Canary.Gate());
    }
    Matcher weight = WEIGHT.matcher(word);
    if (!weight.matches()) {
      reader.problem(place, "'" + word + "' is no step.", "Write for example 5@2m, or 25, or gate");
      return Optional.empty();
    }
    int percent = Integer.parseInt(weight.group(1));
    @Nullable String time = weight.group(2);
    Optional<Duration> lasts = time == null ? Optional.of(usual) : Durations.parse(time);
    if (lasts.isEmpty() || lasts.get().isZero()) {
      boolean digits = time != null && time.matches("\\d+(\\.\\d+)?") && lasts.isEmpty();
      reader.problem(
          place,
          "'" + word + "': " + (digits ? "a duration needs a unit." : "this is no duration."),
          "Write for example " + percent + "@5m");
    }
    return Optional.of(new Canary.Weight(percent, lasts.orElse(usual), List.of()));
  }

  private static boolean isRouter(String word, FlagReader reader) {
    boolean known = Canary.ROUTERS.contains(word);
    if (!known) {
      reader.problem(
          "--router " + word,
          "no such router.",
          Near.hint(word, Canary.ROUTERS, "Write one of " + String.join(", ", Canary.ROUTERS)));
    }
    return known;
  }

  private static Optional<Match> match(@Nullable String text, FlagReader reader) {
    if (text == null) {
      return Optional.empty();
    }
    Matcher read = MATCH.matcher(text);
    if (!read.matches()) {
      reader.problem(
          "--match " + text,
          "this names no header or cookie.",
          "Write for example" + " header:x-canary=yes");
      return Optional.empty();
    }
    Match.Part part = read.group(1).equals("header") ? Match.Part.HEADER : Match.Part.COOKIE;
    return Optional.of(new Match(part, read.group(2), read.group(3)));
  }

  private static Optional<Integer> percent(@Nullable String text, FlagReader reader) {
    if (text == null) {
      return Optional.empty();
    }
    String digits = text.endsWith("%") ? text.substring(0, text.length() - 1) : text;
    if (digits.matches("[1-9]\\d?|100")) {
      return Optional.of(Integer.parseInt(digits));
    }
    reader.problem(
        "--max-effective-weight " + text, "this is no share.", "Write a number from 1 to 100");
    return Optional.empty();
  }

  /** These flags over the strategy file; empty: all at once. */
  Optional<Canary> over(Optional<Canary> file) {
    if (!asked) {
      return file;
    }
    return Optional.of(
        new Canary(
            stages.isEmpty() ? file.map(Canary::stages).orElse(List.of()) : stages,
            router.or(() -> file.map(Canary::router)).orElse(Canary.AUTO),
            routes.isEmpty() ? file.map(Canary::routes).orElse(List.of()) : routes,
            match.or(() -> file.flatMap(Canary::match)),
            maxEffective.or(() -> file.flatMap(Canary::maxEffective)),
            route.or(() -> file.flatMap(Canary::route))));
  }
}
