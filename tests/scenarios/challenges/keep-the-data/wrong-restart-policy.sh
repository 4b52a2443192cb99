# Misses: kept
printf '    restart: always\n' >> compose.yaml
docker compose up -d
