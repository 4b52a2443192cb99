# Misses: kept
cd shop
printf '    volumes:\n      - /data\n' >> compose.yaml
docker compose up -d
