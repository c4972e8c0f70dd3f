package io.tlengine.pgcheck.fact;

import java.util.List;
import java.util.Optional;

/**
 * What the pods' DNS names led to, asked from inside the cluster.
 *
 * @param namespace of the pods
 * @param answers for each pod one before its restart and one after it
 */
public record PodNames(String namespace, List<Answer> answers) {

  public PodNames {
    answers = List.copyOf(answers);
  }

  /**
   * One name at one time.
   *
   * @param afterRestart the pod had been deleted, and this is its successor
   * @param from the pod in which the question was asked
   * @param addresses the pod's own (status.podIPs)
   * @param dns what the name resolved to; empty when it did not, or nothing could ask
   * @param server the address of the PostgreSQL that answered at the name
   * @param refusal what it said instead
   * @param askable the image has a program to ask with
   * @param waitedMillis from the pod being ready until this answer
   */
  public record Answer(
      String pod,
      String name,
      boolean afterRestart,
      String from,
      List<String> addresses,
      List<String> dns,
      Optional<String> server,
      Optional<String> refusal,
      boolean askable,
      long waitedMillis) {

    public Answer {
      addresses = List.copyOf(addresses);
      dns = List.copyOf(dns);
    }

    /** Everything that answered was that pod. */
    public boolean isThatPod() {
      return (!dns.isEmpty() || server.isPresent())
          && addresses.containsAll(dns)
          && server.map(addresses::contains).orElse(refusal.isEmpty());
    }
  }
}
