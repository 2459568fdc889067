package rollout.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.document.Doc;
import rollout.model.Deployment;
import rollout.model.Job;
import rollout.model.Kind;
import rollout.model.Marks;
import rollout.model.Ref;
import rollout.model.Service;
import rollout.plan.JobRole;
import rollout.plan.Release;
import rollout.router.Route;

/** Row 1b: all that carries a spec is made, inert, before anything that serves is touched. */
final class Making {
  private Making() {}

  /** Row 1b: create, inert, all that carries a spec, then remember the uids. */
  static Decision create(Sight sight) {
    List<Made> wanted = Made.of(sight);
    for (Made one : wanted) {
      if (sight.state().uids().containsKey(one.key())) {
        continue;
      }
      if (one.live().isPresent()) {
        return adopt(sight, one, one.live().get());
      }
      return one.material()
          .<Decision>map(
              body -> new Act(new Action.Make(one.kind(), body, one.says()), "made inert"))
          .orElseGet(
              () ->
                  Turning.back(
                      sight,
                      Cause.REFUSED,
                      one.kind()
                          + " "
                          + one.name()
                          + " was never made, and its manifest is gone with the"
                          + " process that had it"));
    }
    return Ends.done(sight, "all is made, inert");
  }

  /** The candidate's own Service, or an object of the router's. */
  static Kind kindOf(Release release, Doc beside) {
    return release.routes().stream()
        .map(Route::kind)
        .filter(one -> one.kind().equals(beside.textOrEmpty("kind")))
        .findFirst()
        .orElse(Kind.SERVICE);
  }

  private static Decision adopt(Sight sight, Made one, Doc live) {
    // A lost answer leaves our own object behind; its hash tells it from somebody else's of the
    // same name.
    String hash = live.texts("metadata", "annotations").getOrDefault(Marks.SPEC_HASH, "");
    boolean ours =
        one.material()
            .map(body -> body.texts("metadata", "annotations").getOrDefault(Marks.SPEC_HASH, ""))
            .map(hash::equals)
            .orElse(one.specHash().map(hash::equals).orElse(!hash.isEmpty()));
    if (!ours) {
      return Turning.back(
          sight,
          Cause.REFUSED,
          one.kind() + " " + one.name() + " exists already and is not of this release");
    }
    return new Advance(
        sight.state().made(one.key(), live.textOrEmpty("metadata", "uid")),
        "made: " + one.kind() + " " + one.name());
  }

  /** An object that the release makes before anything else. */
  private record Made(
      Kind kind,
      String name,
      Optional<Doc> live,
      Optional<Doc> material,
      Optional<String> specHash,
      String says) {
    String key() {
      return kind.kind() + "/" + name;
    }

    /** It goes with the Job that it is for, which is made before it. */
    private static Doc owned(Doc body, Sight sight) {
      String job = sight.release().migration().map(Release.JobName::name).orElse("");
      Doc owner =
          Doc.of(
              "apiVersion",
              Kind.JOB.apiVersion(),
              "kind",
              Kind.JOB.kind(),
              "name",
              job,
              "uid",
              sight.state().uids().getOrDefault(Kind.JOB.kind() + "/" + job, ""));
      return body.with(List.of(owner), "metadata", "ownerReferences");
    }

    /** The candidate's own Service, and what a router needs of its own. */
    private static Made beside(Doc body, Sight sight) {
      String name = body.textOrEmpty("metadata", "name");
      Kind kind = kindOf(sight.release(), body);
      Optional<Doc> live =
          kind.equals(Kind.SERVICE)
              ? Optional.ofNullable(sight.seen().services().get(name)).map(Service::doc)
              : Optional.ofNullable(
                  sight.seen().routes().get(new Ref(kind, sight.release().namespace(), name)));
      return new Made(
          kind, name, live, Optional.of(body), Optional.empty(), "for the candidate, weight 0");
    }

    static List<Made> of(Sight sight) {
      Release release = sight.release();
      List<Made> all = new ArrayList<>();
      for (JobRole role : JobRole.values()) {
        release
            .job(role)
            .ifPresent(
                job ->
                    all.add(
                        new Made(
                            Kind.JOB,
                            job.name(),
                            Optional.ofNullable(sight.seen().jobs().get(job.name())).map(Job::doc),
                            Optional.ofNullable(sight.seen().materials().jobs().get(role)),
                            Optional.of(job.specHash()),
                            "suspended")));
      }
      for (String name : release.database().helpers()) {
        all.add(
            new Made(
                Kind.CONFIG_MAP,
                name,
                Optional.ofNullable(sight.seen().configs().get(name)),
                Optional.ofNullable(sight.seen().materials().helpers().get(name))
                    .map(body -> owned(body, sight)),
                Optional.empty(),
                "for the migration"));
      }
      release
          .freshCopy()
          .ifPresent(
              name ->
                  all.add(
                      new Made(
                          Kind.DEPLOYMENT,
                          name,
                          sight.seen().freshCopy().map(Deployment::doc),
                          sight.seen().materials().freshCopy(),
                          Optional.empty(),
                          "no pods yet")));
      for (Doc beside : sight.seen().materials().beside()) {
        all.add(beside(beside, sight));
      }
      if (release.candidate().uid().isEmpty()) {
        String name = release.candidate().name();
        all.add(
            new Made(
                Kind.DEPLOYMENT,
                name,
                sight.seen().candidate().map(Deployment::doc),
                sight.seen().materials().deployment(),
                Optional.empty(),
                "no pods yet"));
      }
      return all;
    }
  }
}
