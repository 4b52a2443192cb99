# Misses: no-failure
kubectl patch deployment web -p '{"spec": {"minReadySeconds": 10}}'
kubectl rollout status deployment/web
