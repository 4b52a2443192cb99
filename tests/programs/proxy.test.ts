import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

/** nginx in front of three servers of one name on a network of Docker. */
const BEHIND = `server { listen 8080;
  location / { return 200 "$hostname\\n"; }
  location /broken { return 503; } }`;

function front(conf: string) {
  const session = new Session({ preset: 'host', seed: 3 });
  session.write('api/default.conf', BEHIND);
  session.write('conf/default.conf', conf);
  const must = (line: string): string => {
    const { printed, exitCode } = session.type(line);
    if (exitCode !== 0) throw new Error(`${line}: ${printed}`);
    return printed;
  };
  const run = (name: string, words: string): string =>
    must(`docker run -d --name ${name} --hostname ${name} --network net1 ${words} nginx:alpine`);
  const start = (name: string): string =>
    run(name, '--network-alias api -v ./api:/etc/nginx/conf.d');
  must('docker network create net1 && docker pull -q nginx:alpine');
  for (const name of ['a1', 'a2', 'a3']) start(name);
  run('web', '-p 80:80 -v ./conf:/etc/nginx/conf.d');
  must('sleep 2');
  const asked = (words = 'localhost/api/'): string =>
    session.type(`curl -s -w '%{http_code} %{time_total}' ${words}`).printed.replace(/\s+/g, ' ');
  const three = () =>
    [1, 2, 3].map(() => asked().split(' ')[0] ?? '').sort((a, b) => (a < b ? -1 : 1));
  return { must, start, asked, three, log: () => must('docker logs web 2>&1') };
}

const plain = (more = '') =>
  `server { listen 80; location /api/ { proxy_pass http://api:8080/; ${more} } }`;

describe('nginx in front of several servers of one name', () => {
  it('asks them in turn, and goes on with the next one where one is gone', () => {
    const { must, asked, three, log } = front(plain('proxy_connect_timeout 1s;'));
    expect(three()).toEqual(['a1', 'a2', 'a3']);
    must('docker kill a2');
    const answers = [1, 2, 3, 4].map(() => asked());
    expect(answers.every((one) => one.includes(' 200 '))).toBe(true);
    // One of them waited for the connection; for ten seconds nobody is sent there after that.
    expect(answers.filter((one) => Number(one.split(' ')[2]) >= 1)).toHaveLength(1);
    expect(log()).toMatch(
      /\[error\] .* upstream timed out \(110: Operation timed out\) while connecting to upstream, client: /,
    );
    expect(log()).toContain(
      '[warn] 30#30: *1 upstream server temporarily disabled while connecting',
    );
  });

  it('waits three seconds to hear that nobody has an address', () => {
    const { must, asked, log } = front(plain());
    must('docker rm -f a1 a2 a3');
    const [, status = '', seconds = ''] = / (\d{3}) ([\d.]+)$/.exec(asked()) ?? [];
    expect(status).toBe('502');
    expect(Number(seconds)).toBeCloseTo(9, 0);
    expect(log()).toMatch(
      /connect\(\) failed \(113: Host is unreachable\) .*upstream: "http:\/\/172/,
    );
    expect(asked()).toMatch(/ 502 0\.00/);
    expect(log()).toMatch(/no live upstreams while connecting .*upstream: "http:\/\/api\/"/);
  });

  it('knows only the addresses of its start until it reads its configuration again', () => {
    const { must, start, asked } = front(plain());
    must('docker rm -f a1 a2 a3 && docker run -d --name other --network net1 nginx:alpine');
    for (const name of ['b1', 'b2', 'b3', 'b4']) start(name);
    must('sleep 1; docker rm -f b1 b2 b3');
    expect(asked('-m 20 localhost/api/')).toMatch(/ 502 /);
    must('docker exec web nginx -s reload; sleep 1');
    expect(asked()).toMatch(/^b4 200/);
  });

  it('keeps what it knew where a name is gone when it is told to read anew', () => {
    const { must, log } = front(plain());
    must('docker stop -t 0 a1 a2 a3; docker kill -s HUP web; sleep 1');
    expect(log()).toMatch(/\[emerg\] 1#1: host not found in upstream "api" in .*default.conf:1/);
    expect(must('docker inspect -f {{.State.Running}} web')).toBe('true\n');
  });

  it('hears of new addresses by a resolver, when the answer before is old enough', () => {
    const { must, start, three, asked } = front(`
      upstream api { zone api 64k; resolver 127.0.0.11 valid=5s; server api:8080 resolve; }
      server { listen 80; location /api/ { proxy_pass http://api/; } }`);
    expect(three()).toEqual(['a1', 'a2', 'a3']);
    must('docker rm -f a1 a2 a3');
    start('b1');
    must('sleep 10');
    expect(three()).toEqual(['b1', 'b1', 'b1']);
    must('docker rm -f b1; sleep 10');
    expect(asked()).toMatch(/ 502 /);
  });

  it('looks up a name in a variable only where it is told whom to ask', () => {
    const withName = (resolver: string) => `server { listen 80; ${resolver}
      location /api/ { set $api api; rewrite ^/api/(.*)$ /$1 break; proxy_pass http://$api:8080; } }`;
    const lost = front(withName(''));
    expect(lost.asked()).toMatch(/ 502 /);
    expect(lost.log()).toContain('no resolver defined to resolve api, client: ');
    const told = front(withName('resolver 127.0.0.11 valid=5s;'));
    expect(told.asked()).toMatch(/^a\d 200 /);
    expect(told.asked('localhost/api/broken')).toMatch(/ 503 /);
    told.must('docker stop -t 0 a1 a2 a3; sleep 6');
    expect(told.asked()).toMatch(/ 502 /);
    expect(told.log()).toContain('api could not be resolved (3: Host not found), client: ');
  });

  it('sends again what one answered badly only where it is told so', () => {
    const { must, asked } = front(plain('proxy_next_upstream error http_503;'));
    must(`docker exec a1 sh -c "sed -i 's/503/200 fine/' /etc/nginx/conf.d/default.conf"`);
    expect(asked('localhost/api/broken')).toContain('200');
    const strict = front(plain());
    expect(strict.asked('localhost/api/broken')).toMatch(/ 503 /);
  });

  it('sends nothing twice that changes something, once it was sent', () => {
    const { must, asked } = front(plain('proxy_read_timeout 2s;'));
    must('docker pause a1 && docker pause a2');
    const posts = [1, 2, 3].map(() => asked('-X POST -d x=1 localhost/api/'));
    expect(posts.filter((one) => one.includes(' 504 ')).length).toBeGreaterThan(0);
    must('sleep 30');
    const gets = [1, 2, 3].map(() => asked());
    expect(gets.every((one) => one.includes(' 200 '))).toBe(true);
  });

  it('writes 499 for who went away, and holds it against nobody', () => {
    const { must, asked, log } = front(plain());
    must('docker pause a1 && docker pause a2 && docker pause a3');
    expect(asked('-m 1 localhost/api/')).toMatch(/^000/);
    must('docker unpause a1 a2 a3; sleep 1');
    expect(log()).toContain('"GET /api/ HTTP/1.1" 499 0');
    expect(log()).not.toContain('disabled');
    expect(asked()).toMatch(/ 200 /);
  });
});
