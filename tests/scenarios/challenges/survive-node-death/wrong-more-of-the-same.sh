# Misses: without-node-1
kubectl scale deployment/web --replicas 9
kubectl rollout status deployment/web
