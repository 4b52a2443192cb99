docker rm -f app
docker run -d --name app --restart always -m 48m -e MEMORY_MB=30 drydock/app
