package io.tlengine.pgcheck.plan;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/**
 * Amounts of resources by name, in cores, bytes and pieces (v1 ResourceList). What is not named is
 * zero.
 */
public record Amounts(Map<String, BigDecimal> byName) {

  public static final Amounts NONE = new Amounts(Map.of());

  private static final List<String> UNITS = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi");
  private static final BigDecimal KIBI = BigDecimal.valueOf(1024);
  private static final BigDecimal MILLI = BigDecimal.valueOf(1000);

  public Amounts {
    byName = Map.copyOf(byName);
  }

  /** Of a manifest or a live object. */
  public static Amounts of(@org.jspecify.annotations.Nullable Map<String, Quantity> quantities) {
    var amounts = new TreeMap<String, BigDecimal>();
    if (quantities != null) {
      quantities.forEach(
          (name, quantity) -> {
            try {
              amounts.put(name, quantity.getNumericalAmount());
            } catch (IllegalArgumentException | ArithmeticException e) {
              // No amount at all: the API server is asked about the manifest, and refuses it.
            }
          });
    }
    return new Amounts(amounts);
  }

  /** A size as a manifest has it; 0 when there is none, which the API server refuses. */
  public static long bytes(String size) {
    return size.isBlank() ? 0 : Quantity.getAmountInBytes(Quantity.parse(size)).longValue();
  }

  public static Amounts of(String name, BigDecimal amount) {
    return new Amounts(Map.of(name, amount));
  }

  public BigDecimal get(String name) {
    return byName.getOrDefault(name, BigDecimal.ZERO);
  }

  public boolean has(String name) {
    return byName.containsKey(name);
  }

  public Amounts plus(Amounts other) {
    return merge(other, BigDecimal::add);
  }

  public Amounts minus(Amounts other) {
    return plus(other.times(-1));
  }

  /** The greater of each. */
  public Amounts max(Amounts other) {
    return merge(other, BigDecimal::max);
  }

  public Amounts times(int factor) {
    var product = new TreeMap<String, BigDecimal>();
    byName.forEach((name, a) -> product.put(name, a.multiply(BigDecimal.valueOf(factor))));
    return new Amounts(product);
  }

  /** These, and of the others what is not named here. */
  public Amounts orElse(Amounts others) {
    var all = new TreeMap<>(others.byName);
    all.putAll(byName);
    return new Amounts(all);
  }

  /** All of these are within what the others name; a resource that they lack has none. */
  public boolean within(Amounts room) {
    return byName.entrySet().stream()
        .allMatch(
            e -> e.getValue().signum() <= 0 || e.getValue().compareTo(room.get(e.getKey())) <= 0);
  }

  /** One amount as people write it: 250m, 1.5Gi, 3. */
  public static String text(String name, BigDecimal amount) {
    if (name.endsWith("cpu")) {
      return amount.stripTrailingZeros().scale() <= 0
          ? plain(amount)
          : plain(amount.multiply(MILLI).setScale(0, RoundingMode.CEILING)) + "m";
    }
    if (!name.endsWith("memory") && !name.endsWith("storage") && !name.contains("hugepages-")) {
      return plain(amount);
    }
    int unit = 0;
    var rest = amount;
    while (unit < UNITS.size() - 1 && rest.abs().compareTo(KIBI) >= 0) {
      rest = rest.divide(KIBI);
      unit++;
    }
    return plain(rest.setScale(1, RoundingMode.HALF_UP)) + UNITS.get(unit);
  }

  private static String plain(BigDecimal amount) {
    return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
  }

  private Amounts merge(Amounts other, BinaryOperator<BigDecimal> operator) {
    var all = new TreeMap<>(byName);
    other.byName.forEach((name, a) -> all.put(name, operator.apply(get(name), a)));
    return new Amounts(all);
  }
}
