# shellcheck shell=bash disable=SC2034,SC2154 # sourced after the files that assign what it uses (ci/cluster.d/load.sh)
# Building container images without a container engine: a layer is a compressed tar, an image is a tar of layers and a
# configuration (the `docker save` form, which crane pushes). Needs say.sh, hash.sh, go.sh, tools.sh.

images_source="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"
images_cache="$tl_cache/images"
registry_name=localhost:5001

# ---- layers -------------------------------------------------------------------------------------------------
# A layer in the cache is NAME-KEY.tar.gz, and beside it .diffid, the digest of the uncompressed tar that an image's
# configuration names. The .diffid is written last: a layer without one is not there.

layer_file() { printf '%s/layers/%s-%s.tar.gz\n' "$images_cache" "$1" "$2"; }
layer_ready() { [[ -f "$(layer_file "$1" "$2").diffid" ]]; }

# layer_store NAME KEY TAR: -n and -1, so that the same tar gives the same bytes each time, and soon.
layer_store() {
  local file partial diffid
  file=$(layer_file "$1" "$2")
  mkdir -p "$(dirname -- "$file")"
  diffid=$(sha256sum <"$3" | cut -d ' ' -f 1)
  partial=$(mktemp "$file.partial.XXXXXX")
  gzip -n -1 <"$3" >"$partial"
  mv -f -- "$partial" "$file"
  printf 'sha256:%s\n' "$diffid" >"$file.diffid.partial"
  mv -f -- "$file.diffid.partial" "$file.diffid"
}

# layer_store_dir NAME KEY DIR: the same bytes for the same files.
layer_store_dir() {
  local tar
  tar=$(mktemp)
  tar -C "$3" --sort=name --mtime=@0 --numeric-owner --owner=0 --group=0 --format=gnu -cf "$tar" .
  layer_store "$1" "$2" "$tar"
  rm -f -- "$tar"
}

# ---- Debian -------------------------------------------------------------------------------------------------

# debian_sources SUITE: apt lines with the mirrors that this host itself uses, so that no mirror is named here.
debian_sources() {
  local main security
  main=$(debian_mirror Debian)
  [[ -n "$main" ]] || main="${TL_DEBIAN_MIRROR:-}"
  [[ -n "$main" ]] || fail "no Debian mirror is configured on this host, so the images' file systems cannot be made" \
    "On Debian: check /etc/apt/sources.list and run apt-get update." \
    "Elsewhere: set TL_DEBIAN_MIRROR to the address of a Debian mirror."
  printf 'deb %s %s main\n' "$main" "$1"
  security=$(debian_mirror Debian-Security)
  [[ -z "$security" ]] || printf 'deb %s %s-security main\n' "$security" "$1"
}

# debian_mirror LABEL: Debian or Debian-Security.
debian_mirror() {
  apt-get indextargets --format "\$(LABEL) \$(SITE) \$(REPO_URI)" 'Created-By: Packages' 2>/dev/null |
    awk -v label="$1" '$1 == label { print $3; exit }'
}

# layer_store_debian NAME KEY SUITE PACKAGES HOOK...: a small Debian. Documentation and translations are never unpacked;
# the package lists and caches are removed by mmdebstrap itself.
layer_store_debian() {
  local name=$1 key=$2 suite=$3 packages=$4 tar sources
  shift 4
  mapfile -t sources < <(debian_sources "$suite")
  ((${#sources[@]} > 0)) || return 1
  tar=$(mktemp)
  # SOURCE_DATE_EPOCH: the files' times would differ from build to build otherwise.
  SOURCE_DATE_EPOCH=0 mmdebstrap --variant=minbase --mode=root --format=tar \
    --include="$packages" \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/info/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-exclude=/usr/share/lintian/*' --dpkgopt='path-exclude=/usr/share/bug/*' \
    "$@" "$suite" "$tar" "${sources[@]}"
  layer_store "$name" "$key" "$tar"
  rm -f -- "$tar"
}

# ---- images -------------------------------------------------------------------------------------------------

image_file() { printf '%s/%s-%s.tar\n' "$images_cache" "${1//[:\/]/-}" "$2"; }
image_ready() { [[ -f "$(image_file "$1" "$2").digest" ]]; }

json_strings() {
  local word first=1
  printf '['
  for word in "$@"; do
    ((first)) || printf ','
    first=0
    printf '"%s"' "$word"
  done
  printf ']'
}

# image_assemble NAME:TAG KEY CONFIG LAYER...: CONFIG is the inner JSON object of an image's configuration (User, Env,
# Entrypoint, ...), each LAYER "NAME KEY" of the cache. The platform must be named or containerd refuses the image.
image_assemble() {
  local image=$1 key=$2 config=$3 file partial layer layer_path names=() diffids=()
  shift 3
  file=$(image_file "$image" "$key")
  mkdir -p "$images_cache"
  partial=$(mktemp -d "$file.partial.XXXXXX")
  for layer in "$@"; do
    # shellcheck disable=SC2086 # two words: the layer's name and key
    layer_path=$(layer_file $layer)
    ln -s -- "$layer_path" "$partial/$(basename -- "$layer_path")"
    names+=("$(basename -- "$layer_path")")
    diffids+=("$(cat "$layer_path.diffid")")
  done
  printf '{"architecture":"%s","os":"linux","created":"1970-01-01T00:00:00Z","config":%s,"rootfs":{"type":"layers","diff_ids":%s}}' \
    "$(image_architecture)" "$config" "$(json_strings "${diffids[@]}")" >"$partial/config.json"
  printf '[{"Config":"config.json","RepoTags":["%s/%s"],"Layers":%s}]' \
    "$registry_name" "$image" "$(json_strings "${names[@]}")" >"$partial/manifest.json"
  tar -C "$partial" --dereference --exclude=image.tar -cf "$partial/image.tar" manifest.json config.json "${names[@]}"
  crane digest --tarball "$partial/image.tar" >"$partial/digest"
  mv -f -- "$partial/image.tar" "$file"
  mv -f -- "$partial/digest" "$file.digest"
  rm -rf -- "$partial"
}

image_architecture() {
  case "$(uname -m)" in
    x86_64) echo amd64 ;;
    aarch64) echo arm64 ;;
    *) uname -m ;;
  esac
}

# A small static Go program of this folder, built like a tool. Prints the directory that has it.
image_go_program() {
  local dir=$1 target
  tools_need_go
  target="$images_cache/programs/$(basename -- "$dir")-$(program_key "$dir" '-s -w')"
  [[ -d "$target" ]] || program_build "$dir" '-s -w' "$target" >&2
  printf '%s\n' "$target"
}
