cd shop
printf '    volumes:\n      - ./data:/data\n' >> compose.yaml
docker compose up -d
