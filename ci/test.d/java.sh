#!/usr/bin/env bash
# The plugin's own tests: units, architecture, and integration against real PostgreSQL 15 and 17.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 2
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh
# shellcheck source=ci/lib/java.sh
source ci/lib/java.sh

JAVA_HOME=$(find_jdk25) || exit 1
export JAVA_HOME
# Results of an earlier run must not be counted.
rm -rf plugin/target/surefire-reports plugin/target/failsafe-reports
log="$tap_dir/mvn.log"
if mvn -B -ntp verify >"$log" 2>&1; then
  ok "mvn verify: compiled without warnings, formatted, packaged"
else
  not_ok "mvn verify" "$(grep -E 'ERROR|FAIL' "$log" | head -n 40)"
fi

# One line for each test class, from the reports that surefire and failsafe write.
for report in plugin/target/*-reports/TEST-*.xml; do
  [[ -f "$report" ]] || continue
  read -r name tests errors skipped failures < <(
    grep -m1 -o '<testsuite [^>]*>' "$report" |
      sed -E 's/.* name="([^"]*)".*tests="([0-9]+)".*errors="([0-9]+)".*skipped="([0-9]+)".*failures="([0-9]+)".*/\1 \2 \3 \4 \5/'
  )
  name=${name##*.}
  if ((errors + failures > 0)); then
    not_ok "$name: $((errors + failures)) of $tests tests failed"
  elif ((tests == 0)); then
    not_ok "$name ran no test"
  else
    # Every single test counts in the sum.
    for ((i = 1; i < tests - skipped; i++)); do tap_passed=$((tap_passed + 1)); done
    note=''
    ((skipped == 0)) || note=", $skipped skipped"
    ok "$name: $tests tests$note"
  fi
done

finish java
