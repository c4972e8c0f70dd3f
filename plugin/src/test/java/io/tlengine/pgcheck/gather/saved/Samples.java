package io.tlengine.pgcheck.gather.saved;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Values of any type that a fact is made of, by its declaration: every record of a sealed
 * interface, every constant, an Optional that is empty and one that is not.
 */
final class Samples {

  /** The records being made: one that holds others of its kind gets none of them. */
  private final Set<Class<?>> open = new HashSet<>();

  private Samples() {}

  /** At least one value; together they take every branch of the type. */
  static List<Object> of(Type type) {
    return new Samples().values(type);
  }

  private List<Object> values(Type type) {
    return of(type, Map.of());
  }

  private List<Object> of(Type type, Map<String, Type> variables) {
    return switch (type) {
      case Class<?> c -> of(c, variables);
      case ParameterizedType p -> parameterized(p, variables);
      case TypeVariable<?> v -> of(resolve(v, variables), Map.of());
      default -> throw new IllegalArgumentException("a fact holds " + type);
    };
  }

  private List<Object> of(Class<?> type, Map<String, Type> variables) {
    if (type.isEnum()) {
      return List.of(type.getEnumConstants());
    }
    if (type.isSealed()) {
      return Arrays.stream(type.getPermittedSubclasses())
          .flatMap(t -> of(t, variables).stream())
          .toList();
    }
    if (type.isRecord()) {
      return record(type, variables);
    }
    return switch (type.getName()) {
      case "java.lang.String" -> List.of("text \"with\" \u00e9 \u0001", "");
      case "int", "java.lang.Integer" -> List.of(7, -1);
      case "long", "java.lang.Long" -> List.of(Long.MAX_VALUE, 0L);
      case "double", "java.lang.Double" -> List.of(0.25, 3.0);
      case "boolean", "java.lang.Boolean" -> List.of(true, false);
      case "java.math.BigDecimal" -> List.of(new java.math.BigDecimal("12345.678"));
      case "java.math.BigInteger" -> List.of(new java.math.BigInteger("123456789012345678901"));
      case "java.time.Instant" -> List.of(Instant.parse("2026-11-22T10:00:00.123456789Z"));
      case "java.time.LocalDate" -> List.of(java.time.LocalDate.of(2026, 11, 22));
      case "java.time.Duration" -> List.of(Duration.ofNanos(1_500_000_001));
      case "java.util.OptionalInt" -> List.of(OptionalInt.of(3), OptionalInt.empty());
      case "java.util.OptionalLong" -> List.of(OptionalLong.of(3), OptionalLong.empty());
      case "io.fabric8.kubernetes.api.model.PodSpec" -> List.of(podSpec(), new PodSpec());
      case "io.fabric8.kubernetes.api.model.Quantity" -> List.of(Quantity.parse("1500Mi"));
      case "io.fabric8.kubernetes.api.model.IntOrString" ->
          List.of(new IntOrString(3), new IntOrString("25%"));
      default -> fabric8(type);
    };
  }

  private static List<Object> fabric8(Class<?> type) {
    if (!type.getName().startsWith("io.fabric8.kubernetes.api.model.")) {
      throw new IllegalArgumentException("a fact holds " + type + ": give it a sample here");
    }
    try {
      return List.of(type.getConstructor().newInstance());
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(type.getName(), e);
    }
  }

  private List<Object> parameterized(ParameterizedType type, Map<String, Type> variables) {
    var raw = (Class<?>) type.getRawType();
    var inner =
        Arrays.stream(type.getActualTypeArguments()).map(t -> resolve(t, variables)).toList();
    boolean again = inner.stream().anyMatch(open::contains);
    if (raw == Optional.class) {
      if (again) {
        return List.of(Optional.empty());
      }
      return Stream.concat(
              Stream.<Object>of(Optional.empty()),
              values(inner.getFirst()).stream().<Object>map(Optional::of))
          .toList();
    }
    if (raw == List.class) {
      if (again) {
        return List.of(List.of());
      }
      return List.of(List.copyOf(values(inner.getFirst())), List.of());
    }
    if (raw == Set.class) {
      return List.of(new LinkedHashSet<>(values(inner.getFirst())), Set.of());
    }
    if (Map.class.isAssignableFrom(raw)) {
      var map = new LinkedHashMap<>();
      var values = values(inner.get(1));
      int i = 0;
      for (var key : values(inner.getFirst())) {
        map.put(key, values.get(i++ % values.size()));
      }
      return List.of(map, Map.of());
    }
    var bound = new LinkedHashMap<String, Type>();
    for (int i = 0; i < inner.size(); i++) {
      bound.put(raw.getTypeParameters()[i].getName(), inner.get(i));
    }
    return of(raw, bound);
  }

  private static Type resolve(Type type, Map<String, Type> variables) {
    return type instanceof TypeVariable<?> v
        ? Objects.requireNonNull(variables.get(v.getName()), v::getName)
        : type;
  }

  /** As many as its richest component has samples; the others take turns. */
  private List<Object> record(Class<?> type, Map<String, Type> variables) {
    var components = type.getRecordComponents();
    open.add(type);
    var values = Arrays.stream(components).map(c -> of(c.getGenericType(), variables)).toList();
    open.remove(type);
    int most = values.stream().mapToInt(List::size).max().orElse(1);
    var samples = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      var turn = i;
      var arguments = values.stream().map(v -> v.get(turn % v.size())).toArray();
      try {
        var constructor =
            type.getDeclaredConstructor(
                Arrays.stream(components).map(c -> c.getType()).toArray(Class<?>[]::new));
        constructor.setAccessible(true);
        samples.add(constructor.newInstance(arguments));
      } catch (ReflectiveOperationException e) {
        throw new IllegalArgumentException(type.getName() + " " + Arrays.toString(arguments), e);
      }
    }
    return samples;
  }

  private static PodSpec podSpec() {
    return new PodSpecBuilder()
        .addToNodeSelector("disk", "fast")
        .withServiceAccountName("engine")
        .addToContainers(
            new ContainerBuilder()
                .withName("postgres")
                .withImage("postgres:17")
                .withCommand("postgres", "-c", "shared_buffers=1GB")
                .addNewPort()
                .withContainerPort(5432)
                .endPort()
                .addNewEnv()
                .withName("PGPASSWORD")
                .withNewValueFrom()
                .withNewSecretKeyRef("password", "postgresql-secret", false)
                .endValueFrom()
                .endEnv()
                .withNewResources()
                .addToRequests("memory", Quantity.parse("1Gi"))
                .addToLimits("cpu", Quantity.parse("500m"))
                .endResources()
                .withNewLivenessProbe()
                .withNewTcpSocket()
                .withPort(new IntOrString("postgres"))
                .endTcpSocket()
                .endLivenessProbe()
                .build())
        .addNewVolume()
        .withName("scratch")
        .withNewEmptyDir()
        .withSizeLimit(Quantity.parse("64Mi"))
        .endEmptyDir()
        .endVolume()
        .withNewSecurityContext()
        .withRunAsUser(999L)
        .endSecurityContext()
        .build();
  }
}
