# Misses: no-failure
kubectl rollout pause deployment/web
