# Misses: complete, new-version, still-checked
kubectl scale deployment/web --replicas 0
kubectl rollout status deployment/web
