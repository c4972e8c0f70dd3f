package io.tlengine.pgcheck.check.cluster;

import io.fabric8.kubernetes.api.model.LimitRangeItem;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.cluster.LimitRangeFitsCheck.Asked;
import io.tlengine.pgcheck.plan.Amounts;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One entry of a limit range, judged as the LimitRanger admission plugin judges it.
 *
 * @param index its place in spec.limits, for the remedy's path
 */
record LimitRule(String namespace, String range, int index, LimitRangeItem item) {

  private static final int RATIO_DIGITS = 3;

  Stream<Finding> judge(Asked asked) {
    var findings = new ArrayList<Finding>();
    boolean claim = item.getType().equals("PersistentVolumeClaim");
    Amounts.of(item.getMin())
        .byName()
        .forEach((name, least) -> min(asked, claim, name, least, findings));
    Amounts.of(item.getMax())
        .byName()
        .forEach((name, most) -> max(asked, claim, name, most, findings));
    Amounts.of(item.getMaxLimitRequestRatio())
        .byName()
        .forEach((name, most) -> ratio(asked, name, most, findings));
    return findings.stream();
  }

  private void min(
      Asked asked, boolean claim, String name, BigDecimal least, List<Finding> findings) {
    var bound = "at least " + Amounts.text(name, least) + " of " + name;
    if (!asked.requests().has(name)) {
      findings.add(finding(asked, "asks for no " + name, bound, "min", name, ""));
    } else if (asked.requests().get(name).compareTo(least) < 0) {
      var seen = Amounts.text(name, asked.requests().get(name));
      findings.add(finding(asked, "asks for " + seen + " of " + name, bound, "min", name, seen));
    } else if (!claim
        && asked.limits().has(name)
        && asked.limits().get(name).compareTo(least) < 0) {
      var seen = Amounts.text(name, asked.limits().get(name));
      findings.add(
          finding(asked, "is limited to " + seen + " of " + name, bound, "min", name, seen));
    }
  }

  private void max(
      Asked asked, boolean claim, String name, BigDecimal most, List<Finding> findings) {
    var bound = "at most " + Amounts.text(name, most) + " of " + name;
    var limit = claim ? asked.requests() : asked.limits();
    if (!limit.has(name)) {
      findings.add(finding(asked, "has no limit for " + name, bound, "max", name, ""));
    } else if (limit.get(name).max(asked.requests().get(name)).compareTo(most) > 0) {
      var seen = Amounts.text(name, limit.get(name).max(asked.requests().get(name)));
      findings.add(finding(asked, "asks for " + seen + " of " + name, bound, "max", name, seen));
    }
  }

  private void ratio(Asked asked, String name, BigDecimal most, List<Finding> findings) {
    var bound = "a limit of at most " + most.toPlainString() + " times the request for " + name;
    var request = asked.requests().get(name);
    var limit = asked.limits().get(name);
    if (request.signum() == 0 || limit.signum() == 0) {
      findings.add(
          finding(
              asked,
              "lacks request or limit for " + name,
              bound,
              "maxLimitRequestRatio",
              name,
              ""));
      return;
    }
    var seen = limit.divide(request, RATIO_DIGITS, RoundingMode.HALF_UP);
    if (seen.compareTo(most) > 0) {
      var text = seen.stripTrailingZeros().toPlainString();
      findings.add(
          finding(
              asked,
              "has a limit of " + text + " times its request for " + name,
              bound,
              "maxLimitRequestRatio",
              name,
              text));
    }
  }

  private Finding finding(
      Asked asked, String seen, String wanted, String field, String name, String value) {
    var remedy = "change the resources of " + asked.who() + " in the chart's values";
    // The bound moved to what is asked for; where nothing is, there is nothing to move it to.
    var change =
        value.isEmpty()
            ? ""
            : ", or the limit range: kubectl patch limitrange "
                + range
                + " -n "
                + namespace
                + " --type=json -p '[{\"op\":\"replace\",\"path\":\"/spec/limits/"
                + index
                + "/"
                + field
                + "/"
                + name.replace("~", "~0").replace("/", "~1")
                + "\",\"value\":\""
                + value
                + "\"}]'";
    return Finding.error(
        "LimitRange/" + range,
        asked.who() + " " + seen + "; the limit range " + range + " wants " + wanted,
        "",
        remedy + change);
  }
}
