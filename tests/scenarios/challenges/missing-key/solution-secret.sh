kubectl logs deployment/db
sed -i 's/PASWORD/PASSWORD/' db.yaml
kubectl delete secret harbor-db
kubectl apply -f db.yaml
kubectl rollout restart deployment/db
kubectl rollout status deployment/db
