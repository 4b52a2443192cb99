# Misses: web, ledger
docker rm -f web ledger
docker image prune -af
