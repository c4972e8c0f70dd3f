package io.tlengine.pgcheck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tlengine.pgcheck.gather.helm.HelmEnvironment;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsentTest {

  private final StringWriter err = new StringWriter();

  private void ask(boolean interactive, String answer, boolean yes, String... changes) {
    var terminal =
        new Terminal(
            new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8)),
            new PrintWriter(new StringWriter()),
            new PrintWriter(err),
            false,
            interactive,
            false);
    new Consent(terminal)
        .ask("tl", new HelmEnvironment(Map.of("HELM_NAMESPACE", "shop")), List.of(changes), yes);
  }

  @Test
  void whereNothingIsChangedNothingIsSaidAndNobodyIsAsked() {
    ask(false, "", false);
    ask(true, "n\n", false);

    assertEquals("", err.toString());
  }

  @Test
  void whatIsChangedIsNamedAndAsked() {
    assertThrows(UsageException.class, () -> ask(false, "", false, "delete the pod a"));
    assertThrows(UsageException.class, () -> ask(true, "n\n", false, "delete the pod a"));
    err.getBuffer().setLength(0);

    ask(true, "y\n", false, "delete the pod a");

    assertEquals(
        """
        This is going to change tl in shop:
          - delete the pod a
          - put everything back as it was
        Go on? [y/N]"""
            + " ",
        err.toString());
  }
}
