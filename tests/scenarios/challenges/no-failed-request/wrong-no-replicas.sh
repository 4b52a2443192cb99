# Misses: no-failure, same-program
kubectl scale deployment/web --replicas 0
