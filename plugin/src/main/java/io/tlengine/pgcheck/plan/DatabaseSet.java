package io.tlengine.pgcheck.plan;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A StatefulSet that runs PostgreSQL or Redis, as its manifest or its live object describes it.
 *
 * @param container the container that listens on the port
 * @param port the server's port
 * @param database where the database's name comes from
 * @param user where the application role's name comes from
 * @param password where its password comes from
 * @param dataClaimTemplate the claim template that holds the data directory, if one does
 */
public record DatabaseSet(
    String name,
    int replicas,
    int firstOrdinal,
    String container,
    int port,
    Optional<Source> database,
    Optional<Source> user,
    Optional<Source> password,
    Optional<String> dataClaimTemplate) {

  /** A container's variable: a literal, or a key of a Secret or ConfigMap. */
  public sealed interface Source {
    record Literal(String value) implements Source {}

    record SecretKey(String secret, String key) implements Source {}

    record ConfigMapKey(String configMap, String key) implements Source {}
  }

  /** The same one, logged in to otherwise. */
  public DatabaseSet withLogin(
      Optional<Source> newUser, Optional<Source> newPassword, Optional<Source> newDatabase) {
    return new DatabaseSet(
        name,
        replicas,
        firstOrdinal,
        container,
        port,
        newDatabase,
        newUser,
        newPassword,
        dataClaimTemplate);
  }

  /** Its pods, from the first ordinal on. */
  public List<String> podNames() {
    return IntStream.range(firstOrdinal, firstOrdinal + replicas).mapToObj(this::podName).toList();
  }

  /** StatefulSet pods are named after their set and ordinal. */
  public String podName(int ordinal) {
    return name + "-" + ordinal;
  }
}
