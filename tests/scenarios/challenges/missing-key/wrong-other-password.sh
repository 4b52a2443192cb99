# Misses: password
kubectl create secret generic other --from-literal=POSTGRES_PASSWORD=sour
kubectl set env deployment/db --from=secret/other
kubectl rollout status deployment/db
