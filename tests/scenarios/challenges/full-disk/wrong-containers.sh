# Misses: room, ledger
docker container prune -f
