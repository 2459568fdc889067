package rollout.yaml;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import rollout.strategy.News;
import rollout.strategy.Subscriber;
import rollout.strategy.Subscriber.Address;
import rollout.strategy.Subscriber.Form;

/** Reads the list of those who are told. No message shows a URL: it may be a secret as a whole. */
final class Subscribers {
  private static final List<String> SLACK = List.of("slack", "slackFile");
  private final Findings findings;
  private final LinkedFiles files;

  Subscribers(Findings findings, LinkedFiles files) {
    this.findings = findings;
    this.files = files;
  }

  /** The entries that are as they must be; the others are noted. */
  List<Subscriber> read(List<Fields.Item> items) {
    return items.stream()
        .map(item -> entry((Fields) item.value()))
        .flatMap(Optional::stream)
        .toList();
  }

  private Optional<Subscriber> entry(Fields entry) {
    List<String> there = StrategyKeys.ADDRESSES.stream().filter(entry::says).toList();
    if (there.size() != 1) {
      boolean none = there.isEmpty();
      findings.add(
          none ? entry.node() : entry.at(there.get(1)),
          entry.path() + (none ? " has no address." : " has " + String.join(" and ", there) + "."),
          none ? "Add one of " + String.join(", ", StrategyKeys.ADDRESSES) + "." : "Keep one.");
      return Optional.empty();
    }
    String key = there.getFirst();
    Form form = SLACK.contains(key) ? Form.SLACK : Form.CLOUD_EVENT;
    Set<News> on = EnumSet.noneOf(News.class);
    entry.texts("on").forEach(word -> News.of(word).ifPresent(on::add));
    return address(entry, key)
        .map(
            address ->
                new Subscriber(
                    form,
                    address,
                    files.path(entry, "tokenFile"),
                    files.path(entry, "headersFile"),
                    entry.says("on") ? on : News.USUAL));
  }

  private Optional<Address> address(Fields entry, String key) {
    if (key.endsWith("File")) {
      return files.path(entry, key).map(Address.UrlFile::new);
    }
    Optional<String> url = entry.text(key);
    url.flatMap(Address::wrong)
        .ifPresent(
            wrong ->
                findings.add(
                    entry.at(key),
                    entry.path() + "." + key + " " + wrong + ".",
                    "Write 'https://…', or '" + key + "File: PATH' of a file with it."));
    return url.map(Address.Url::new);
  }
}
