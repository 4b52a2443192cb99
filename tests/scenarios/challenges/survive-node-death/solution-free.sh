kubectl get pods -o wide
kubectl patch deployment web --type json -p '[{"op": "remove", "path": "/spec/template/spec/nodeSelector"}]'
kubectl rollout status deployment/web
