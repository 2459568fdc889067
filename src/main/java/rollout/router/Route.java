package rollout.router;

import java.util.List;
import java.util.Optional;
import rollout.model.Kind;
import rollout.model.Ref;

/**
 * An object that divides requests, as a release steers it; fixed before the first write.
 *
 * @param router its {@link Router#word}
 * @param elsewhere whether it is of another namespace than its Service
 * @param uid empty where the release makes the object itself
 * @param stable name of the Service in it
 * @param candidate name of the candidate's own Service
 * @param places where it names the Service, in the order of the object
 */
public record Route(
    String router,
    Kind kind,
    String namespace,
    boolean elsewhere,
    String name,
    String uid,
    String stable,
    String candidate,
    List<Place> places) {

  /** Copies the list. */
  public Route {
    places = List.copyOf(places);
  }

  /**
   * One list of backends.
   *
   * @param says for people: {@code rule 0}
   * @param before stable's number before the release; empty: it had none
   * @param total the sum of our two numbers during the release
   */
  public record Place(String says, Optional<Integer> before, int total) {}

  /** The object. */
  public Ref ref() {
    return new Ref(kind, namespace, name);
  }

  /** With the name of the candidate's Service. */
  public Route to(String candidateService) {
    return new Route(
        router, kind, namespace, elsewhere, name, uid, stable, candidateService, places);
  }

  /** Those of the percents that a place with a third Service has too small a total for. */
  public List<Integer> cannotExpress(List<Integer> percents) {
    return percents.stream()
        .filter(percent -> !places.stream().allMatch(place -> Shares.fits(place.total(), percent)))
        .toList();
  }

  /** As people name it: {@code HTTPRoute shop}, with its namespace where that is another one. */
  @Override
  public String toString() {
    return kind + " " + (elsewhere ? namespace + "/" : "") + name;
  }
}
