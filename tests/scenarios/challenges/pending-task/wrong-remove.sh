# Misses: running, bound
docker service rm db
