# shellcheck shell=bash disable=SC2154 # sourced after the files that assign what it uses (ci/cluster.d/load.sh)
# Finding a Go that is new enough. Needs say.sh.

go_needed=1.26

# find_go: prints the path of the go command.
find_go() {
  local candidate version
  for candidate in "$(command -v go || true)" /usr/local/go/bin/go; do
    [[ -x "$candidate" ]] || continue
    # GOTOOLCHAIN=local: ask what is installed, and let nothing be fetched only to answer.
    version=$(GOTOOLCHAIN=local "$candidate" env GOVERSION 2>/dev/null) || continue
    version=${version#go}
    if [[ "$(printf '%s\n' "$go_needed" "${version%% *}" | sort -V | head -n 1)" == "$go_needed" ]]; then
      printf '%s\n' "$candidate"
      return 0
    fi
    say "found $candidate, but it is Go $version"
  done
  fail "Go $go_needed or newer is needed to build the tools, and there is none on PATH or in /usr/local/go/bin" \
    "Install it, put its bin directory on PATH, and run this again."
}
