# Misses: runs, kept
cd shop
docker compose down
rm compose.yaml
