package io.tlengine.pgcheck.gather.saved;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.gather.failure.GatherException;
import io.tlengine.pgcheck.plan.Migrations;
import io.tlengine.pgcheck.plan.Plan.UrlSource;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a pod is asked to look at, in a variable of its container. It names Secrets and keys; their
 * values reach the pod by reference, in {@link #urlVariable}.
 *
 * @param answerMark by which the answer is told from other lines of the log
 * @param wanted names of facts
 * @param dnsPolicy of the application's pods
 * @param millis for the connections
 */
public record LookOrder(
    String answerMark,
    List<UrlSource> urls,
    Optional<Migrations> migrations,
    List<String> wanted,
    String dnsPolicy,
    long millis) {

  /** The container's variable that holds the order. */
  public static final String VARIABLE = "PGCHECK_LOOK";

  public LookOrder {
    urls = List.copyOf(urls);
    wanted = List.copyOf(wanted);
  }

  /** The container's variable for the URL of this place in the list. */
  public static String urlVariable(int index) {
    return "PGCHECK_URL_" + index;
  }

  public String json() {
    try {
      return FactsMapper.create()
          .writer()
          .without(SerializationFeature.INDENT_OUTPUT)
          .writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @throws GatherException USAGE for a text that {@link #json} did not make
   */
  public static LookOrder parse(String json) {
    try {
      return FactsMapper.create().readValue(json, LookOrder.class);
    } catch (JsonProcessingException e) {
      throw new GatherException(
          GatherException.Kind.USAGE,
          "the order in "
              + VARIABLE
              + " is not of this version: the image is another than helm's"
              + " plugin; name one of the same version with --image");
    }
  }

  /** The facts that are wanted; a name that this version does not know is left out. */
  public Set<FactKey<?>> keys() {
    return SavedFacts.keys().stream()
        .filter(k -> wanted.contains(k.name()))
        .collect(Collectors.toSet());
  }
}
