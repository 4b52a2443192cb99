docker service ps --no-trunc db
docker node update --label-add disk=ssd node-3
