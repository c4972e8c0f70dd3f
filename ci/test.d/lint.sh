#!/usr/bin/env bash
# What can be said about the scripts and texts without running them.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 2
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh

shell_files() {
  git ls-files --cached --others --exclude-standard -- ci .ci plugin/bin charts |
    while read -r file; do
      if [[ -f "$file" ]] && { [[ "$file" == *.sh ]] || head -n 1 "$file" | grep -qE '^#!.*\b(ba)?sh$'; }; then
        echo "$file"
      fi
    done
}

mapfile -t shell < <(shell_files)
for file in "${shell[@]}"; do
  check "shellcheck: $file" shellcheck -x "$file"
done
((${#shell[@]} > 20)) || not_ok "the list of shell files is not empty by mistake" "${shell[*]}"

# A checkout may be anywhere, and registries are the machine's own matter.
no_machine_paths() {
  ! git grep -nE '/(root|work|farm)/[a-z.]|/home/[a-z]' -- . ':!ci/test.d/lint.sh'
}
check "no path of a machine in the repository" no_machine_paths
no_registry_hosts() {
  ! git grep -niE 'https?://[a-z0-9.-]*(golang|maven\.apache|npmjs|pypi|debian|crates)\.[a-z]+' -- . \
    ':!ci/test.d/lint.sh' ':!pom.xml' ':!plugin/pom.xml'
}
check "no package registry's address in the repository" no_registry_hosts
check "every script of ci is executable" bash -c '
  for f in ci/cluster ci/outside-db ci/package ci/quickstart ci/test .ci/run plugin/bin/pgcheck ci/test.d/*.sh; do
    [[ -x $f ]] || { echo "$f is not"; exit 1; }
  done'

finish lint
