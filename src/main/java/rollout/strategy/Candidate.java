package rollout.strategy;

import java.util.List;
import java.util.Map;
import rollout.model.ManifestDoc;

/** Where the candidate comes from. */
public sealed interface Candidate {
  /**
   * The stable Deployment's template with other images.
   *
   * @param byContainer image by container name; the empty name means the only container
   */
  record Image(Map<String, String> byContainer) implements Candidate {
    /** Copies the map. */
    public Image {
      byContainer = Map.copyOf(byContainer);
    }
  }

  /** Manifests of which exactly one Deployment is the stable one's new self. */
  record Manifests(List<ManifestDoc> documents) implements Candidate {
    /** Copies the list. */
    public Manifests {
      documents = List.copyOf(documents);
    }
  }

  /** A Deployment that exists. */
  record Existing(String deployment) implements Candidate {}

  /** The template of an earlier revision: the way back when nothing runs. */
  record Revision(int number) implements Candidate {}
}
