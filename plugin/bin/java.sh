# shellcheck shell=sh disable=SC2034,SC2154 # for the scripts beside it: $here is theirs, the rest is for them
# Finds the program and a Java that runs it: sets $jar, $cache and $java, or says what is missing and ends.

# The release file of a Java home says its version; starting each candidate to ask would take longer than the run.
major() { # of a java binary; nothing when it does not say
  real=$(readlink -f "$1" 2>/dev/null || printf '%s' "$1")
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "${real%/bin/java}/release" 2>/dev/null
}

usable() { # path of a java binary
  [ -x "$1" ] || return 1
  version=$(major "$1")
  [ "${version:-0}" -ge 25 ]
}

find_java() {
  # The plugin's own runtime first, then what the user chose, then what is installed.
  for candidate in \
    "$here/runtime/bin/java" \
    "${PGCHECK_JAVA:-}" \
    "${JAVA_HOME:-/nonexistent}/bin/java" \
    "$(command -v java || true)" \
    /usr/lib/jvm/*/bin/java \
    /Library/Java/JavaVirtualMachines/*/Contents/Home/bin/java \
    "${HOME:-/nonexistent}"/.sdkman/candidates/java/*/bin/java; do
    if [ -n "$candidate" ] && usable "$candidate"; then
      printf '%s\n' "$candidate"
      return
    fi
  done
  return 1
}

if [ -f "$here/lib/pgcheck.jar" ]; then
  jar=$here/lib/pgcheck.jar
elif [ -f "$here/target/pgcheck.jar" ]; then # a checkout, installed as it is
  jar=$here/target/pgcheck.jar
else
  echo "pgcheck: $here holds no pgcheck.jar; build it in the checkout with: ci/package" >&2
  exit 1
fi
cache=${jar%.jar}.aot

if ! java=$(find_java); then
  echo "pgcheck: no Java 25 or later found; install one (Temurin, OpenJDK) and set JAVA_HOME" >&2
  exit 1
fi

# SerialGC, the first compiler alone and a small heap start fastest, and a run is over before more would pay. The class
# cache is for the same collector only.
run_java() { exec "$java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xms32m -XX:-UsePerfData "$@"; }
