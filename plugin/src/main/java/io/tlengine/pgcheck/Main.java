package io.tlengine.pgcheck;

import io.tlengine.pgcheck.cli.Pgcheck;
import io.tlengine.pgcheck.cli.Terminal;
import io.tlengine.pgcheck.gather.helm.HelmEnvironment;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The process around the program: streams, environment and the only exit. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    var environment = System.getenv();
    var console = System.console();
    boolean terminalThere = console != null && console.isTerminal();
    var terminal =
        new Terminal(
            System.in,
            writer(FileDescriptor.out),
            writer(FileDescriptor.err),
            terminalThere && environment.getOrDefault("NO_COLOR", "").isEmpty(),
            terminalThere,
            live(environment));
    var version = Main.class.getPackage().getImplementationVersion();
    var code =
        new Pgcheck(
                new HelmEnvironment(environment),
                version == null ? "unreleased" : version,
                terminal)
            .run(List.of(arguments));
    terminal.out().flush();
    terminal.err().flush();
    System.exit(code.code());
  }

  /** Only the launcher can ask whether standard error is a terminal: Java cannot. */
  private static boolean live(Map<String, String> environment) {
    return environment.getOrDefault("PGCHECK_LIVE", "no").equals("yes")
        && !environment.getOrDefault("TERM", "dumb").equals("dumb");
  }

  /** Names and rows have accents: always UTF-8, whatever the locale says. */
  private static PrintWriter writer(FileDescriptor descriptor) {
    return new PrintWriter(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
  }
}
