package rollout.run;

import java.util.Optional;

/**
 * For what rights are asked.
 *
 * @param service the target; empty: whatever is in the namespace
 * @param calling only to start releases as Jobs, and to follow them
 * @param router to divide requests with, by its word or as pods; empty: whichever has objects there
 * @param prometheus namespace of one that is asked through the API server; empty: none is
 */
public record RightsQuestion(
    Optional<String> service,
    boolean calling,
    Optional<String> router,
    Optional<String> prometheus) {}
