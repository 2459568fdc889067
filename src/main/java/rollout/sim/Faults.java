package rollout.sim;

/** Decides what goes wrong with a call. Asked once for each, in order. */
@FunctionalInterface
public interface Faults {
  /** Nothing ever goes wrong. */
  Faults NONE = call -> new Fault.None();

  /** What goes wrong with this call. */
  Fault on(Call call);

  /** The program is killed before its n-th call is sent. */
  static Faults crashBefore(long number) {
    return call -> call.number() == number ? new Fault.CrashBefore() : new Fault.None();
  }

  /** The program is killed after its n-th call has been done. */
  static Faults crashAfter(long number) {
    return call -> call.number() == number ? new Fault.CrashAfter() : new Fault.None();
  }
}
