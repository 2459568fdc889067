#!/bin/sh
# image.sh NAME:TAG ARCHIVE - builds the Dockerfile where no registry can be reached, and writes the image to a file.
# Needs root, buildah and debootstrap. The base is Debian with the JDK 25 of this machine, made once and kept by buildah
# (ROLLOUT_BASE_IMAGE names another); target/ must be built. Everybody else: buildah build, or docker build.
set -eu
name=$1 archive=$2
cd "$(dirname "$(readlink -f "$0")")/../.."
base=${ROLLOUT_BASE_IMAGE:-localhost/rollout-jdk:25}
export BUILDAH_ISOLATION=chroot STORAGE_DRIVER="${STORAGE_DRIVER:-vfs}"

jdk() {
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*; do
    [ -x "$home/bin/jlink" ] && [ -r "$home/release" ] || continue
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release")
    [ "${version:-0}" -lt 25 ] || { readlink -f "$home"; return; }
  done
  echo 'image.sh: no JDK 25 with jlink found; set JAVA_HOME' >&2
  return 1
}

make_base() {
  home=$(jdk)
  root=$(mktemp -d "${TMPDIR:-/tmp}/rollout-base.XXXXXX")
  trap 'rm -rf "$root"' EXIT
  debootstrap --variant=minbase bookworm "$root" >"$root.log" 2>&1 || { tail -5 "$root.log" >&2; exit 1; }
  rm -f "$root.log"
  mkdir -p "$root/opt"
  cp -aL "$home" "$root/opt/jdk"              # its certificates may be a link to the system's
  rm -f "$root/opt/jdk/lib/src.zip"
  made=$(buildah from scratch)
  buildah add -q "$made" "$root" / >/dev/null
  buildah config --env PATH=/opt/jdk/bin:/usr/sbin:/usr/bin:/sbin:/bin "$made"
  buildah commit -q "$made" "$base" >/dev/null
  buildah rm "$made" >/dev/null
}

buildah inspect --type image "$base" >/dev/null 2>&1 || make_base
buildah build -q --build-arg JDK_IMAGE="$base" -t "$name" . >/dev/null
rm -f "$archive"
buildah push -q "$name" "docker-archive:$archive:docker.io/library/$name" >/dev/null
echo "$name: $(buildah images --format '{{.Size}}' "$name" | head -1) unpacked, $(gzip -c "$archive" | wc -c | awk '{printf "%.0f MB", $1 / 1e6}') to pull"
