#!/usr/bin/env bash
# Installs with apt what the tests run beside .NET: registries and clients that are not ours, and what starts an image of another
# architecture. Only what is missing, without questions. Where something cannot be had it says so and goes on: the tests that need it say it again.
set -euo pipefail

# program=package
readonly tools=(
  docker-registry=docker-registry
  nginx=nginx-light
  htpasswd=apache2-utils
  skopeo=skopeo
  buildah=buildah
  podman=podman
  runc=runc
  umoci=umoci
  containerd=containerd
  mmdebstrap=mmdebstrap
  qemu-aarch64-static=qemu-user-static
  update-binfmts=binfmt-support
  jq=jq
  zstd=zstd
  xz=xz-utils
  dpkg-deb=dpkg
  gpg=gnupg
  gpgv=gpgv
  unshare=util-linux
  gcc=gcc
  make=make
  file=file
)
# Native AOT links for the other architecture with these; the second has no program to look for.
if [[ $(uname -m) == aarch64 ]]; then
  readonly cross=x86_64-linux-gnu cross_library=libc6-dev-amd64-cross
else
  readonly cross=aarch64-linux-gnu cross_library=libc6-dev-arm64-cross
fi

# Programs that only root runs are in folders that a user's PATH leaves out.
export PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

say() { printf 'install-tools: %s\n' "$*"; }

if [[ $(id -u) -eq 0 ]]; then
  as_root() { "$@"; }
elif command -v sudo > /dev/null; then
  as_root() { sudo --preserve-env=DEBIAN_FRONTEND -n "$@"; }
else
  as_root() { return 1; }
fi

find_missing() {
  missing=()
  local tool
  for tool in "${tools[@]}"; do
    command -v "${tool%%=*}" > /dev/null || missing+=("${tool#*=}")
  done
  command -v "$cross-gcc" > /dev/null || missing+=("gcc-${cross//_/-}")
  [[ -e /usr/$cross/lib/crt1.o ]] || missing+=("$cross_library")
  # mmdebstrap's own sources for Debian need Debian's keys, which another distribution does not have.
  [[ -e /usr/share/keyrings/debian-archive-keyring.gpg ]] || missing+=(debian-archive-keyring)
}

install_missing() {
  local apt=(apt-get --yes --quiet=2 --no-install-recommends -o DPkg::Lock::Timeout=300) package log
  export DEBIAN_FRONTEND=noninteractive
  log=$(mktemp)
  say "installing ${missing[*]}"
  as_root apt-get --quiet=2 -o DPkg::Lock::Timeout=300 update > "$log" 2>&1 || say "apt-get update failed: $(tail -n 1 "$log")"
  if ! as_root "${apt[@]}" install "${missing[@]}" > "$log" 2>&1; then
    # One name that this distribution does not have keeps none of the others out.
    for package in "${missing[@]}"; do
      as_root "${apt[@]}" install "$package" > "$log" 2>&1 || say "$package cannot be installed: $(tail -n 1 "$log")"
    done
  fi
  rm -f "$log"
}

# Lets the kernel start programs of the other architecture: a container or a machine without systemd has nobody who does it at boot.
enable_emulation() {
  local other=aarch64 folder=/proc/sys/fs/binfmt_misc conf
  [[ $(uname -m) != aarch64 ]] || other=x86_64

  if [[ ! -e $folder/register ]]; then
    [[ -d $folder ]] || as_root modprobe binfmt_misc 2> /dev/null || true
    if ! as_root mount -t binfmt_misc binfmt_misc "$folder" 2> /dev/null; then
      say "binfmt_misc cannot be mounted on $folder: images of $other start through qemu-$other-static"
      return
    fi
    say "mounted binfmt_misc on $folder"
  fi

  if [[ ! -e $folder/qemu-$other ]]; then
    as_root update-binfmts --enable "qemu-$other" 2> /dev/null || true
    conf=/usr/lib/binfmt.d/qemu-$other.conf
    if [[ ! -e $folder/qemu-$other && -e $conf ]]; then
      # shellcheck disable=SC2016 # expanded by the inner shell, which may be root's
      as_root sh -c 'cat "$1" > "$2"' sh "$conf" "$folder/register" 2> /dev/null || true
    fi
  fi

  if [[ -e $folder/qemu-$other ]]; then
    say "programs for $other start through binfmt_misc"
  else
    say "binfmt_misc does not take qemu-$other: images of $other start through qemu-$other-static"
  fi
}

find_missing
if [[ ${#missing[@]} -eq 0 ]]; then
  say 'every tool is there'
elif command -v apt-get > /dev/null; then
  install_missing
  find_missing
  [[ ${#missing[@]} -eq 0 ]] || say "still missing: ${missing[*]}; the tests that need them do not run"
else
  say "no apt here: install ${missing[*]} by your system's own means; the tests that need them do not run"
fi

if [[ $(uname -s) == Linux ]]; then
  enable_emulation
fi
