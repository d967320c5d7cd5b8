"""Words of Kubernetes with a sentence each, and where its documentation has more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

DOCS = "https://kubernetes.io/docs/"
POD_LIFE = "concepts/workloads/pods/pod-lifecycle/"
PROBES = "tasks/configure-pod-container/configure-liveness-readiness-startup-probes/"
EVICTION = "concepts/scheduling-eviction/"
PVS = "concepts/storage/persistent-volumes/"


@dataclass(frozen=True, slots=True)
class Term:
    """A word to look up."""

    word: str
    sentence: str
    link: str


def term(word: str) -> Term:
    sentence, path = GLOSSARY[word]
    return Term(word, sentence, DOCS + path)


GLOSSARY: Mapping[str, tuple[str, str]] = {
    "CrashLoopBackOff": (
        "A container that ends again and again is started again after a wait that doubles each time.",
        POD_LIFE + "#restart-policy",
    ),
    "Exit code": ("The number with which a process ends: 0 is well, 137 is killed.", POD_LIFE + "#container-states"),
    "OOMKilled": (
        "The kernel ends a container that takes more memory than its limit.",
        "concepts/configuration/manage-resources-containers/",
    ),
    "Liveness probe": ("A question whose repeated failure makes the kubelet start the container again.", PROBES),
    "Readiness probe": ("A question whose failure takes the pod out of its Services; it runs on.", PROBES),
    "Startup probe": ("Until it succeeds the other probes wait.", PROBES),
    "Image": ("What a container is made from: registry, name and tag or digest.", "concepts/containers/images/"),
    "ImagePullBackOff": (
        "An image that could not be pulled is tried again after a wait that doubles each time.",
        "concepts/containers/images/#imagepullbackoff",
    ),
    "Scheduler": (
        "kube-scheduler picks a node for each new pod: it filters, then it scores.",
        EVICTION + "kube-scheduler/",
    ),
    "Requests": (
        "What a pod asks to have for itself; a node whose sum would be too much does not take it.",
        "concepts/configuration/manage-resources-containers/",
    ),
    "Taint": ("A node's refusal of pods that do not tolerate it.", EVICTION + "taint-and-toleration/"),
    "Affinity": (
        "A pod's wish to be on certain nodes, or near or far from certain pods.",
        EVICTION + "assign-pod-node/",
    ),
    "Spread constraints": ("How evenly pods must be spread.", EVICTION + "topology-spread-constraints/"),
    "Scheduling gate": ("A pod with a gate is not looked at by the scheduler.", EVICTION + "pod-scheduling-readiness/"),
    "Preemption": (
        "A more important pod may take the place of less important ones.",
        EVICTION + "pod-priority-preemption/",
    ),
    "Eviction": ("Pods are taken off a node that is lost or short of something.", EVICTION + "node-pressure-eviction/"),
    "Drain": (
        "Everything is asked to leave a node, as far as budgets let it.",
        "tasks/administer-cluster/safely-drain-node/",
    ),
    "Owner": (
        "What an object was made by, and goes with.",
        "concepts/overview/working-with-objects/owners-dependents/",
    ),
    "Controller": ("A loop that brings what is nearer to what is wanted.", "concepts/architecture/controller/"),
    "ReplicaSet": ("Keeps a number of equal pods.", "concepts/workloads/controllers/replicaset/"),
    "Deployment": ("Rolls one ReplicaSet over into the next.", "concepts/workloads/controllers/deployment/"),
    "StatefulSet": (
        "Members with a name and a disk of their own, in order.",
        "concepts/workloads/controllers/statefulset/",
    ),
    "DaemonSet": ("A pod on every node that suits.", "concepts/workloads/controllers/daemonset/"),
    "Rolling update": (
        "New pods before old ones go, within maxSurge and maxUnavailable.",
        "concepts/workloads/controllers/deployment/#rolling-update-deployment",
    ),
    "Progress deadline": (
        "A rollout without progress for so long is said to be stuck; nothing is undone.",
        "concepts/workloads/controllers/deployment/#progress-deadline-seconds",
    ),
    "Selector": (
        "Labels that an object must have, letter for letter, to be meant.",
        "concepts/overview/working-with-objects/labels/",
    ),
    "Service": ("One address for the ready pods that its selector means.", "concepts/services-networking/service/"),
    "Endpoints": ("The pods that stand behind a Service now.", "concepts/services-networking/endpoint-slices/"),
    "targetPort": (
        "The port of the pod to which a Service sends what comes to its own port.",
        "concepts/services-networking/service/#field-spec-ports",
    ),
    "Load balancer": (
        "An address outside the cluster that a cloud makes for a Service.",
        "concepts/services-networking/service/#loadbalancer",
    ),
    "Ingress": (
        "Rules for HTTP from outside; an Ingress controller must follow them.",
        "concepts/services-networking/ingress/",
    ),
    "NetworkPolicy": ("Who may talk to whom.", "concepts/services-networking/network-policies/"),
    "DNS": ("Names of Services and pods, answered by CoreDNS.", "concepts/services-networking/dns-pod-service/"),
    "kube-proxy": (
        "Makes each node's kernel send a Service's traffic on to pods.",
        "reference/networking/virtual-ips/",
    ),
    "Finalizer": (
        "A key that somebody must take away before a deleted object can go.",
        "concepts/overview/working-with-objects/finalizers/",
    ),
    "Grace period": ("The time that processes have between SIGTERM and SIGKILL.", POD_LIFE + "#pod-termination"),
    "Node heartbeat": (
        "A kubelet renews its Lease; a node of which nothing is heard is NotReady, its pods are evicted later.",
        "concepts/architecture/nodes/#node-heartbeats",
    ),
    "Node pressure": (
        "A node that is short of memory, disk or process ids says so.",
        EVICTION + "node-pressure-eviction/",
    ),
    "PersistentVolumeClaim": ("A wish for storage that waits until a volume suits it.", PVS),
    "Reclaim policy": ("What becomes of a volume whose claim is deleted.", PVS + "#reclaiming"),
    "Rolling back": (
        "Back to an earlier template: its ReplicaSet is still there.",
        "concepts/workloads/controllers/deployment/#rolling-back-a-deployment",
    ),
    "StorageClass": ("How volumes are made for claims, and when.", "concepts/storage/storage-classes/"),
    "WaitForFirstConsumer": (
        "The volume is made only when a pod that uses the claim has been given a node.",
        "concepts/storage/storage-classes/#volume-binding-mode",
    ),
    "HorizontalPodAutoscaler": (
        "Sets the number of replicas so that a metric comes near its target.",
        "tasks/run-application/horizontal-pod-autoscale/",
    ),
    "Job": ("Runs pods until so many have ended well.", "concepts/workloads/controllers/job/"),
    "backoffLimit": (
        "How many failed tries a Job bears.",
        "concepts/workloads/controllers/job/#pod-backoff-failure-policy",
    ),
    "CronJob": ("Makes a Job whenever its schedule says so.", "concepts/workloads/controllers/cron-jobs/"),
    "Container configuration": (
        "What a container names must be there before it is made: config maps, secrets, its command.",
        "tasks/configure-pod-container/configure-pod-configmap/",
    ),
    "Volume": ("Files that are put into a pod's containers.", "concepts/storage/volumes/"),
    "Restart policy": ("Whether a container that ended is started again.", POD_LIFE + "#restart-policy"),
    "Namespace": ("A room for names.", "concepts/overview/working-with-objects/namespaces/"),
    "Fault": (
        "Something that Podium broke on purpose, until it is deleted or over.",
        "concepts/architecture/self-healing/",
    ),
    "Garbage collection": (
        "What belongs to a deleted owner goes with it.",
        "concepts/architecture/garbage-collection/",
    ),
    "Init container": ("Runs and ends before the others start.", "concepts/workloads/pods/init-containers/"),
    "Budget": ("How many pods of an application may be missing on purpose.", "concepts/workloads/pods/disruptions/"),
    "Admission webhook": (
        "A server of somebody’s that the API server asks before it stores an object.",
        "reference/access-authn-authz/extensible-admission-controllers/",
    ),
    "ConfigMap": ("Settings that pods read.", "concepts/configuration/configmap/"),
    "Custom resource": (
        "A kind of object that somebody added to this cluster; a controller of theirs gives it life.",
        "concepts/extend-kubernetes/api-extension/custom-resources/",
    ),
    "Forced rollback": (
        "A StatefulSet waits for a member that is not ready, even when its new template is better.",
        "concepts/workloads/controllers/statefulset/#forced-rollback",
    ),
    "LimitRange": ("What one container may ask for at least and at most.", "concepts/policy/limit-range/"),
    "Secret": ("Settings that are not for everybody’s eyes.", "concepts/configuration/secret/"),
    "ServiceAccount": ("Who a pod is when it talks to the API server.", "concepts/security/service-accounts/"),
    "Sidecar container": (
        "An init container with restartPolicy Always: it starts before the others, and goes on beside them.",
        "concepts/workloads/pods/sidecar-containers/",
    ),
    "Quota": ("How much a namespace may have in all.", "concepts/policy/resource-quotas/"),
    "Pod": ("The smallest thing that runs: containers that share a network and a life.", "concepts/workloads/pods/"),
    "Node": ("A machine that runs pods.", "concepts/architecture/nodes/"),
    "Control plane": ("What decides: API server, scheduler, controllers.", "concepts/overview/components/"),
}
