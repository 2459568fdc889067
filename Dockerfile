# rollout as an image:   mvn -B -DskipTests package && buildah build -t rollout .   (or docker build)
#
# The first stage makes a Java runtime of the modules that are used, the start-up cache, and a root
# file system with just what these need; the last is that and nothing else: no shell, no package
# manager, nothing to log in to. JDK_IMAGE may be any Linux image with a JDK 25 and a shell.
ARG JDK_IMAGE=docker.io/library/eclipse-temurin:25-jdk
FROM ${JDK_IMAGE} AS build
RUN jlink --output /root-fs/opt/java --strip-java-debug-attributes --no-header-files --no-man-pages --compress zip-6 \
    --add-modules java.base,java.logging,java.management,java.naming,java.net.http,java.xml,jdk.crypto.ec,jdk.httpserver,jdk.management,jdk.unsupported
COPY target/lib /root-fs/opt/rollout/lib
COPY target/rollout.jar /root-fs/opt/rollout/rollout.jar
# The runtime's shared libraries, where the loader of the same system looks for them.
RUN set -e; cd /root-fs; mkdir -p etc tmp; chmod 1777 tmp; \
    find opt/java -name '*.so' -o -path '*/bin/java' | xargs -n 1 ldd 2>/dev/null \
      | sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p; s/^[[:space:]]*\(\/lib[^ ]*ld-[^ ]*\) .*/\1/p' | grep -v '^/root-fs' | sort -u \
      | while read -r file; do mkdir -p ".${file%/*}"; cp -L "$file" ".$file"; done; \
    echo 'rollout:x:65532:65532::/tmp:/none' > etc/passwd; \
    echo 'rollout:x:65532:' > etc/group; \
    echo 'hosts: files dns' > etc/nsswitch.conf
# The cache fits only the very runtime and jars, by their paths and dates, that made it: so it is
# made where they will be.
FROM scratch AS trained
COPY --from=build /root-fs /
RUN ["/opt/java/bin/java", "-Xlog:disable", "-XX:AOTCacheOutput=/opt/rollout/rollout.aot", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", "/opt/rollout/rollout.jar", "rollout.Training", "/tmp"]

FROM scratch
COPY --from=build /root-fs /
COPY --from=trained /opt/rollout/rollout.aot /opt/rollout/rollout.aot
USER 65532:65532
# It waits, mostly: what the second compiler takes is more than it gives back. The cache stays where it
# was made for, so that its pages are the file's, not copies of each process.
ENTRYPOINT ["/opt/java/bin/java", "-XX:AOTCache=/opt/rollout/rollout.aot", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+UnlockDiagnosticVMOptions", "-XX:ArchiveRelocationMode=0", "-XX:-UsePerfData", "-XX:+ExitOnOutOfMemoryError", "-Xlog:disable", "-jar", "/opt/rollout/rollout.jar"]
