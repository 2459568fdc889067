package rollout.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import rollout.document.Doc;
import rollout.model.Hashes;
import rollout.model.ManifestDoc;
import rollout.strategy.Candidate;
import rollout.strategy.JobFile;
import rollout.strategy.Migration;

/**
 * The hooks of Helm and of Argo CD among manifests. The Jobs that would run before an upgrade are
 * the migration: by weight, then by name, one after the other, in one pod; so one Job of ours owns
 * their name, their log and their end, whatever their deletion policy says.
 *
 * @param jobs that migrate, in order
 * @param configs ConfigMaps that exist for them
 */
record Hooks(List<ManifestDoc> jobs, List<ManifestDoc> configs) {
  private static final String HELM = "helm.sh/hook";
  private static final String ARGO = "argocd.argoproj.io/hook";

  /** Ours, for those who have neither. */
  private static final String OWN = "rollout/migration";

  private static final Set<String> HELM_WORDS =
      Set.of(
          "pre-install",
          "post-install",
          "pre-delete",
          "post-delete",
          "pre-upgrade",
          "post-upgrade",
          "pre-rollback",
          "post-rollback",
          "test",
          "test-success",
          "crd-install");

  private static final int NAME_LIMIT = 63;

  /** What two hooks must agree in to run in one pod. */
  private static final List<String> OF_THE_POD =
      List.of(
          "serviceAccountName", "securityContext", "nodeSelector", "tolerations", "hostAliases");

  private static final Comparator<ManifestDoc> ORDER =
      Comparator.<ManifestDoc>comparingLong(one -> weight(one.object()))
          .thenComparing(one -> name(one.object()));

  /** Copies the lists. */
  Hooks {
    jobs = List.copyOf(jobs);
    configs = List.copyOf(configs);
  }

  /** No hooks. */
  static final Hooks NONE = new Hooks(List.of(), List.of());

  /**
   * Sorts the hooks out.
   *
   * @param install whether nothing serves yet: then Helm would install, else upgrade
   */
  static Hooks of(Candidate.Manifests manifests, boolean install, Findings findings) {
    List<ManifestDoc> jobs = new ArrayList<>();
    List<ManifestDoc> configs = new ArrayList<>();
    List<ManifestDoc> expected = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (ManifestDoc document : manifests.documents()) {
      if (!isHook(document)) {
        continue;
      }
      Doc object = document.object();
      String kind = object.textOrEmpty("kind");
      Set<String> events = events(document, findings);
      if (!before(events, install)) {
        others.add(kind + " " + name(object) + " (" + String.join(", ", events) + ")");
      } else if (kind.equals("Job")) {
        once(document, findings);
        jobs.add(document);
      } else if (kind.equals("ConfigMap")) {
        configs.add(document);
      } else if (kind.equals("Pod")) {
        findings.refuse(
            document.place() + ": Pod " + name(object) + " is a hook before the upgrade",
            "Make it a Job: what migrates must have an end that one can ask for.");
      } else {
        expected.add(document);
      }
    }
    jobs.sort(ORDER);
    if (!jobs.isEmpty()) {
      twice(jobs, findings);
    }
    if (!expected.isEmpty()) {
      findings.warn(
          "hooks that must be in the cluster already: "
              + String.join(
                  ", ",
                  expected.stream()
                      .map(one -> one.object().textOrEmpty("kind") + " " + name(one.object()))
                      .toList()));
    }
    if (!others.isEmpty()) {
      findings.warn("hooks that are not run: " + String.join(", ", others));
    }
    return new Hooks(jobs, configs);
  }

  private static void once(ManifestDoc document, Findings findings) {
    for (String count : List.of("parallelism", "completions")) {
      long number = document.object().number(1, "spec", count);
      if (number != 1) {
        findings.refuse(
            document.place()
                + ": the hook "
                + name(document.object())
                + " has "
                + count
                + " "
                + number
                + ", which would migrate several times at once",
            "Leave it out: one pod, once.");
      }
    }
  }

  /** Whether a document is a hook of anybody's, and no plain resource. */
  static boolean isHook(ManifestDoc document) {
    Map<String, String> annotations = document.object().texts("metadata", "annotations");
    return annotations.containsKey(HELM)
        || annotations.containsKey(ARGO)
        || annotations.containsKey(OWN);
  }

  private static Set<String> events(ManifestDoc document, Findings findings) {
    Map<String, String> annotations = document.object().texts("metadata", "annotations");
    Set<String> events = new TreeSet<>();
    for (String word : words(annotations.getOrDefault(HELM, ""))) {
      String event = word.toLowerCase(Locale.ROOT);
      if (!HELM_WORDS.contains(event)) {
        findings.refuse(
            document.place()
                + ": "
                + HELM
                + " '"
                + word
                + "' is no hook of Helm, which would skip the whole document without a word",
            "Known: " + String.join(", ", new TreeSet<>(HELM_WORDS)) + ".");
      }
      events.add(event);
    }
    events.addAll(words(annotations.getOrDefault(ARGO, "")));
    words(annotations.getOrDefault(OWN, "")).forEach(word -> events.add(OWN + ": " + word));
    return events;
  }

  private static List<String> words(String list) {
    return List.of(list.split(",")).stream()
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .toList();
  }

  private static boolean before(Set<String> events, boolean install) {
    return events.contains(install ? "pre-install" : "pre-upgrade")
        || events.contains("PreSync")
        || events.contains(OWN + ": expand");
  }

  /** Whoever deploys the same chart again by its own tool would migrate again. */
  private static void twice(List<ManifestDoc> jobs, Findings findings) {
    boolean helm = jobs.stream().anyMatch(one -> has(one, HELM));
    boolean argo = jobs.stream().anyMatch(one -> has(one, ARGO));
    String names = String.join(", ", jobs.stream().map(one -> name(one.object())).toList());
    if (helm) {
      findings.warn(
          "Helm would run the hook "
              + names
              + " again. Keep it from that: helm upgrade --no-hooks");
    }
    if (argo) {
      findings.warn(
          "Argo CD would run the hook "
              + names
              + " again at its next sync. Keep it from that: "
              + ARGO
              + ": Skip");
    }
  }

  private static boolean has(ManifestDoc document, String annotation) {
    return document.object().texts("metadata", "annotations").containsKey(annotation);
  }

  private static long weight(Doc object) {
    Map<String, String> annotations = object.texts("metadata", "annotations");
    String weight =
        annotations.getOrDefault(
            HELM + "-weight", annotations.getOrDefault("argocd.argoproj.io/sync-wave", "0"));
    try {
      return Long.parseLong(weight.strip());
    } catch (NumberFormatException e) {
      // Helm and Argo CD take it for 0, too.
      return 0;
    }
  }

  private static String name(Doc object) {
    return object.textOrEmpty("metadata", "name");
  }

  /** The migration that was asked for, or the hooks as one; a version has one migration. */
  Optional<Migration> or(Optional<Migration> asked, Findings findings) {
    if (asked.filter(Migration::isOfHooks).isPresent()) {
      if (jobs.isEmpty()) {
        findings.refuse(
            "migration.helmHook: no hook Job of the manifests runs before this release",
            "Render them with the hooks: helm template … --is-upgrade | rollout … -f -");
      }
      return migration(findings).map(job -> asked.get().by(job));
    }
    if (asked.isPresent() && !jobs.isEmpty()) {
      findings.refuse(
          jobs.getFirst().place()
              + ": the hook "
              + name(jobs.getFirst().object())
              + " is a migration, and another one is asked for: "
              + asked.get().job().place(),
          "A version has one migration. Leave one out: helm template --no-hooks, for example.");
    }
    return asked.or(() -> migration(findings).map(Migration::of));
  }

  /** All Jobs as one; empty: there is none. */
  Optional<JobFile> migration(Findings findings) {
    if (jobs.isEmpty()) {
      return Optional.empty();
    }
    ManifestDoc last = jobs.getLast();
    if (jobs.size() == 1) {
      return Optional.of(new JobFile(last.place(), last.object()));
    }
    return Optional.of(new JobFile(last.place(), merged(findings)));
  }

  private Doc merged(Findings findings) {
    Doc last = jobs.getLast().object();
    Doc pod = last.doc("spec", "template", "spec");
    List<Doc> first = new ArrayList<>();
    List<Doc> volumes = new ArrayList<>();
    long deadline = 0;
    boolean bounded = true;
    for (ManifestDoc job : jobs) {
      Doc spec = job.object().doc("spec");
      Doc own = spec.doc("template", "spec");
      differing(own, pod)
          .ifPresent(
              what ->
                  findings.refuse(
                      job.place()
                          + ": the hooks "
                          + name(job.object())
                          + " and "
                          + name(last)
                          + " differ in "
                          + what
                          + ", so they cannot run one after the other in one pod",
                      "Make them alike, or put their steps into one Job."));
      if (own.docs("containers").size() > 1) {
        findings.refuse(
            job.place() + ": the hook " + name(job.object()) + " has several containers at once",
            "Beside other hooks it needs exactly one: they run one after the other in one pod.");
      }
      for (Doc container : own.docs("initContainers")) {
        first.add(named(container, job));
      }
      for (Doc container : own.docs("containers")) {
        first.add(named(container, job));
      }
      own.docs("volumes").stream().filter(one -> !volumes.contains(one)).forEach(volumes::add);
      deadline += spec.number(0, "activeDeadlineSeconds");
      bounded &= spec.has("activeDeadlineSeconds");
    }
    long names = volumes.stream().map(one -> one.textOrEmpty("name")).distinct().count();
    if (names < volumes.size()) {
      findings.refuse(
          jobs.getLast().place() + ": two hooks have different volumes of one name",
          "Give them different names.");
    }
    Doc whole =
        pod.with(first.subList(0, first.size() - 1), "initContainers")
            .with(List.of(first.getLast()), "containers");
    Doc job =
        last.with(
            volumes.isEmpty() ? whole : whole.with(volumes, "volumes"), "spec", "template", "spec");
    return bounded
        ? job.with(deadline, "spec", "activeDeadlineSeconds")
        : job.with(job.doc("spec").without("activeDeadlineSeconds"), "spec");
  }

  private static Optional<String> differing(Doc one, Doc other) {
    return OF_THE_POD.stream()
        .filter(member -> !Objects.equals(one.value(member), other.value(member)))
        .findFirst();
  }

  /** Two Jobs may have containers of one name; one pod may not. */
  private static Doc named(Doc container, ManifestDoc job) {
    String name = container.textOrEmpty("name");
    String own = name(job.object());
    String full = own.endsWith(name) ? own : own + "-" + name;
    return container.with(Hashes.name(full, NAME_LIMIT), "name");
  }
}
