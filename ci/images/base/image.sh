# shellcheck shell=bash disable=SC2154 # sourced after the files that assign what it uses (ci/cluster.d/load.sh)
# The base of our own programs' images: Debian with psql (SQL probes use it) and the certificate authorities.
# It is only ever a layer, shared by engine-api and pgcheck: a node keeps it once.

base_recipe() { hash_files "$images_source/base/image.sh" "$images_source/lib.sh"; }

base_layer() {
  local key
  key=$(base_recipe)
  # shellcheck disable=SC2016 # "$1" is the hook's own argument
  layer_ready base "$key" || layer_store_debian base "$key" bookworm postgresql-client-15,ca-certificates \
    --customize-hook='echo "app:x:65532:65532:app:/nonexistent:/usr/sbin/nologin" >>"$1/etc/passwd"' \
    --customize-hook='echo "app:x:65532:" >>"$1/etc/group"'
}
