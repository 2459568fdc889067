package rollout.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rollout.model.UserError;
import rollout.strategy.News;
import rollout.strategy.Subscriber;
import rollout.strategy.Subscriber.Address;
import rollout.strategy.Subscriber.Form;

/** The list {@code notify} of a strategy file. */
class SubscribersTests {
  private static final String HEAD =
      "apiVersion: rollout/v1\nkind: BlueGreen\ntarget: {service: shop}\n";

  @TempDir Path folder;

  private List<Subscriber> read(String lines) throws IOException {
    Path file = Files.writeString(folder.resolve("shop.yaml"), HEAD + lines);
    return StrategyYaml.read(file).subscribers();
  }

  @Test
  void readsEachFormAndWhereItsSecretsAre() throws IOException {
    assertThat(
            read(
                """
                notify:
                  - webhook: "https://events.example:8443/in?team=shop"
                    tokenFile: secrets/token
                    headersFile: /etc/headers
                    on: [started, rolled-back, done]
                  - {slackFile: /etc/slack}
                """))
        .containsExactly(
            new Subscriber(
                Form.CLOUD_EVENT,
                new Address.Url("https://events.example:8443/in?team=shop"),
                Optional.of(folder.resolve("secrets/token").toString()),
                Optional.of("/etc/headers"),
                Set.of(News.STARTED, News.ROLLED_BACK, News.DONE)),
            new Subscriber(
                Form.SLACK,
                new Address.UrlFile("/etc/slack"),
                Optional.empty(),
                Optional.empty(),
                News.USUAL));
  }

  @Test
  void theOtherFormsMayComeFromTheOtherPlace() throws IOException {
    assertThat(read("notify: [{slack: 'http://chat.svc/x'}, {webhookFile: hook}]\n"))
        .extracting(one -> one.form() + " " + one.address().getClass().getSimpleName())
        .containsExactly("SLACK Url", "CLOUD_EVENT UrlFile");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{on: [done]} | shop.yaml:4:10: notify[0] has no address.",
        "{slackFile: a, webhook: 'https://a/'} | notify[0] has webhook and slackFile.  Keep one.",
        "{slackFile: a, on: [roled-back]} | shop.yaml:4:30: notify[0].on[0] must be one of started,"
            + " waiting, passed, shifted, going-back, rolled-back, done, failed, but is"
            + " 'roled-back'.  Did you mean 'rolled-back'?",
        "{slakFile: a, slackFile: b} | unknown key 'slakFile' in notify[0].  Did you mean"
            + " 'slackFile'?",
        "{slackFile: a, token: b} | unknown key 'token' in notify[0].",
        "{slackFile: 5} | notify[0].slackFile must be the name of a file, but is 5.",
        "{slackFile: a, on: []} | notify[0].on is an empty list.",
      })
  void whatIsWrongIsSaidWithItsPlace(String entry, String said) {
    assertThatThrownBy(() -> read("notify: [" + entry + "]\n"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(said);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hooks.example/s3cr3t",
        "ftp://hooks.example/s3cr3t",
        "https://hooks.example/s3cr3t word",
        "https://hooks.example/s3cr3t%zz",
        "https://hooks.example:99999/s3cr3t",
        "https://hooks_example/s3cr3t",
        "https:///s3cr3t",
        "https://me:s3cr3t@hooks.example/",
      })
  void urlThatIsNoneIsNotShown(String url) {
    assertThatThrownBy(() -> read("notify: [{slack: \"" + url + "\"}]\n"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("shop.yaml:4:18: notify[0].slack ")
        .message()
        .doesNotContain("s3cr3t");
  }

  @Test
  void theFilesAreNotReadHere() throws IOException {
    assertThat(read("notify: [{slackFile: nowhere, tokenFile: nowhere}]\n")).hasSize(1);
  }

  @Test
  void nothingOfTheUrlIsInTheWordsOfAStrategy() throws IOException {
    assertThat(read("notify: [{slack: 'https://hooks.example/s3cr3t'}]\n").toString())
        .doesNotContain("s3cr3t");
  }
}
