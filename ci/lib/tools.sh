# shellcheck shell=bash disable=SC2154 # sourced after the files that assign what it uses (ci/cluster.d/load.sh)
# The pinned tools of ci/tools: built from source once, then taken from the cache. Needs say.sh, hash.sh and go.sh.

tools_source="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../tools" && pwd)"
tools_cache="$tl_cache/tools"

# In the order in which they are built: what is needed first, first.
tools_all=(crane registry kubernetes containerd etcd coredns local-path-provisioner helm4 helm3 helm-unittest kubeconform)

# The version that a released binary knows of itself. Without these the API server says v0.0.0-master, and Helm 3 takes
# every cluster that it cannot ask for Kubernetes 1.20.
tool_ldflags() {
  local version minor
  printf -- '-s -w'
  case $1 in
    kubernetes)
      version=$(awk '$1 == "k8s.io/kubernetes" && $2 ~ /^v/ { print $2; exit }' "$tools_source/kubernetes/go.mod")
      minor=${version#*.}
      printf ' -X k8s.io/component-base/version.gitVersion=%s' "$version"
      printf ' -X k8s.io/component-base/version.gitMajor=1'
      printf ' -X k8s.io/component-base/version.gitMinor=%s' "${minor%%.*}"
      ;;
    helm3)
      # client-go v0.N belongs to Kubernetes 1.N.
      minor=$(awk '$1 == "k8s.io/client-go" { sub("v0.", "", $2); print $2; exit }' "$tools_source/helm3/go.mod")
      local package
      for package in chartutil lint/rules; do
        printf -- ' -X helm.sh/helm/v3/pkg/%s.k8sVersionMajor=1' "$package"
        printf -- ' -X helm.sh/helm/v3/pkg/%s.k8sVersionMinor=%s' "$package" "${minor%%.*}"
      done
      ;;
  esac
}

# tool_links NAME: "link program" for each program of the module, as it shall be found on PATH.
tool_links() {
  case $1 in
    helm3) echo 'helm3 helm' ;;
    helm4) printf '%s\n' 'helm4 helm' 'helm helm' ;;
    etcd) echo 'etcd server' ;;
    kubernetes) local p; for p in kube-apiserver kube-controller-manager kube-proxy kube-scheduler kubectl kubelet; do echo "$p $p"; done ;;
    containerd) local p; for p in containerd containerd-shim-runc-v2 ctr; do echo "$p $p"; done ;;
    *) echo "$1 $1" ;;
  esac
}

go_command=''
go_version=''
tools_need_go() {
  [[ -z "$go_command" ]] || return 0
  go_command=$(find_go)
  go_version=$(cd "$tools_source" && "$go_command" version)
}

# program_key DIR LDFLAGS: changes with everything that decides what the binaries are.
program_key() {
  local files=("$1/go.mod")
  [[ ! -f "$1/go.sum" ]] || files+=("$1/go.sum")
  local source
  for source in "$1"/*.go; do [[ ! -f "$source" ]] || files+=("$source"); done
  hash_words "$(hash_files "${files[@]}")" "$2" "$go_version"
}

# program_build DIR LDFLAGS TARGET: into a directory beside the target, renamed when complete.
program_build() {
  local dir=$1 flags=$2 target=$3 packages=tool partial
  if compgen -G "$dir/*.go" >/dev/null; then packages=.; fi
  mkdir -p "$(dirname -- "$target")"
  partial=$(mktemp -d "$target.partial.XXXXXX")
  if ! (cd "$dir" && CGO_ENABLED=0 "$go_command" build -buildvcs=false -trimpath -ldflags "$flags" -o "$partial/" "$packages"); then
    rm -rf -- "$partial"
    return 1
  fi
  # Two runs may have built the same: the first one's stays.
  mv -T -- "$partial" "$target" 2>/dev/null || rm -rf -- "$partial"
  [[ -d "$target" ]]
}

# tool_dir NAME: where its binaries are, or will be.
tool_dir() { printf '%s/%s-%s\n' "$tools_cache" "$1" "$(program_key "$tools_source/$1" "$(tool_ldflags "$1")")"; }

# tools_build NAME...: builds what is missing and prints one directory with a link for each program.
tools_build() {
  local name target missing=() targets=()
  tools_need_go
  for name in "$@"; do
    [[ -f "$tools_source/$name/go.mod" ]] || fail "there is no tool '$name'" "There are: ${tools_all[*]}"
    target=$(tool_dir "$name")
    targets+=("$name=$target")
    [[ -d "$target" ]] || missing+=("$name")
  done
  if ((${#missing[@]} > 0)); then
    say_head "building ${#missing[@]} of $# tools from source: ${missing[*]}"
    mkdir -p "$tools_cache/log"
    remove_partials "$tools_cache"
    plan "${missing[@]/#/build }"
    for name in "${missing[@]}"; do
      run_step "build $name" "$tools_cache/log/$name.log" \
        program_build "$tools_source/$name" "$(tool_ldflags "$name")" "$(tool_dir "$name")" ||
        fail "the tool $name could not be built" "The whole log is $tools_cache/log/$name.log"
    done
  fi
  tools_link "${targets[@]}"
}

# tools_link NAME=DIR...: the directory's name is the hash of what it links, so two checkouts never fight over one.
tools_link() {
  local bin partial entry name dir link program
  bin="$tools_cache/bin-$(hash_words "$@")"
  if [[ ! -d "$bin" ]]; then
    mkdir -p "$tools_cache"
    partial=$(mktemp -d "$bin.partial.XXXXXX")
    chmod 755 "$partial"
    for entry in "$@"; do
      name=${entry%%=*} dir=${entry#*=}
      while read -r link program; do ln -s "$dir/$program" "$partial/$link"; done < <(tool_links "$name")
    done
    mv -T -- "$partial" "$bin" 2>/dev/null || rm -rf -- "$partial"
  fi
  printf '%s\n' "$bin"
}
