# Misses: ledger
docker system prune -af
