# Misses: from-secret
kubectl set env deployment/db POSTGRES_PASSWORD=salty
kubectl rollout status deployment/db
