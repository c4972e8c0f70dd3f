# shellcheck shell=bash disable=SC2154 # sourced after the files that assign what it uses (ci/cluster.d/load.sh)
# Redis as Debian packages it, with the user id of the official image, for charts/redis-lab.

redis_images() { echo redis:7; }
redis_key() { hash_files "$images_source/redis/image.sh" "$images_source/lib.sh"; }

redis_build() {
  local image=$1 key=$2
  # redis must have uid 999 before the package would choose another one.
  # shellcheck disable=SC2016 # "$1" is the hook's own argument
  layer_store_debian redis "$key" bookworm redis-server \
    --essential-hook='echo "redis:x:999:999:Redis:/var/lib/redis:/usr/sbin/nologin" >>"$1/etc/passwd"' \
    --essential-hook='echo "redis:!:19000:0:99999:7:::" >>"$1/etc/shadow"' \
    --essential-hook='echo "redis:x:999:" >>"$1/etc/group"'
  image_assemble "$image" "$key" '{"User":"999:999","Cmd":["redis-server"]}' "redis $key"
}
