# Finds, and on Debian installs, what the scripts in the checkout's top directory need. POSIX sh, to be sourced; expects
# "out", a directory to write to, and "say", which prints one line for the user.
# shellcheck shell=sh

minimum_java=17
minimum_maven=3.8.6

# Sets java_major to the version of the Java in $1, 0 if there is none.
java_version_of() {
  java_major=0
  [ -x "$1/bin/java" ] || return 0
  version=
  if [ -r "$1/release" ]; then
    while IFS='=' read -r key value; do
      if [ "$key" = JAVA_VERSION ]; then version=${value#\"}; fi
    done <"$1/release"
  fi
  [ -n "$version" ] || version=$("$1/bin/java" -version 2>&1 | sed -n 's/.*version "\([^"]*\)".*/\1/p')
  version=${version%%[!0-9]*}
  java_major=${version:-0}
}

# Sets java_home and java_major to the first Java that is new enough; with "javac" as $1 one that can compile.
find_java() {
  on_path=$(command -v java || true)
  [ -z "$on_path" ] || on_path=$(readlink -f -- "$on_path" 2>/dev/null || echo "$on_path")
  for java_home in "${JAVA_HOME:-}" "${on_path%/bin/java}" \
    /usr/lib/jvm/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if [ -z "$java_home" ] || [ ! -x "$java_home/bin/$1" ]; then continue; fi
    java_version_of "$java_home"
    [ "$java_major" -lt "$minimum_java" ] || return 0
  done
  return 1
}

# As find_java javac; installs a JDK if there is none. Fails with a sentence.
need_jdk() {
  find_java javac && return 0
  apt_install openjdk-17-jdk-headless || apt_install default-jdk-headless || true
  find_java javac && return 0
  say "needs a Java Development Kit, $minimum_java or newer: install one (Debian: apt-get install default-jdk-headless) or set JAVA_HOME"
  return 1
}

# Sets maven to the Maven on the path, if it is new enough, else to the wrapper of the checkout in $1. Needs java_home.
find_maven() {
  maven=$1/mvnw
  command -v mvn >/dev/null 2>&1 || return 0
  version=$(JAVA_HOME=$java_home mvn -v 2>/dev/null | sed -n 's/.*Apache Maven \([0-9.]*\).*/\1/p')
  [ -n "$version" ] || return 0
  oldest=$(printf '%s\n' "$minimum_maven" "$version" | sort -t. -k1,1n -k2,2n -k3,3n | head -n 1)
  if [ "$oldest" = "$minimum_maven" ]; then maven=mvn; fi
}

# Sets as_root to what runs a command as root; fails if nothing does without asking.
find_root() {
  as_root=
  [ "$(id -u)" != 0 ] || return 0
  as_root='sudo -n'
  sudo -n true 2>/dev/null
}

# Runs apt-get as root, without questions.
apt_as_root() {
  # shellcheck disable=SC2086
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y "$@" </dev/null
}

# Installs the packages $@, if this is Debian (or near) and we may. Shows the end of apt's output if it fails.
apt_install() {
  command -v apt-get >/dev/null 2>&1 || return 1
  find_root || return 1
  say "installing $*"
  if apt_as_root install --no-install-recommends "$@" >"$out/apt.log" 2>&1; then return 0; fi
  # The lists of packages may be old, or not there at all.
  if apt_as_root update >"$out/apt.log" 2>&1 &&
    apt_as_root install --no-install-recommends "$@" >>"$out/apt.log" 2>&1; then return 0; fi
  tail -n 3 "$out/apt.log" >&2
  return 1
}

# Downloads the package $1 to the empty directory $2, as any user; nothing is installed.
apt_download() {
  (cd "$2" && apt-get -q download "$1") >"$out/apt.log" 2>&1 </dev/null && return 0
  find_root && apt_as_root update >"$out/apt.log" 2>&1 &&
    (cd "$2" && apt-get -q download "$1") >>"$out/apt.log" 2>&1 </dev/null
}

# Unpacks what $3... match of the package $1 into $2/root, which is then complete or not there.
apt_unpack() {
  package=$1
  place=$2
  shift 2
  command -v apt-get >/dev/null 2>&1 || return 1
  rm -rf "$place.new"
  mkdir -p "$place.new/root"
  say "downloading $package"
  apt_download "$package" "$place.new" || return 1
  dpkg-deb --fsys-tarfile "$place.new/$package"_*.deb >"$place.new/tar" || return 1
  # A pattern that matches nothing is no error: what is built into one kernel is a module in another.
  tar -C "$place.new/root" -xf "$place.new/tar" --wildcards "$@" 2>/dev/null || true
  rm -f "$place.new/tar" "$place.new/$package"_*.deb
  rm -rf "$place"
  mv "$place.new" "$place"
}

# Whether the program $1 needs no libraries.
is_static() {
  [ -x "$1" ] && ! ldd "$1" >/dev/null 2>&1
}

# A busybox for the guest: the host's if it is static, else one from Debian's package, which is not installed for it.
find_busybox() {
  [ -z "${SLIPWAY_GUEST_BUSYBOX:-}" ] || return 0
  is_static "$(command -v busybox || true)" && return 0
  if [ ! -d "$out/guest/busybox" ]; then
    apt_unpack busybox-static "$out/guest/busybox" '*/bin/busybox' || return 1
  fi
  for file in "$out"/guest/busybox/root/bin/busybox "$out"/guest/busybox/root/usr/bin/busybox; do
    if is_static "$file"; then
      export SLIPWAY_GUEST_BUSYBOX="$file"
      return 0
    fi
  done
  return 1
}

# A kernel for the guest: the host's newest if its image and modules can be read, else one from Debian's package, which is
# not installed: that would touch the boot loader.
find_kernel() {
  [ -z "${SLIPWAY_GUEST_KERNEL:-}" ] || return 0
  newest=
  for file in /boot/vmlinuz-*; do
    if [ -r "$file" ]; then newest=$file; fi
  done
  if [ -n "$newest" ] && [ -r "/lib/modules/${newest#/boot/vmlinuz-}/modules.dep" ]; then return 0; fi
  if [ ! -d "$out/guest/kernel" ]; then download_kernel || return 1; fi
  for file in "$out"/guest/kernel/root/boot/vmlinuz-*; do
    [ -r "$file" ] || return 1
    export SLIPWAY_GUEST_KERNEL="$file"
    export SLIPWAY_GUEST_MODULES="$out/guest/kernel/root/lib/modules/${file##*/vmlinuz-}"
  done
}

download_kernel() {
  command -v apt-cache >/dev/null 2>&1 || return 1
  depmod=$(PATH=$PATH:/usr/sbin:/sbin command -v depmod) || return 1
  image=$(apt-cache depends linux-image-amd64 2>/dev/null | sed -n 's/^ *Depends: *\(linux-image-[^ ]*\)$/\1/p' | head -n 1)
  if [ -z "$image" ] && find_root && apt_as_root update >"$out/apt.log" 2>&1; then
    image=$(apt-cache depends linux-image-amd64 2>/dev/null | sed -n 's/^ *Depends: *\(linux-image-[^ ]*\)$/\1/p' | head -n 1)
  fi
  [ -n "$image" ] || return 1
  # A small part of the package: the image, and the modules that a network card may need.
  apt_unpack "$image" "$out/guest/kernel" '*/boot/vmlinuz-*' '*/modules.order' '*/modules.builtin*' \
    '*/kernel/drivers/virtio/*' '*/kernel/drivers/net/virtio_net.ko*' '*/kernel/drivers/net/net_failover.ko*' \
    '*/kernel/drivers/net/ethernet/intel/e1000*' '*/kernel/net/core/*' '*/kernel/net/packet/*' || return 1
  root=$out/guest/kernel/root
  if [ -d "$root/usr/lib/modules" ] && [ ! -e "$root/lib" ]; then ln -s usr/lib "$root/lib"; fi
  for directory in "$root"/lib/modules/*; do
    "$depmod" -b "$root" "${directory##*/}" >"$out/depmod.log" 2>&1 || return 1
  done
}

# Finds or installs what a guest is made of, and exports SLIPWAY_GUEST_*. Sets guest_missing to what is not to be had.
find_guest() {
  guest_missing=
  if [ -z "${SLIPWAY_GUEST_QEMU:-}" ] && ! command -v qemu-system-x86_64 >/dev/null 2>&1; then
    apt_install qemu-system-x86 || guest_missing='qemu-system-x86_64 is missing (Debian: qemu-system-x86)'
  fi
  find_busybox || guest_missing="${guest_missing:+$guest_missing, }a static busybox is missing (Debian: busybox-static)"
  if [ -z "${SLIPWAY_GUEST_KERNEL:-}" ] && ! PATH=$PATH:/usr/sbin:/sbin command -v depmod >/dev/null 2>&1; then
    apt_install kmod || true
  fi
  find_kernel || guest_missing="${guest_missing:+$guest_missing, }a readable kernel with its modules is missing (Debian: linux-image-amd64)"
  [ -z "$guest_missing" ]
}
