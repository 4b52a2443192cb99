# Misses: limited
docker rm -f app
docker run -d --name app --restart always -e MEMORY_MB=60 drydock/app
