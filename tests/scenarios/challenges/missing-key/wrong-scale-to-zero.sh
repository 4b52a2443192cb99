# Misses: running, password, locked
kubectl scale deployment/db --replicas 0
