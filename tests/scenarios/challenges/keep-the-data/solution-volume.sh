cd shop
cat > compose.yaml <<'X'
services:
  db:
    image: redis:7-alpine
    volumes:
      - crates:/data
volumes:
  crates:
X
docker compose up -d
