"""StatefulSets and their volumes, as in the documentation's tutorial: names, order, contents that outlive a pod."""

from __future__ import annotations

from tests.conformance.kubectl import Kubectl

SET = """
apiVersion: v1
kind: Service
metadata: {name: shelf}
spec: {clusterIP: None, selector: {app: shelf}, ports: [{port: 80, name: web}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: shelf}
spec:
  serviceName: shelf
  replicas: 2
  selector: {matchLabels: {app: shelf}}
  template:
    metadata: {labels: {app: shelf}}
    spec:
      terminationGracePeriodSeconds: 1
      containers:
      - name: nginx
        image: registry.k8s.io/nginx-slim:0.27
        volumeMounts: [{name: pages, mountPath: /usr/share/nginx/html}]
  volumeClaimTemplates:
  - metadata: {name: pages}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
"""
CLAIM = """
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: alone}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 2Gi}}}
"""


def test_what_a_pod_of_a_set_wrote_is_there_when_it_comes_back(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=SET)
    kubectl("rollout", "status", "sts/shelf", "--timeout=120s")
    kubectl("exec", "shelf-1", "--", "sh", "-c", "hostname > /usr/share/nginx/html/index.html")

    kubectl("delete", "pod", "shelf-1")
    kubectl("rollout", "status", "sts/shelf", "--timeout=120s")

    assert kubectl("exec", "-i", "shelf-1", "--", "curl", "-s", "localhost", stdin="").out == "shelf-1\n"
    assert kubectl("get", "pvc").row("pages-shelf-1")[1] == "Bound"


def test_a_claim_waits_for_its_first_consumer(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=CLAIM)

    told = kubectl.eventually("WaitForFirstConsumer", "describe", "pvc", "alone")

    assert "waiting for first consumer to be created before binding" in told.out
    assert kubectl("get", "storageclass").row("standard")[1] == "(default)"
