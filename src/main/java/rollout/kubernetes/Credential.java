package rollout.kubernetes;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Says who asks, by a header. A token is got anew when the server says 401, and the request is then
 * sent once more, since a refused one was not performed.
 */
final class Credential implements Interceptor {
  static final String NAME = "CREDENTIAL";

  private final Supplier<Optional<String>> source;
  private volatile String header;

  private Credential(String header, Supplier<Optional<String>> source) {
    this.header = header;
    this.source = source;
  }

  /**
   * A token.
   *
   * @param source where a new one comes from; may be slow, may have none
   */
  static Credential bearer(String token, Supplier<Optional<String>> source) {
    return new Credential("Bearer " + token, () -> source.get().map(fresh -> "Bearer " + fresh));
  }

  /** A name and a password. */
  static Credential basic(String name, String password) {
    byte[] pair = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
    return new Credential("Basic " + Base64.getEncoder().encodeToString(pair), Optional::empty);
  }

  @Override
  public void before(BasicBuilder request, HttpRequest original, RequestTags tags) {
    request.setHeader("Authorization", header);
  }

  @Override
  public CompletableFuture<Boolean> afterFailure(
      BasicBuilder request, HttpResponse<?> response, RequestTags tags) {
    return response.code() == 401
        ? CompletableFuture.supplyAsync(() -> renewed(request))
        : CompletableFuture.completedFuture(false);
  }

  private boolean renewed(BasicBuilder request) {
    Optional<String> fresh = source.get().filter(other -> !other.equals(header));
    fresh.ifPresent(
        other -> {
          header = other;
          request.setHeader("Authorization", other);
        });
    return fresh.isPresent();
  }
}
