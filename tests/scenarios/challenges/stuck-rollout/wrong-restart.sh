# Misses: complete, new-version, still-checked
kubectl rollout restart deployment/web
