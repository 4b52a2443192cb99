# Misses: answers, new-address
docker network create harbor
docker network connect harbor web
