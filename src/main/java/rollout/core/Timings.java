package rollout.core;

import java.time.Duration;

/** How long the core waits where no user says so. Each has its reason here. */
final class Timings {
  /**
   * Between two looks that make an end observed: longer than one write of a slice takes to follow
   * another.
   */
  static final Duration SECOND_LOOK = Duration.ofMillis(500);

  /**
   * How long a look may wait for nothing in particular; everything that matters wakes it earlier.
   */
  static final Duration IDLE = Duration.ofSeconds(30);

  /**
   * Until a written selector must show in the slices; the endpoint controller needs well under a
   * second.
   */
  static final Duration OBSERVE = Duration.ofSeconds(60);

  /**
   * Each node's kube-proxy follows the slices within this time; only then pods that lost their
   * traffic may end.
   */
  static final Duration PROXIES = Duration.ofSeconds(2);

  /** On top of the proxies and the longest request, when a version is drained. */
  static final Duration DRAIN_MARGIN = Duration.ofSeconds(5);

  /** How long metrics may take to tell of what was just written: two usual scrapes. */
  static final Duration TELL = Duration.ofSeconds(35);

  /** On top of what a router takes, until the requests must show its weights. */
  static final Duration FOLLOW = Duration.ofSeconds(90);

  /** On top of the grace period, until pods that were told to end must be gone. */
  static final Duration GONE = Duration.ofSeconds(60);

  /**
   * After a Job has failed, until its pod says with which exit code: two watches, one of them late.
   */
  static final Duration LAST_WORD = Duration.ofSeconds(2);

  /** A container that cannot be made because of its own spec: waiting longer changes nothing. */
  static final Duration STUCK_SPEC = Duration.ofSeconds(10);

  /** No pod of a Job could be made: quota, policy, missing service account. */
  static final Duration STUCK_NO_POD = Duration.ofSeconds(30);

  /** A fresh pod of stable that stays ready so long on a new schema can start on it. */
  static final Duration FRESH_READY = Duration.ofSeconds(30);

  /** An image that cannot be pulled: a registry may hiccup for a while. */
  static final Duration STUCK_IMAGE = Duration.ofSeconds(60);

  /** A volume that cannot be mounted: what it needs may still be on its way. */
  static final Duration STUCK_MOUNT = Duration.ofMinutes(2);

  /** A pod that no node takes: an autoscaler may still bring one. */
  static final Duration STUCK_UNSCHEDULABLE = Duration.ofMinutes(2);

  /**
   * After SIGTERM, for what comes behind the traffic: supervisors kill after 10 s and more, and the
   * last write and the Lease need a moment.
   */
  static final Duration TERMINATED = Duration.ofSeconds(8);

  /**
   * How often a foreign change of the same field is answered in one step, before it is left to a
   * person.
   */
  static final int REWRITES = 5;

  /**
   * Between two answers to what somebody changes all the time, and must not keep a release from
   * what it is about.
   */
  static final Duration APART = Duration.ofSeconds(10);

  private Timings() {}
}
