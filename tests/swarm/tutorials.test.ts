import { describe, expect, it } from 'vitest';
import { swarmSession } from './swarm-session.ts';

/** What upstream's tutorials type, on three machines: docs.docker.com/engine/swarm/swarm-tutorial. */
describe("Docker's tutorial of Swarm", () => {
  it('deploys, scales and removes a service that pings docker.com', () => {
    const { found, must, pass } = swarmSession();
    found(1, 2);
    const created = must(
      'docker service create --replicas 1 --name helloworld alpine ping docker.com',
    );
    expect(created).toContain('verify: Service ');
    expect(must("docker service ls --format '{{.Replicas}}'")).toBe('1/1\n');
    expect(must('docker service scale helloworld=5')).toContain('helloworld scaled to 5\n');
    const where = "docker service ps helloworld --format '{{.Node}} {{.CurrentState}}'";
    expect(must(where).match(/^node-[123] Running /gm)).toHaveLength(5);
    expect(must('docker service logs --tail 1 helloworld')).toMatch(
      /^helloworld\.\d\.\w+@node-\d {4}\| 64 bytes from \d+\.\d+\.\d+\.\d+: seq=\d+ ttl=/m,
    );
    must('docker service rm helloworld');
    pass(15);
    expect(must('docker ps -q')).toBe('');
  });

  it('rolls redis 7.4.1 out over 7.4.0, one task each ten seconds', () => {
    const { found, must } = swarmSession();
    found(1, 2);
    must('docker service create -q --replicas 3 --name redis --update-delay 10s redis:7.4.0');
    expect(must('docker service update --image redis:7.4.1 redis')).toContain('converged');
    const old = "docker service ps redis -f desired-state=shutdown --format '{{.Image}}'";
    expect(must(old)).toBe('redis:7.4.0\n'.repeat(3));
    const info = must('docker exec $(docker ps -qf name=redis) redis-cli --raw info server');
    expect(info).toContain('redis_version:7.4.1');
  });
});

/** dockersamples/example-voting-app `docker-stack.yml`. */
const STACK = `version: "3.9"
services:
  redis: {image: "redis:alpine", networks: [frontend]}
  db:
    image: postgres:15-alpine
    environment: {POSTGRES_USER: postgres, POSTGRES_PASSWORD: postgres}
    volumes: ["db-data:/var/lib/postgresql/data"]
    networks: [backend]
  vote:
    image: dockersamples/examplevotingapp_vote
    ports: ["8080:80"]
    networks: [frontend]
    deploy: {replicas: 2}
  result:
    image: dockersamples/examplevotingapp_result
    ports: ["8081:80"]
    networks: [backend]
  worker:
    image: dockersamples/examplevotingapp_worker
    networks: [frontend, backend]
    deploy: {replicas: 2}
networks: {frontend: {}, backend: {}}
volumes: {db-data: {}}
`;

describe("Docker's voting application", () => {
  it('counts a vote for each voter, from whichever node the votes come', () => {
    const { found, must, pass, session } = swarmSession();
    found(1, 2);
    session.world.files.write('node-1', '/root/docker-stack.yml', STACK);
    must('docker stack deploy -c docker-stack.yml vote');
    pass(40);
    expect(must('curl -s localhost:8081')).toContain('No votes yet');
    must('curl -s -d vote=a localhost:8080');
    must('curl -s -d vote=b -b voter_id=me 192.168.10.12:8080');
    must('curl -s -d vote=a -b voter_id=me 192.168.10.13:8080');
    pass(5);
    expect(must('curl -s localhost:8081')).toContain('<div id="result">2 votes</div>');
    expect(must('curl -s localhost:8081')).toContain('<div>Cats 100.0%</div>');
  });

  it('keeps votes in Redis while no worker takes them', () => {
    const { found, must, pass, session } = swarmSession();
    found(1, 2);
    session.world.files.write('node-1', '/root/docker-stack.yml', STACK);
    must('docker stack deploy -c docker-stack.yml vote');
    must('docker service scale -d vote_worker=0');
    pass(40);
    must('curl -s -d vote=b localhost:8080');
    pass(5);
    expect(must('curl -s localhost:8081')).toContain('No votes yet');
    must('docker service scale -d vote_worker=1');
    pass(20);
    expect(must('curl -s localhost:8081')).toContain('<div>Dogs 100.0%</div>');
    expect(must('docker service logs vote_worker')).toMatch(/Connected to db/);
  });
});
