package io.tlengine.pgcheck.scenario.server;

import io.tlengine.pgcheck.fact.RowSet;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The rows that a scenario writes: the lab's three usuarios, with their accents, and random ones.
 * Comparing goes row by row, by key and whole content, never by count.
 */
public record LabRows(List<Usuario> usuarios, Map<String, String> randomRows) {

  private static final int PAYLOAD_BYTES = 64;

  public LabRows {
    usuarios = List.copyOf(usuarios);
    randomRows = Map.copyOf(randomRows);
  }

  /** A row of the lab's table. */
  public record Usuario(String nombre, String email) {}

  /**
   * @param random how many random rows
   */
  public static LabRows make(int random) {
    var source = new SecureRandom();
    var rows = new LinkedHashMap<String, String>();
    for (int i = 0; i < random; i++) {
      var payload = new byte[PAYLOAD_BYTES];
      source.nextBytes(payload);
      rows.put(UUID.randomUUID().toString(), HexFormat.of().formatHex(payload));
    }
    return new LabRows(
        List.of(
            new Usuario("Juan Pérez", "juan@example.com"),
            new Usuario("María García", "maria@example.com"),
            new Usuario("Carlos López", "carlos@example.com")),
        rows);
  }

  /** For a progress line: who was read back, by name, and how many random rows. */
  public String describe() {
    return (usuarios.isEmpty()
            ? "no usuarios"
            : String.join(", ", usuarios.stream().map(Usuario::nombre).toList()))
        + " and "
        + randomRows.size()
        + " random rows";
  }

  /** What became of these rows, given what was read. */
  public List<RowSet> compare(LabRows found) {
    return List.of(
        compare("usuarios", byEmail(usuarios), byEmail(found.usuarios)),
        compare("random rows", randomRows, found.randomRows));
  }

  private static Map<String, String> byEmail(List<Usuario> usuarios) {
    var map = new LinkedHashMap<String, String>();
    usuarios.forEach(u -> map.put(u.email(), u.nombre()));
    return map;
  }

  private static RowSet compare(
      String name, Map<String, String> written, Map<String, String> found) {
    var lost = new ArrayList<String>();
    var altered = new ArrayList<String>();
    int kept = 0;
    for (var row : written.entrySet()) {
      var content = found.get(row.getKey());
      if (content == null) {
        lost.add(row.getKey());
      } else if (content.equals(row.getValue())) {
        kept++;
      } else {
        altered.add(row.getKey());
      }
    }
    var unexpected = found.keySet().stream().filter(k -> !written.containsKey(k)).sorted().toList();
    return new RowSet(name, written.size(), kept, lost, altered, unexpected);
  }
}
