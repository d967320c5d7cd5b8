"""The manifests behind what confuses people."""

MISSED = """
apiVersion: v1
kind: Service
metadata: {name: missed}
spec: {selector: {app: hallo}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: hello, labels: {app: hello}}
spec: {containers: [{name: nginx, image: "nginx:1.29"}]}
"""

CRASH = """
apiVersion: v1
kind: Pod
metadata: {name: moody}
spec:
  containers:
  - {name: app, image: "busybox:1.36", command: [sh, -c, "echo starting; echo cannot reach the database; exit 3"]}
"""

PENDING = """
apiVersion: v1
kind: Pod
metadata: {name: room}
spec: {tolerations: [{operator: Exists}], containers: [{name: c, image: nginx, resources: {requests: {cpu: "16"}}}]}
---
apiVersion: v1
kind: Pod
metadata: {name: taint}
spec: {containers: [{name: c, image: nginx}]}
---
apiVersion: v1
kind: Pod
metadata: {name: labels}
spec: {tolerations: [{operator: Exists}], nodeSelector: {disk: ssd}, containers: [{name: c, image: nginx}]}
---
apiVersion: v1
kind: Pod
metadata: {name: volume}
spec:
  tolerations: [{operator: Exists}]
  containers: [{name: c, image: nginx}]
  volumes: [{name: data, persistentVolumeClaim: {claimName: absent}}]
"""

CUT = """
apiVersion: v1
kind: Pod
metadata: {name: victim, labels: {app: victim}}
spec: {nodeName: worker-3, containers: [{name: nginx, image: "nginx:1.29"}]}
---
apiVersion: v1
kind: Pod
metadata: {name: caller}
spec: {nodeName: worker-2, containers: [{name: nginx, image: "nginx:1.29"}]}
---
apiVersion: v1
kind: Service
metadata: {name: victim}
spec: {selector: {app: victim}, ports: [{port: 80}]}
"""

PLUGS = """
apiVersion: v1
kind: Service
metadata: {name: shop}
spec: {type: NodePort, selector: {app: shop}, ports: [{port: 80, targetPort: 8080, nodePort: 30080}]}
---
apiVersion: v1
kind: Pod
metadata: {name: seller, labels: {app: shop}}
spec: {containers: [{name: nginx, image: "nginx:1.29", ports: [{containerPort: 8080}]}]}
"""

SHUT = """
apiVersion: v1
kind: Service
metadata: {name: door}
spec: {selector: {app: door}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: open, labels: {app: door}}
spec: {containers: [{name: nginx, image: "nginx:1.29"}]}
---
apiVersion: v1
kind: Pod
metadata: {name: shut, labels: {app: door}}
spec:
  containers:
  - {name: nginx, image: "nginx:1.29", readinessProbe: {httpGet: {path: /nothing, port: 80}, periodSeconds: 5}}
---
apiVersion: podium.dev/v1
kind: Traffic
metadata: {name: visitors}
spec: {rate: 20, target: {service: door}}
"""

VESSELS = """
apiVersion: v1
kind: Pod
metadata: {name: eater}
spec:
  containers:
  - name: c
    image: polinux/stress
    command: [stress]
    args: ["--vm", "1", "--vm-bytes", "150M", "--vm-hang", "1"]
    resources: {requests: {memory: 50Mi}, limits: {memory: 100Mi}}
---
apiVersion: v1
kind: Pod
metadata: {name: sober}
spec: {containers: [{name: c, image: "nginx:1.29", resources: {requests: {memory: 50Mi}, limits: {memory: 100Mi}}}]}
"""

ELSEWHERE = """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: front}
spec:
  ingressClassName: nobody
  rules:
  - host: shop.example.com
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: podium.dev/v1
kind: Traffic
metadata: {name: lost}
spec: {rate: 5, target: {url: "http://wbe"}, from: {where: Pods, selector: {matchLabels: {app: web}}}}
"""

HELD = """
apiVersion: v1
kind: Pod
metadata: {name: held, finalizers: [example.com/keeper]}
spec: {terminationGracePeriodSeconds: 1, containers: [{name: c, image: "nginx:1.29"}]}
"""

DARK = """
apiVersion: podium.dev/v1
kind: Fault
metadata: {name: dark}
spec: {type: NodeCrash, target: {node: worker-3}}
"""

TYPO = """
apiVersion: v1
kind: Pod
metadata: {name: typo}
spec: {containers: [{name: c, image: "redis:latst"}]}
"""
