package planted;

/** Does what only an entry point may. */
public final class Main {
  private Main() {}

  /** Ends. */
  public static void main(String[] args) {
    System.out.println("an entry point may say this");
    System.exit(0);
  }
}
