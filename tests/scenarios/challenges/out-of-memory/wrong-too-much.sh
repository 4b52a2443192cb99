# Misses: limited
docker rm -f app
docker run -d --name app --restart always -m 1g -e MEMORY_MB=60 drydock/app
