package rollout.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rollout.document.Doc;

class SecretsTests {
  @ParameterizedTest
  @CsvSource({
    "http://me:s3cret@prom:9090 is away, http://***@prom:9090 is away",
    "postgres://app@db/shop and https://u:p@x, postgres://***@db/shop and https://***@x",
    "http://me:a\"b@prom, http://***@prom",
  })
  void loginsInUrlsAreStars(String text, String said) {
    assertThat(Secrets.withoutLogins(text)).isEqualTo(said);
    assertThat(Secrets.masked(text)).isEqualTo(said);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ci@host", "http://prom:9090/a@b", "see http://prom by ci@host", ""})
  void everythingElseStays(String text) {
    assertThat(Secrets.withoutLogins(text)).isEqualTo(text);
    assertThat(Secrets.masked(text)).isEqualTo(text);
  }

  @Test
  void jsonStaysJsonAndKeepsItsOtherMembers() {
    Doc event = Doc.of("message", "http://me:a\"b@prom", "url", "http://prom:9090", "by", "ci@x");
    assertThat(Secrets.withoutLoginsInJson(event.json()))
        .isEqualTo(event.with("http://***@prom", "message").json());
  }

  @ParameterizedTest
  @CsvSource({
    "DB_PASSWORD=hunter2 done, DB_PASSWORD=*** done",
    "api-key: abc, api-key: ***",
    "accessToken = abc, accessToken = ***",
    "client_secret:abc, client_secret:***",
  })
  void valuesNamedLikeSecretsAreStarsInLogs(String line, String said) {
    assertThat(Secrets.masked(line)).isEqualTo(said);
  }
}
