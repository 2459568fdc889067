package rollout.cli;

/** What every command is given. */
record Parts(Console console, Backend backend) {}
