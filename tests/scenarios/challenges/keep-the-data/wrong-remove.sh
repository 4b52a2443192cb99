# Misses: runs, kept
docker compose down
rm compose.yaml
