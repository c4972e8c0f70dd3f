package io.tlengine.pgcheck.fact;

/** The API server's version, as it names it, for example v1.36.3. */
public record KubernetesServer(String version) {}
