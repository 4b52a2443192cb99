# Misses: running, password, locked
kubectl delete pod -l app=db
