# shellcheck shell=bash disable=SC2154 # sourced after the files that assign what it uses (ci/cluster.d/load.sh)
# A shell in two megabytes: the storage provisioner's helper pods, and a pod to look around with.

busybox_images() { echo busybox:dev; }
busybox_key() { hash_files "$images_source/busybox/image.sh" "$images_source/lib.sh"; }

busybox_build() {
  local key=$2 dir tool
  dir=$(mktemp -d)
  # The package is fetched without its dependencies: it is static and has none.
  (cd "$dir" && apt-get -o APT::Sandbox::User=root download busybox-static && dpkg-deb -x ./*.deb unpacked)
  mkdir -p "$dir/files"/{bin,etc,tmp}
  chmod 1777 "$dir/files/tmp"
  install -m 755 "$dir/unpacked/bin/busybox" "$dir/files/bin/busybox"
  for tool in $("$dir/files/bin/busybox" --list); do
    [[ "$tool" == busybox ]] || ln -s busybox "$dir/files/bin/$tool"
  done
  printf 'root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n' >"$dir/files/etc/passwd"
  printf 'root:x:0:\nnobody:x:65534:\n' >"$dir/files/etc/group"
  layer_store_dir busybox "$key" "$dir/files"
  rm -rf -- "$dir"
  image_assemble "$1" "$key" '{"User":"65534:65534","Env":["PATH=/bin"],"Cmd":["sh"]}' "busybox $key"
}
