# shellcheck shell=bash disable=SC2154 # sourced after the files that assign what it uses (ci/cluster.d/load.sh)
# The list of images, and building those that are not in the cache.

for part in base pause busybox postgres redis exporter engine-api pgcheck; do
  # shellcheck source=/dev/null
  source "$images_source/$part/image.sh"
done

# In the order in which they are built. pgcheck is last and only there when the plugin's jar is.
images_folders=(pause busybox postgres redis exporter engine-api pgcheck)

# images_known: every image that can be built now, as "FOLDER IMAGE".
images_known() {
  local folder image
  for folder in "${images_folders[@]}"; do
    [[ "$folder" != pgcheck || -f "$pgcheck_jar" ]] || continue
    for image in $("${folder//-/_}_images"); do printf '%s %s\n' "$folder" "$image"; done
  done
}

# images_build [NAME...]: NAME is pause, postgres, postgres:15, ... Prints "IMAGE FILE DIGEST" for each.
images_build() {
  local wanted=("$@") folder image key missing=() all=() entry
  tools_need_go
  while read -r folder image; do
    images_wanted "$folder" "$image" "${wanted[@]}" || continue
    key=$("${folder//-/_}_key" "$image")
    all+=("$folder $image $key")
    image_ready "$image" "$key" || missing+=("$folder $image $key")
  done < <(images_known)
  ((${#all[@]} > 0)) || fail "there is no image ${wanted[*]}" "There are: $(images_known | awk '{ printf "%s ", $2 }')" \
    "pgcheck can be built when $pgcheck_jar is there: run mvn package first."
  if ((${#missing[@]} > 0)); then
    say_head "building ${#missing[@]} of ${#all[@]} images"
    mkdir -p "$images_cache/log"
    local labels=()
    for entry in "${missing[@]}"; do
      read -r folder image key <<<"$entry"
      labels+=("image $image")
    done
    plan "${labels[@]}"
    for entry in "${missing[@]}"; do
      read -r folder image key <<<"$entry"
      run_step "image $image" "$images_cache/log/${image//:/-}.log" image_build_one "$folder" "$image" "$key" ||
        fail "the image $image could not be built" "The whole log is $images_cache/log/${image//:/-}.log"
      images_forget_old "$image"
    done
    remove_partials "$images_cache"
    remove_partials "$images_cache/layers"
  fi
  for entry in "${all[@]}"; do
    read -r folder image key <<<"$entry"
    printf '%s %s %s\n' "$image" "$(image_file "$image" "$key")" "$(cat "$(image_file "$image" "$key").digest")"
  done
}

# images_forget_old IMAGE: keeps the two newest; each new jar of the plugin makes another one.
images_forget_old() {
  local file
  find "$images_cache" -maxdepth 1 -name "${1//:/-}-*.tar" -printf '%T@ %p\n' | sort -rn | tail -n +3 | cut -d ' ' -f 2- |
    while read -r file; do rm -f -- "$file" "$file.digest"; done
  find "$images_cache/layers" -maxdepth 1 -name "${1%%:*}-[0-9a-f]*.tar.gz" -printf '%T@ %p\n' | sort -rn | tail -n +5 | cut -d ' ' -f 2- |
    while read -r file; do rm -f -- "$file" "$file.diffid"; done
}

# In a shell of its own with -e: inside run_step's `||` bash would go on after a failed command.
image_build_one() {
  # shellcheck disable=SC2016 # expanded by the inner shell
  bash -euo pipefail -c 'source "$1/../lib/say.sh"; source "$1/../lib/hash.sh"; source "$1/../lib/go.sh"
    source "$1/../lib/tools.sh"; source "$1/lib.sh"
    [[ ! -f "$1/../lib/java.sh" ]] || source "$1/../lib/java.sh"
    source "$1/all.sh"
    work=$(mktemp -d "$images_cache/work.partial.XXXXXX"); export TMPDIR=$work
    trap "rm -rf -- \"$work\"" EXIT
    tools_need_go; "${2//-/_}_build" "$3" "$4"' image "$images_source" "$1" "$2" "$3"
}

images_wanted() {
  local folder=$1 image=$2 name
  shift 2
  (($# > 0)) || return 0
  for name in "$@"; do [[ "$name" != "$folder" && "$name" != "$image" ]] || return 0; done
  return 1
}
