# shellcheck shell=bash disable=SC2154 # sourced after the files that assign what it uses (ci/cluster.d/load.sh)
# The container that holds a pod's namespaces.

pause_images() { echo pause:latest; }
pause_key() { hash_words "$(hash_files "$images_source"/pause/{image.sh,main.go,go.mod} "$images_source/lib.sh")" "$go_version"; }

pause_build() {
  local key=$2 program dir
  program=$(image_go_program "$images_source/pause")
  dir=$(mktemp -d)
  install -m 755 "$program/pause" "$dir/pause"
  layer_store_dir pause "$key" "$dir"
  rm -rf -- "$dir"
  image_assemble "$1" "$key" '{"User":"65535:65535","Entrypoint":["/pause"]}' "pause $key"
}
