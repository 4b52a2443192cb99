kubectl get pods
kubectl describe pods | grep -i readiness
sed -i 's/^ *port: 80$/&80/' web.yaml
kubectl apply -f web.yaml
kubectl rollout status deployment/web
