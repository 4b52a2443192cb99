# Misses: new-address
docker rm -f web
docker run -d --name web -p 80:8080 --add-host api:172.17.0.2 -e UPSTREAM=api:8080 drydock/app
