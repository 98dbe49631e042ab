#!/usr/bin/env bash
# Makes a base image of the tests: an OCI image layout for linux/amd64 and linux/arm64 on which a self-contained ASP.NET Core app
# starts. Debian packages are unpacked and none of their scripts run, so no emulator is needed.
#
#   tests/make-base.sh [--dotnet] [--apt] [--with <Debian package>]… <folder>
#
# --dotnet adds .NET's shared frameworks, for framework-dependent apps; they come from NuGet, through the .NET SDK.
# --apt leaves the sources that the packages came from, and the keys they are signed with, as bases that others make have them.
# A layout that this script made with the same options is left alone; any other folder with something in it is refused.
set -euo pipefail

readonly suite=bookworm
packages=base-files,libc6,libgcc-s1,libstdc++6,zlib1g,libssl3,libicu72,ca-certificates,tzdata,busybox-static
title='MultiArch.Build test base'
readonly created=1980-01-01T00:00:01Z
export SOURCE_DATE_EPOCH=315532801   # $created in seconds: the same packages give the same bytes
export LC_ALL=C

say() { printf 'make-base: %s\n' "$*" >&2; }
fail() { say "error: $*"; exit 1; }

is_ours() { grep -qsF "\"org.opencontainers.image.title\":\"$title\"" "$1/index.json"; }

dotnet=
forget_sources='etc/apt/sources.list etc/apt/sources.list.d/*'
while [[ $# -gt 1 ]]; do
  case $1 in
    --dotnet)
      dotnet=yes title+=' with .NET'
      shift
      ;;
    --apt)
      forget_sources= packages+=,debian-archive-keyring title+=' with sources'
      shift
      ;;
    --with)
      packages+=,$2 title+=" with $2"
      shift 2
      ;;
    *) break ;;
  esac
done
[[ $# -eq 1 && -n $1 && $1 != -* ]] || fail 'usage: tests/make-base.sh [--dotnet] [--apt] [--with <Debian package>]… <folder>'
readonly packages title dotnet forget_sources
folder=${1%/}
if is_ours "$folder"; then
  say "$folder is made already"
  exit 0
fi
if [[ -e $folder && ! -d $folder ]]; then
  fail "$folder is not a folder"
fi
if [[ -d $folder && -n $(ls -A "$folder") ]]; then
  fail "$folder is not empty and not a layout of this script: give another folder"
fi
for tool in mmdebstrap dpkg-deb tar gzip sha256sum ${dotnet:+dotnet jq}; do
  command -v "$tool" > /dev/null || fail "$tool is not installed (tests/install-tools.sh installs it)"
done

mkdir -p "$(dirname "$folder")"
# Beside the target, so that the last step is one rename; not below a folder that only root can enter.
work=$(mktemp -d "$(dirname "$folder")/.make-base.XXXXXX")
readonly work
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
readonly blobs=$work/layout/blobs/sha256
mkdir -p "$blobs"

# The machine's own package sources when they have the suite, with their keys and mirrors; else those that mmdebstrap knows.
sources=()
while IFS= read -r file; do
  sources+=("$file")
done < <(grep -lsE "^(Suites:|deb[[:space:]]).*[[:space:]]$suite([[:space:]]|\$)" \
  /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources || true)

# Before unpacking: merged /usr, where the loaders of both architectures are looked for.
# shellcheck disable=SC2016 # expanded by mmdebstrap's shell
readonly merge_usr='
  set -eu
  for name in bin sbin lib lib64; do
    mkdir -p "$1/usr/$name"
    ln -s "usr/$name" "$1/$name"
  done'

# After unpacking: what the packages'"'"' own scripts would have written.
# shellcheck disable=SC2016
readonly finish='
  set -eu
  cd "$1"
  # Not every architecture has a lib64.
  if rmdir usr/lib64 2> /dev/null; then rm lib64; fi
  ln -s busybox usr/bin/sh
  printf "%s\n" \
    "root:x:0:0:root:/root:/bin/sh" \
    "daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin" \
    "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin" \
    "app:x:1654:1654::/home/app:/bin/sh" > etc/passwd
  printf "%s\n" "root:x:0:" "daemon:x:1:" "nogroup:x:65534:" "app:x:1654:" > etc/group
  mkdir -p home/app
  chown 1654:1654 home/app
  chmod 1777 tmp
  cp usr/share/libc-bin/nsswitch.conf etc/nsswitch.conf 2> /dev/null || printf "%s\n" "passwd: files" "group: files" "hosts: files dns" > etc/nsswitch.conf
  cat usr/share/ca-certificates/mozilla/*.crt > etc/ssl/certs/ca-certificates.crt
  # dpkg'"'"'s list of what is installed, as bases have it.
  for package in var/cache/apt/archives/*.deb; do
    dpkg-deb --field "$package" | sed "/^Package:/a Status: install ok installed"
    echo
  done > var/lib/dpkg/status
  # What names the building machine, and what no program reads.
  rm -rf etc/hostname etc/resolv.conf '"$forget_sources"' usr/share/man usr/share/lintian usr/share/info usr/share/zoneinfo/posix usr/share/zoneinfo/right
  find usr/share/doc -type f ! -name copyright -delete'

# add_dotnet <architecture>: unpacks the runtime packs as an installed .NET has them, below <architecture>.dotnet.
add_dotnet() {
  local rid=linux-${1/amd/x} root=$work/$1.dotnet project=$work/$1.project/frameworks.csproj pack name version packed
  mkdir -p "$root/usr/bin" "$(dirname "$project")"
  printf '%s' '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework><SelfContained>true</SelfContained></PropertyGroup><ItemGroup><FrameworkReference Include="Microsoft.AspNetCore.App" /></ItemGroup></Project>' > "$project"
  dotnet msbuild "$project" -restore -nodeReuse:false -p:RuntimeIdentifier="$rid" -t:ResolveFrameworkReferences -getItem:ResolvedRuntimePack > "$work/$1.packs" \
    || { cat "$work/$1.packs" >&2; fail "the runtime packs for $rid cannot be restored (the output is above)"; }
  while read -r name version pack; do
    packed=$pack/runtimes/$rid
    mkdir -p "$root/usr/share/dotnet/shared/$name/$version" "$root/usr/share/dotnet/host/fxr/$version"
    find "$packed" -type f -exec cp -t "$root/usr/share/dotnet/shared/$name/$version" {} +
    mv "$root/usr/share/dotnet/shared/$name/$version/libhostfxr.so" "$root/usr/share/dotnet/host/fxr/$version/" 2> /dev/null || rmdir --ignore-fail-on-non-empty "$root/usr/share/dotnet/host/fxr/$version"
  done < <(jq -r '.Items.ResolvedRuntimePack[] | "\(.FrameworkName) \(.NuGetPackageVersion) \(.PackageDirectory)"' "$work/$1.packs")
  # The program dotnet itself is not on NuGet. What it does for an image, starting <app>.dll, the app's own executable does: it finds the frameworks by DOTNET_ROOT.
  # shellcheck disable=SC2016 # expanded in the image
  printf '%s\n' '#!/bin/sh' 'app=$1' 'shift' 'exec "${app%.dll}" "$@"' > "$root/usr/bin/dotnet"
  find "$root" -type f -exec chmod 644 {} +
  chmod 755 "$root/usr/bin/dotnet"
}

# make_layer <architecture>: leaves the layer's blob and the files <architecture>.{diff,layer,size} in the work folder.
make_layer() {
  local architecture=$1 tar=$work/$1.tar frameworks=()
  if [[ -n $dotnet ]]; then
    add_dotnet "$architecture"
    frameworks=(--extract-hook="cp -R --no-preserve=ownership '$work/$architecture.dotnet/.' \"\$1\"")
  fi
  if ! mmdebstrap --quiet --variant=extract --architectures="$architecture" --include="$packages" --skip=output/dev \
      --setup-hook="$merge_usr" --extract-hook="$finish" ${frameworks[@]+"${frameworks[@]}"} "$suite" "$tar" ${sources[@]+"${sources[@]}"} 2> "$work/$architecture.log" < /dev/null; then
    cat "$work/$architecture.log" >&2
    fail "mmdebstrap could not unpack $suite for $architecture (its output is above)"
  fi

  sha256 "$tar" > "$work/$architecture.diff"
  gzip -n "$tar"
  sha256 "$tar.gz" > "$work/$architecture.layer"
  stat -c %s "$tar.gz" > "$work/$architecture.size"
  mv "$tar.gz" "$blobs/$(< "$work/$architecture.layer")"
}

sha256() { sha256sum < "$1" | cut -d ' ' -f 1; }

# add_document <media type> <json>: stores a blob and prints the start of its descriptor, without the closing brace.
add_document() {
  local hash
  printf '%s' "$2" > "$work/document"
  hash=$(sha256 "$work/document")
  printf '{"mediaType":"%s","digest":"sha256:%s","size":%d' "$1" "$hash" "$(stat -c %s "$work/document")"
  mv "$work/document" "$blobs/$hash"
}

say "unpacking $suite for amd64 and arm64 from ${sources[*]:-mmdebstrap\'s own sources}"
make_layer amd64 & amd64=$!
make_layer arm64 & arm64=$!
failed=
wait "$amd64" || failed=yes
wait "$arm64" || failed=yes
[[ -z $failed ]] || exit 1

readonly oci=application/vnd.oci.image
manifests=
for architecture in amd64 arm64; do
  config=$(add_document "$oci.config.v1+json" "{\"created\":\"$created\",\"architecture\":\"$architecture\",\"os\":\"linux\",\"config\":{\"Env\":[\"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\",\"APP_UID=1654\",\"ASPNETCORE_HTTP_PORTS=8080\",\"DOTNET_RUNNING_IN_CONTAINER=true\"${dotnet:+,\"DOTNET_ROOT=/usr/share/dotnet\"}]},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:$(< "$work/$architecture.diff")\"]},\"history\":[{\"created\":\"$created\",\"created_by\":\"tests/make-base.sh $suite $architecture\"}]}")
  manifest=$(add_document "$oci.manifest.v1+json" "{\"schemaVersion\":2,\"mediaType\":\"$oci.manifest.v1+json\",\"config\":$config},\"layers\":[{\"mediaType\":\"$oci.layer.v1.tar+gzip\",\"digest\":\"sha256:$(< "$work/$architecture.layer")\",\"size\":$(< "$work/$architecture.size")}]}")
  manifests+="${manifests:+,}$manifest,\"platform\":{\"architecture\":\"$architecture\",\"os\":\"linux\"}}"
  say "linux/$architecture: $(< "$work/$architecture.size") bytes"
done
index=$(add_document "$oci.index.v1+json" "{\"schemaVersion\":2,\"mediaType\":\"$oci.index.v1+json\",\"manifests\":[$manifests]}")

printf '{"imageLayoutVersion":"1.0.0"}' > "$work/layout/oci-layout"
printf '{"schemaVersion":2,"mediaType":"%s","manifests":[%s,"annotations":{"org.opencontainers.image.ref.name":"latest"}}],"annotations":{"org.opencontainers.image.title":"%s"}}' \
  "$oci.index.v1+json" "$index" "$title" > "$work/layout/index.json"

# Two calls at once: the first to finish wins, and both have a layout.
rmdir "$folder" 2> /dev/null || true
mv -T "$work/layout" "$folder" 2> /dev/null || is_ours "$folder" || fail "$folder cannot be written"
say "made $folder"
