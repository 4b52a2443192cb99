sed -i '/containerPort: 8080/a\          readinessProbe: {httpGet: {path: /healthz, port: 8080}, periodSeconds: 1}' web.yaml
kubectl apply -f web.yaml
kubectl rollout status deployment/web
