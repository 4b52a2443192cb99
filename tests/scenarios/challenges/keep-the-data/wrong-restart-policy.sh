# Misses: kept
cd shop
printf '    restart: always\n' >> compose.yaml
docker compose up -d
