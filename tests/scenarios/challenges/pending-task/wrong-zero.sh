# Misses: running, bound
docker service scale -d db=0
