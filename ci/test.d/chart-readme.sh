#!/usr/bin/env bash
# The tables of values in the charts' READMEs are made from the comments in values.yaml.
# Usage: ci/test.d/chart-readme.sh           fails when a README is stale or a value has no comment
#        ci/test.d/chart-readme.sh --write   writes them
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 2

begin='<!-- values: made by ci/test.d/chart-readme.sh --write -->'

# A comment that begins with "# -- " describes the key after it; deeper lines of that key are its default.
table() {
  awk '
    function flush() {
      if (key != "") printf "| `%s` | %s | %s |\n", key, value == "" ? "see values.yaml" : "`" value "`", text
      key = ""
    }
    /^ *# @schema / { next }
    /^ *# -- / { flush(); text = $0; sub(/^ *# -- /, "", text); described = 1; next }
    /^ *#/ { if (described) { line = $0; sub(/^ *# ?/, "", line); text = text " " line }; next }
    /^ *$/ { next }
    /^ *[A-Za-z]+:/ {
      depth = match($0, /[^ ]/) - 1
      if (key != "" && depth > keydepth) next
      flush()
      name = $1; sub(/:$/, "", name)
      path[depth] = name
      full = ""
      for (d = 0; d <= depth; d += 2) full = full (d ? "." : "") path[d]
      rest = $0; sub(/^ *[A-Za-z]+: */, "", rest)
      if (described) { key = full; keydepth = depth; value = rest; gsub(/\|/, "\\|", text) }
      else if (rest != "") { print "no comment for " full > "/dev/stderr"; missing = 1 }
      described = 0
    }
    END { flush(); exit missing }' "$1/values.yaml"
}

made() {
  awk -v begin="$begin" '$0 == begin { exit } { print }' "$1/README.md"
  printf '%s\n## Values\n\n| value | default | what it is |\n|---|---|---|\n' "$begin"
  table "$1"
}

status=0
for chart in charts/tl-engine charts/redis-lab; do
  text=$(made "$chart") || { echo "$chart: the table cannot be made"; status=1; continue; }
  if [[ "${1:-}" == --write ]]; then
    printf '%s\n' "$text" >"$chart/README.md"
  elif [[ "$text" != "$(cat "$chart/README.md")" ]]; then
    echo "$chart/README.md is stale: ci/test.d/chart-readme.sh --write"
    status=1
  fi
done
exit $status
