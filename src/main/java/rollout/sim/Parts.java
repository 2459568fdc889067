package rollout.sim;

/** The parts of a world that the cluster port of a program reaches. */
record Parts(
    Store store,
    VirtualTime time,
    ApiServer api,
    Watches watches,
    Kubelet kubelet,
    PodLogs logs,
    Proxied proxied) {}
