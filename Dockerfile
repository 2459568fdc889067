# After `mvn -B -DskipTests package`:   buildah build -t rollout .   (or docker build)
# The first stage makes a Java runtime of the modules that are used, the second has only that.
FROM docker.io/library/eclipse-temurin:25-jdk AS runtime
RUN jlink --output /runtime --strip-debug --no-header-files --no-man-pages --compress zip-6 \
    --add-modules java.base,java.logging,java.management,java.naming,java.net.http,java.xml,jdk.crypto.ec,jdk.httpserver,jdk.management,jdk.unsupported

FROM docker.io/library/debian:13-slim
COPY --from=runtime /runtime /opt/java
COPY target/lib /opt/rollout/lib
COPY target/rollout.jar /opt/rollout/rollout.jar
# The cache must be made by the very runtime and jars that will use it.
RUN mkdir /tmp/training \
    && /opt/java/bin/java -XX:AOTCacheOutput=/opt/rollout/rollout.aot -XX:+UseSerialGC \
       -cp /opt/rollout/rollout.jar rollout.Training /tmp/training \
    && rm -r /tmp/training \
    && printf '#!/bin/sh\nexec /opt/java/bin/java -XX:AOTCache=/opt/rollout/rollout.aot -XX:+UseSerialGC -XX:-UsePerfData -Xlog:disable -jar /opt/rollout/rollout.jar "$@"\n' > /usr/local/bin/rollout \
    && chmod 755 /usr/local/bin/rollout
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/rollout"]
