package io.tlengine.pgcheck.scenario.statefulset;

import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import io.tlengine.pgcheck.scenario.journal.Journal.FieldOwner;
import io.tlengine.pgcheck.scenario.journal.OwnObjects;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Who owns a StatefulSet's spec.replicas in its metadata.managedFields. Whoever writes the field
 * owns it, and Helm 4 then refuses to upgrade: so it is given back.
 */
final class ReplicasOwnership {

  private static final String SPEC = "f:spec";
  private static final String REPLICAS = "f:replicas";

  private ReplicasOwnership() {}

  static List<FieldOwner> owners(List<ManagedFieldsEntry> entries) {
    return entries.stream()
        .filter(e -> spec(e).containsKey(REPLICAS))
        .map(ReplicasOwnership::owner)
        .toList();
  }

  /** Whether the last to write the field was this program. */
  static boolean ours(List<ManagedFieldsEntry> entries) {
    return owners(entries).stream().anyMatch(o -> o.manager().equals(OwnObjects.FIELD_MANAGER));
  }

  /** The entries, with the field taken from this program and given to these owners. */
  static List<ManagedFieldsEntry> handedBack(
      List<ManagedFieldsEntry> entries, List<FieldOwner> owners) {
    var result = new ArrayList<ManagedFieldsEntry>();
    for (var entry : entries) {
      if (OwnObjects.FIELD_MANAGER.equals(entry.getManager())) {
        var without = without(entry);
        if (!fields(without).isEmpty()) {
          result.add(without);
        }
      } else if (owners.contains(owner(entry))) {
        result.add(with(entry));
      } else {
        result.add(entry);
      }
    }
    // Who owned nothing else, as kubectl scale does, has lost its entry with the field.
    for (var owner : owners) {
      if (ours(entries) && result.stream().noneMatch(e -> owner(e).equals(owner))) {
        result.add(of(owner));
      }
    }
    return result;
  }

  private static ManagedFieldsEntry of(FieldOwner owner) {
    var entry =
        new ManagedFieldsEntryBuilder()
            .withManager(owner.manager())
            .withOperation(owner.operation())
            .withApiVersion(owner.apiVersion())
            .withFieldsType("FieldsV1");
    if (!owner.subresource().isEmpty()) {
      entry.withSubresource(owner.subresource());
    }
    return with(entry.build());
  }

  private static ManagedFieldsEntry with(ManagedFieldsEntry entry) {
    var spec = new LinkedHashMap<>(spec(entry));
    spec.put(REPLICAS, Map.of());
    return withSpec(entry, spec);
  }

  private static ManagedFieldsEntry without(ManagedFieldsEntry entry) {
    var spec = new LinkedHashMap<>(spec(entry));
    spec.remove(REPLICAS);
    return withSpec(entry, spec);
  }

  private static ManagedFieldsEntry withSpec(ManagedFieldsEntry entry, Map<String, Object> spec) {
    var all = new LinkedHashMap<>(fields(entry));
    if (spec.isEmpty()) {
      all.remove(SPEC);
    } else {
      all.put(SPEC, spec);
    }
    var fields = new FieldsV1();
    fields.setAdditionalProperties(all);
    return new ManagedFieldsEntryBuilder(entry).withFieldsV1(fields).build();
  }

  private static FieldOwner owner(ManagedFieldsEntry entry) {
    return new FieldOwner(
        Objects.requireNonNullElse(entry.getManager(), ""),
        Objects.requireNonNullElse(entry.getOperation(), ""),
        Objects.requireNonNullElse(entry.getApiVersion(), ""),
        Objects.requireNonNullElse(entry.getSubresource(), ""));
  }

  private static Map<String, Object> fields(ManagedFieldsEntry entry) {
    return entry.getFieldsV1() == null || entry.getFieldsV1().getAdditionalProperties() == null
        ? Map.of()
        : entry.getFieldsV1().getAdditionalProperties();
  }

  @SuppressWarnings("unchecked") // a field set is a tree of objects: Kubernetes API, FieldsV1
  private static Map<String, Object> spec(ManagedFieldsEntry entry) {
    return fields(entry).get(SPEC) instanceof Map<?, ?> spec
        ? (Map<String, Object>) spec
        : Map.of();
  }
}
