package io.tlengine.pgcheck.fact;

import java.util.List;
import java.util.Map;

/**
 * Which pods mount the planned claims that exist already, by the claim's name.
 *
 * @param podsByClaim only pods that have not ended
 */
public record ClaimUsers(Map<String, List<String>> podsByClaim) {

  public ClaimUsers {
    podsByClaim = Map.copyOf(podsByClaim);
  }

  public List<String> of(String claim) {
    return podsByClaim.getOrDefault(claim, List.of());
  }
}
