# Misses: new-address
docker rm -f web
docker run -d --name web -p 80:8080 -e UPSTREAM=172.17.0.2:8080 drydock/app
