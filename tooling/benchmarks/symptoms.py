"""Symptoms in words of our own, and the runbooks of the Prometheus operator project that would help."""

from __future__ import annotations

SYMPTOMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("the volume of a machine runs full", ("NodeFilesystemSpaceFillingUp", "NodeFilesystemAlmostOutOfSpace")),
    ("no free inodes left on the disk", ("NodeFilesystemAlmostOutOfFiles", "NodeFilesystemFilesFillingUp")),
    ("one disk of the mirror has died", ("NodeRAIDDiskFailure", "NodeRAIDDegraded")),
    (
        "clock of the server is wrong, time differs from NTP",
        ("NodeClockSkewDetected", "NodeClockNotSynchronising"),
    ),
    ("network card loses packets while sending", ("NodeNetworkTransmitErrs",)),
    ("errors on incoming packets of an interface", ("NodeNetworkReceiveErrs",)),
    ("link goes up and down all the time", ("NodeNetworkInterfaceFlapping",)),
    ("too many open files on the host", ("NodeFileDescriptorLimit",)),
    ("container restarts again and again", ("KubePodCrashLooping",)),
    ("image cannot be pulled, container does not start", ("KubeContainerWaiting", "KubePodNotReady")),
    ("machine does not answer any more and its pods were moved", ("KubeNodeUnreachable", "KubeNodeNotReady")),
    ("persistent volume claim has hardly any space", ("KubePersistentVolumeFillingUp",)),
    ("autoscaler is at its maximum number of replicas", ("KubeHpaMaxedOut",)),
    ("nightly batch job ended with an error", ("KubeJobFailed", "KubeJobCompletion")),
    (
        "certificate of the kubelet runs out next week",
        ("KubeletClientCertificateExpiration", "KubeletServerCertificateExpiration"),
    ),
    (
        "rollout of a deployment hangs, fewer pods than wanted",
        ("KubeDeploymentReplicasMismatch", "KubeDeploymentGenerationMismatch"),
    ),
    ("etcd has lost its leader and takes no writes", ("etcdNoLeader",)),
    ("etcd database is close to its size limit", ("etcdBackendQuotaLowSpace",)),
    ("slow disk makes etcd commits slow", ("etcdHighFsyncDurations",)),
    ("quorum is lost because members do not run", ("etcdInsufficientMembers", "etcdMembersDown")),
    (
        "alerts do not reach the pager",
        ("AlertmanagerFailedToSendAlerts", "AlertmanagerClusterFailedToSendAlerts"),
    ),
    (
        "monitoring configuration was changed and is refused",
        ("PrometheusBadConfig", "AlertmanagerFailedReload"),
    ),
    (
        "metrics do not reach the remote storage in time",
        (
            "PrometheusRemoteWriteBehind",
            "PrometheusRemoteStorageFailures",
            "PrometheusRemoteWriteDesiredShards",
        ),
    ),
    ("a scrape target is gone", ("TargetDown",)),
    ("API server burns through its error budget", ("KubeAPIErrorBudgetBurn",)),
    ("process is slowed down because it uses all its CPU share", ("CPUThrottlingHigh",)),
    ("scheduler is gone, new pods stay pending", ("KubeSchedulerDown",)),
    ("connection tracking table is almost full", ("NodeHighNumberConntrackEntriesUsed",)),
    ("different versions of components run in one cluster", ("KubeVersionMismatch",)),
    (
        "namespace has used up what it may use",
        ("KubeQuotaFullyUsed", "KubeQuotaAlmostFull", "KubeQuotaExceeded"),
    ),
)
