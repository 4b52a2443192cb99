# Misses: answers, new-address
docker restart api web
