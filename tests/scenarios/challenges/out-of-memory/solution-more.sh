docker inspect -f '{{json .State}}' app
docker update -m 96m --memory-swap 192m app
sleep 90
