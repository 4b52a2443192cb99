cat > patch.yaml <<'X'
spec:
  strategy:
    rollingUpdate:
      maxUnavailable: 0
  template:
    spec:
      containers:
        - name: web
          startupProbe:
            tcpSocket:
              port: 8080
            periodSeconds: 2
            failureThreshold: 30
          lifecycle:
            preStop:
              sleep:
                seconds: 5
X
kubectl patch deployment web --patch-file patch.yaml
kubectl rollout status deployment/web
