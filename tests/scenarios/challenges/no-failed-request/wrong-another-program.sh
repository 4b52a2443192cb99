# Misses: no-failure, same-program
kubectl set env deployment/web START_DELAY_MS-
kubectl rollout status deployment/web
