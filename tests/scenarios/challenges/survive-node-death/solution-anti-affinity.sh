cat > patch.yaml <<'X'
spec:
  replicas: 2
  template:
    spec:
      nodeSelector: null
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - labelSelector:
                matchLabels:
                  app: web
              topologyKey: kubernetes.io/hostname
X
kubectl patch deployment web --patch-file patch.yaml
kubectl rollout status deployment/web
