# shellcheck shell=bash disable=SC2154 # needs say.sh
# Finds a JDK 25 or later for the build: `java` on PATH is often an older one.

jdk_major() { # JAVA_HOME
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null
}

# Prints the JAVA_HOME of the first JDK that is new enough: the user's choice before the installed.
find_jdk25() {
  local home major on_path
  on_path=$(readlink -f "$(command -v javac || true)" 2>/dev/null || true)
  for home in "${JAVA_HOME:-}" "${on_path%/bin/javac}" /usr/lib/jvm/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/.sdkman/candidates/java/*; do
    [[ -n "$home" && -x "$home/bin/javac" ]] || continue
    major=$(jdk_major "$home")
    if [[ -n "$major" && "$major" -ge 25 ]]; then
      printf '%s\n' "$home"
      return 0
    fi
  done
  echo "no JDK 25 or later found; install one (Temurin, OpenJDK) and set JAVA_HOME to it" >&2
  return 1
}

# Maven 3.8 or later is enough: the build pins its plugins. Needs packages.sh.
ensure_maven() { ensure_programs 'mvn maven'; }
