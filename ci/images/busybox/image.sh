# shellcheck shell=bash
# A shell in two megabytes: the storage provisioner's helper pods, and a pod to look around with.

busybox_images() { echo busybox:dev; }
busybox_key() { hash_files "$images_source/busybox/image.sh" "$images_source/lib.sh"; }

busybox_build() {
  local key=$2 dir tool
  dir=$(mktemp -d)
  # The package is fetched without its dependencies: it is static and has none.
  (cd "$dir" && apt-get -o APT::Sandbox::User=root download busybox-static && dpkg-deb -x ./*.deb unpacked)
  mkdir -p "$dir/root"/{bin,etc,tmp}
  chmod 1777 "$dir/root/tmp"
  install -m 755 "$dir/unpacked/bin/busybox" "$dir/root/bin/busybox"
  for tool in $("$dir/root/bin/busybox" --list); do
    [[ "$tool" == busybox ]] || ln -s busybox "$dir/root/bin/$tool"
  done
  printf 'root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n' >"$dir/root/etc/passwd"
  printf 'root:x:0:\nnobody:x:65534:\n' >"$dir/root/etc/group"
  layer_store_dir busybox "$key" "$dir/root"
  rm -rf -- "$dir"
  image_assemble "$1" "$key" '{"User":"65534:65534","Env":["PATH=/bin"],"Cmd":["sh"]}' "busybox $key"
}
