package rollout.core;

/** The shares of a canary where routes divide the requests. */
final class RouteSteps {
  private RouteSteps() {}

  static Decision attach(Sight sight) {
    throw new UnsupportedOperationException();
  }

  static Decision matchUsers(Sight sight) {
    throw new UnsupportedOperationException();
  }

  static Decision weigh(Sight sight, int percent) {
    throw new UnsupportedOperationException();
  }

  static Decision unweigh(Sight sight) {
    throw new UnsupportedOperationException();
  }

  static Decision detach(Sight sight) {
    throw new UnsupportedOperationException();
  }

  static Decision removeService(Sight sight) {
    throw new UnsupportedOperationException();
  }
}
