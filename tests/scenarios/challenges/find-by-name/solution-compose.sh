docker rm -f web api
cat > compose.yaml <<'X'
services:
  api:
    image: drydock/app
    container_name: api
    environment: { MESSAGE: ahoy }
  web:
    image: drydock/app
    container_name: web
    environment: { UPSTREAM: "api:8080" }
    ports: ["80:8080"]
X
docker compose up -d
