# Misses: locked
kubectl set env deployment/db POSTGRES_HOST_AUTH_METHOD=trust
kubectl rollout status deployment/db
