# Misses: still-checked
sed -i '/readinessProbe/,/periodSeconds/d' web.yaml
kubectl apply -f web.yaml
kubectl rollout status deployment/web
