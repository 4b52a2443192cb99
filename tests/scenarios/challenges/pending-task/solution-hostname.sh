docker service update -d --constraint-rm node.labels.disk==ssd --constraint-add node.hostname==node-3 db
