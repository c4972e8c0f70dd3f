package io.tlengine.pgcheck.gather.release;

import com.fasterxml.jackson.databind.JsonNode;
import io.tlengine.pgcheck.fact.SetChanges.FieldChange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Compares the specs of two StatefulSets, field by field. */
final class SpecDifference {

  private static final String TEMPLATES = "volumeClaimTemplates";
  private static final int LONGEST = 200;

  private SpecDifference() {}

  /**
   * @param before both with the server's defaults
   * @param leftOut fields of the spec that are not compared
   */
  static List<FieldChange> between(JsonNode before, JsonNode after, Set<String> leftOut) {
    var changes = new ArrayList<FieldChange>();
    for (var name : names(before, after)) {
      if (leftOut.contains(name)) {
        continue;
      }
      if (name.equals(TEMPLATES)) {
        templates(before.path(name), after.path(name), changes);
      } else {
        compare(name, before.path(name), after.path(name), changes);
      }
    }
    return changes;
  }

  private static void templates(JsonNode before, JsonNode after, List<FieldChange> changes) {
    var old = byName(before);
    var all = new LinkedHashMap<>(old);
    var now = byName(after);
    all.putAll(now);
    for (var name : all.keySet()) {
      var path = TEMPLATES + "[" + name + "]";
      if (!old.containsKey(name)) {
        changes.add(new FieldChange(path, FieldChange.NONE, "a new claim template"));
      } else if (!now.containsKey(name)) {
        changes.add(new FieldChange(path, "a claim template", FieldChange.NONE));
      } else {
        compare(path, old.get(name), now.get(name), changes);
      }
    }
  }

  private static Map<String, JsonNode> byName(JsonNode templates) {
    var byName = new LinkedHashMap<String, JsonNode>();
    for (var template : templates) {
      byName.put(template.at("/metadata/name").asText(), template);
    }
    return byName;
  }

  private static void compare(
      String path, JsonNode before, JsonNode after, List<FieldChange> changes) {
    if (before.equals(after)) {
      return;
    }
    if (before.isObject() && after.isObject()) {
      names(before, after)
          .forEach(n -> compare(path + "." + n, before.path(n), after.path(n), changes));
    } else {
      changes.add(new FieldChange(path, text(before), text(after)));
    }
  }

  private static Set<String> names(JsonNode before, JsonNode after) {
    var names = new TreeSet<String>();
    before.fieldNames().forEachRemaining(names::add);
    after.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static String text(JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      return FieldChange.NONE;
    }
    var text = node.isValueNode() ? node.asText() : node.toString();
    return text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
  }
}
