package rollout.prometheus;

/**
 * What came back over the wire, whole.
 *
 * @param status of HTTP
 * @param body text, at most the body limit
 */
record Reply(int status, String body) {}
