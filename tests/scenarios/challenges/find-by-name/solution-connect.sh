docker network create harbor
docker network connect harbor web
docker network connect harbor api
curl -s localhost/upstream
