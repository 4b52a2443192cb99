# Misses: new-version
kubectl rollout undo deployment/web
kubectl rollout status deployment/web
