#!/bin/bash
# prometheus-image.sh FOLDER - puts Debian's Prometheus and the libraries it needs into FOLDER, the root of an image.
set -euo pipefail
binary=$(command -v prometheus)
for file in "$binary" $(ldd "$binary" | grep -o '/[^ ]*'); do install -D "$file" "$1$file"; done
mkdir -p "$1/tmp"
