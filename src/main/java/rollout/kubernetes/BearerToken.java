package rollout.kubernetes;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Says who asks, by a token that is got anew when the server says 401. The request is then sent
 * once more, since a refused one was not performed.
 */
final class BearerToken implements Interceptor {
  private final Supplier<Optional<String>> source;
  private volatile String token;

  /**
   * A token.
   *
   * @param source where a new one comes from; may be slow, may have none
   */
  BearerToken(String token, Supplier<Optional<String>> source) {
    this.token = token;
    this.source = source;
  }

  @Override
  public void before(BasicBuilder request, HttpRequest original, RequestTags tags) {
    request.setHeader("Authorization", "Bearer " + token);
  }

  @Override
  public CompletableFuture<Boolean> afterFailure(
      BasicBuilder request, HttpResponse<?> response, RequestTags tags) {
    return response.code() == 401
        ? CompletableFuture.supplyAsync(() -> renewed(request))
        : CompletableFuture.completedFuture(false);
  }

  private boolean renewed(BasicBuilder request) {
    Optional<String> fresh = source.get().filter(other -> !other.equals(token));
    fresh.ifPresent(
        other -> {
          token = other;
          request.setHeader("Authorization", "Bearer " + other);
        });
    return fresh.isPresent();
  }
}
