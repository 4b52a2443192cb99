# Misses: without-node-1, without-node-2, without-node-3
kubectl delete -f web.yaml
