# Misses: running, bound
docker service update -d --constraint-rm node.labels.disk==ssd db
