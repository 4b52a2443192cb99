# Misses: without-node-2
sed -i 's/node-1/node-2/' web.yaml
kubectl apply -f web.yaml
kubectl rollout status deployment/web
