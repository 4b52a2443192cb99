# Misses: running, bound
docker node update --label-add disk=ssd node-2
