# Misses: room
docker image prune -f
