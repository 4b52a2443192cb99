# Misses: no-failure
sed -i '/containerPort: 8080/a\          livenessProbe: {httpGet: {path: /healthz, port: 8080}, initialDelaySeconds: 10}' web.yaml
kubectl apply -f web.yaml
kubectl rollout status deployment/web
