# shellcheck shell=bash disable=SC2154 # sourced after the files that assign what it uses (ci/cluster.d/load.sh)
# The plugin's program, for the checks that must run inside the cluster: our base, a cut-down Java runtime, the jar.

pgcheck_jar="$images_source/../../plugin/target/pgcheck.jar"

pgcheck_images() { echo pgcheck:dev; }
pgcheck_key() {
  hash_words "$(base_recipe)" "$(hash_files "$images_source/pgcheck/image.sh" "$pgcheck_jar" "$(pgcheck_jdk)/release")"
}

# ci/lib/java.sh knows better where to look; until it is there, the usual places.
pgcheck_jdk() {
  if declare -F find_jdk25 >/dev/null; then
    find_jdk25
    return
  fi
  local home
  for home in "${JAVA_HOME:-}" "$(dirname "$(dirname "$(readlink -f "$(command -v javac || echo /none/none)")")")" /usr/lib/jvm/*; do
    if [[ -x "$home/bin/jlink" ]] && grep -q '^JAVA_VERSION="25' "$home/release" 2>/dev/null; then
      printf '%s\n' "$home"
      return 0
    fi
  done
  fail "a JDK 25 is needed for the pgcheck image, and none was found" "Set JAVA_HOME to one."
}

pgcheck_build() {
  local key=$2 jdk dir modules runtime_key
  jdk=$(pgcheck_jdk)
  # What jdeps cannot see is named: modules that are found through service files only.
  modules=$("$jdk/bin/jdeps" --print-module-deps --ignore-missing-deps --multi-release 25 "$pgcheck_jar"),java.naming,jdk.crypto.ec,jdk.unsupported,jdk.zipfs,jdk.localedata
  runtime_key=$(hash_words "$modules" "$(hash_files "$jdk/release" "$images_source/pgcheck/image.sh")")
  dir=$(mktemp -d)
  if ! layer_ready java-runtime "$runtime_key"; then
    mkdir -p "$dir/runtime/opt"
    "$jdk/bin/jlink" --add-modules "$modules" --include-locales=en --strip-debug --no-header-files --no-man-pages \
      --generate-cds-archive --compress=zip-2 --output "$dir/runtime/opt/java"
    layer_store_dir java-runtime "$runtime_key" "$dir/runtime"
  fi
  base_layer
  install -D -m 644 "$pgcheck_jar" "$dir/app/opt/pgcheck/pgcheck.jar"
  layer_store_dir pgcheck "$key" "$dir/app"
  rm -rf -- "$dir"
  image_assemble "$1" "$key" \
    '{"User":"65532:65532","Env":["PATH=/opt/java/bin:/usr/lib/postgresql/15/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin","JAVA_HOME=/opt/java"],"Entrypoint":["java","-jar","/opt/pgcheck/pgcheck.jar"]}' \
    "base $(base_recipe)" "java-runtime $runtime_key" "pgcheck $key"
}
