import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

/** Servers as they really start: as whom, on which port, with which words. */
function host() {
  const session = new Session({ preset: 'host', seed: 1 });
  return (line: string) => session.type(line);
}

describe('a port that is taken', () => {
  it('is tried five times by nginx, which then gives up', () => {
    const type = host();
    type('docker run -d --name web nginx');
    const second = type('docker exec web nginx');
    const lines = second.printed.trimEnd().split('\n');
    const why = 'bind() to 0.0.0.0:80 failed (98: Address already in use)';
    expect(second.exitCode).toBe(1);
    expect(lines.filter((line) => line === `nginx: [emerg] ${why}`)).toHaveLength(5);
    expect(lines[0]).toMatch(/^2026\/01\/05 00:00:\d\d \[emerg\] (\d+)#\1: bind\(\) to/);
    expect(lines[2]).toMatch(/\[notice\] \d+#\d+: try again to bind\(\) after 500ms$/);
    expect(lines.at(-1)).toBe('nginx: [emerg] still could not bind()');
    expect(type("docker inspect -f '{{.State.Running}}' web").printed).toBe('true\n');
  });

  it('is got in time when its owner goes meanwhile', () => {
    const type = host();
    type('docker run -d --name first --network host nginx:alpine');
    type('docker run -d --name second --network host nginx:alpine');
    type('docker rm -f first; sleep 3');
    const logs = type('docker logs second').printed;
    expect(logs).toContain('(98: Address in use)');
    expect(logs).toContain('start worker processes');
    expect(type('curl -s -o /dev/null -w "%{http_code}" localhost').printed).toBe('200');
  });

  it.each([
    ['redis', /# Failed listening on port 6379 \(tcp\), aborting\./],
    ['httpd', /AH00072: make_sock: could not bind to address 0\.0\.0\.0:80\n/],
  ])('ends %s in its own words', (image, words) => {
    const type = host();
    type(`docker run -d --network host ${image}; sleep 1`);
    const second = type(`docker run --network host ${image}`);
    expect(second.printed).toMatch(words);
    expect(second.exitCode).toBe(1);
  });
});

describe('nginx told to read its configuration again', () => {
  it('says who asked, and goes on', () => {
    const type = host();
    type('docker run -d --name web nginx');
    expect(type('docker exec web nginx -s reload').printed).toMatch(
      /\[notice\] (\d+)#\1: signal process started\n$/,
    );
    type('docker kill -s HUP web');
    const logs = type('docker logs web').printed;
    expect(logs.match(/1#1: signal 1 \(SIGHUP\) received, reconfiguring/g)).toHaveLength(2);
    expect(type('docker exec web curl -s localhost').printed).toContain('Welcome to nginx!');
  });
});

describe('redis', () => {
  it.each(['redis', 'redis:7', 'redis:alpine'])('steps down to its own user in %s', (image) => {
    const type = host();
    type(`docker run -d --name cache ${image}`);
    expect(type('docker exec cache cat /proc/1/status').printed).toMatch(/^Uid:\t999\t999\t/m);
    expect(type('docker top cache -o user,pid,cmd').printed).toMatch(
      /^999 +\d+ +redis-server \*:6379$/m,
    );
    expect(type('docker exec cache whoami').printed).toBe('root\n');
  });

  it('stays who it was started as', () => {
    const type = host();
    type('docker run -d --name cache -u 1000 redis');
    expect(type('docker exec cache id -u').printed).toBe('1000\n');
    expect(type('docker exec cache redis-cli ping').printed).toBe('PONG\n');
  });

  it('writes its dump as its own user when told to', () => {
    const type = host();
    type('docker run -d --name cache redis; docker exec cache redis-cli set a b');
    expect(type('docker exec cache ls /data').printed).toBe('');
    type('docker exec cache redis-cli save');
    expect(type('docker exec cache ls -ln /data').printed).toMatch(/ 999 +999 .* dump\.rdb$/m);
  });

  it('keeps every change with an append-only file, even when it is killed', () => {
    const type = host();
    const run = 'docker run -d --name cache -v data:/data redis redis-server --appendonly yes';
    type(`${run}; docker exec cache redis-cli set a b; docker rm -f cache`);
    type(run);
    expect(type('docker exec cache redis-cli get a').printed).toBe('b\n');
  });
});

describe('a program that nobody models', () => {
  it('ends at once and says what it is, when it is a tool', () => {
    const type = host();
    type('docker pull debian');
    expect(type('time docker run --rm debian dpkg -l')).toMatchObject({
      printed: expect.stringMatching(
        /^dpkg: a model: what it prints and does is not computed\n\nreal\t0m0\./,
      ) as string,
      exitCode: 0,
    });
    expect(type('docker run --rm debian lsblk --version').printed).toBe('lsblk (model)\n');
    expect(type('docker run --rm debian openssl version').exitCode).toBe(127);
  });

  it('waits, when it is a server', () => {
    const type = host();
    type('docker run -d --name documents mongo; sleep 60');
    expect(type("docker inspect -f '{{.State.Status}}' documents").printed).toBe('running\n');
  });

  it('is an applet of busybox, or is not', () => {
    const type = host();
    expect(type('docker run --rm alpine vi x').exitCode).toBe(0);
    expect(type('docker run --rm busybox busybox nosuch')).toMatchObject({
      printed: expect.stringMatching(/nosuch: applet not found\n$/) as string,
      exitCode: 127,
    });
  });
});

describe('postgres', () => {
  it('says its version without a password, and wants one to start', () => {
    const type = host();
    type('docker pull -q postgres');
    expect(type('docker run --rm postgres postgres --version').printed).toMatch(
      /^postgres \(PostgreSQL\) \d+\.\d+\n$/,
    );
    expect(type('docker run --rm postgres')).toMatchObject({
      printed: expect.stringMatching(/^Error: Database is uninitialized/) as string,
      exitCode: 1,
    });
  });

  it('runs as its own user, and trusts who comes from its own container', () => {
    const type = host();
    type('docker run -d --name db -e POSTGRES_PASSWORD=secret postgres:17-alpine; sleep 10');
    expect(type('docker top db -o user,pid,cmd').printed).toMatch(/^70 +\d+ +postgres$/m);
    const select = 'psql -U postgres -Atc "select 1"';
    expect(type(`docker exec db ${select} -h localhost`).printed).toBe('1\n');
    const other = 'docker run --rm --link db';
    expect(type(`${other} postgres:17-alpine ${select} -h db`).exitCode).toBe(2);
    expect(
      type(`${other} -e PGPASSWORD=secret postgres:17-alpine ${select} -h db`).printed,
    ).toMatch(/\n1\n$/);
  });
});

describe('mysql', () => {
  it('switches to its own user, unless it is started as one', () => {
    const type = host();
    type('docker run -d --name db -e MYSQL_ROOT_PASSWORD=secret mysql; sleep 1');
    const switched = "Switching to dedicated user 'mysql'";
    expect(type('docker logs db').printed).toContain(switched);
    expect(type('docker top db -o user,pid,cmd').printed).toMatch(/^999 +\d+ +mysqld$/m);
    type('docker run -d --name own -u 1000 -e MYSQL_ROOT_PASSWORD=secret mysql; sleep 1');
    expect(type('docker logs own').printed).not.toContain(switched);
  });

  it('keeps the databases that are made, and draws them on a terminal', () => {
    const type = host();
    type('docker run -d --name db -e MYSQL_ROOT_PASSWORD=secret mysql; sleep 20');
    const mysql = 'docker exec -e MYSQL_PWD=secret db mysql';
    expect(type(`${mysql} -e 'create database shop'`)).toMatchObject({ exitCode: 0, printed: '' });
    expect(type(`${mysql} -e 'create database shop'`).printed).toContain('ERROR 1007 (HY000)');
    type('docker restart db; sleep 5');
    expect(type(`${mysql} -N -e 'show databases'`).printed).toMatch(/^shop$/m);
    const onTerminal = mysql.replace('exec', 'exec -it');
    expect(type(`${onTerminal} -e 'show databases'`).printed).toMatch(/^\| shop +\|\r?$/m);
    expect(type(`${mysql} -e 'drop database shop'`).exitCode).toBe(0);
    expect(type(`${mysql} -e 'drop database shop'`).printed).toContain('ERROR 1008 (HY000)');
  });

  it('takes its password from a file, but not twice', () => {
    const type = host();
    const from =
      '-v ./password:/run/secrets/password -e MYSQL_ROOT_PASSWORD_FILE=/run/secrets/password';
    type(`echo secret > password; docker run -d --name db ${from} mysql; sleep 20`);
    const asked = "docker exec -e MYSQL_PWD=secret db mysql -N -e 'select 7'";
    expect(type(asked)).toMatchObject({ exitCode: 0, printed: '7\n' });
    expect(type(asked.replace('=secret', '=other')).exitCode).toBe(1);
    const both = type(`docker run --rm ${from} -e MYSQL_ROOT_PASSWORD=secret mysql`);
    expect(both).toMatchObject({ exitCode: 1 });
    expect(both.printed).toContain('are set (but are exclusive)');
  });

  it('answers a ping to whoever gives no password', () => {
    const type = host();
    type('docker run -d --name db -e MYSQL_ROOT_PASSWORD=secret mysql; sleep 2');
    expect(type('docker exec db mysqladmin ping').exitCode).toBe(1);
    type('sleep 20');
    expect(type('docker exec db mysqladmin ping').exitCode).toBe(0);
    expect(type('docker exec db mysqladmin status').exitCode).toBe(1);
  });
});

describe('nginx that passes requests on', () => {
  it('does not start without the host, whether an upstream names it or not', () => {
    const type = host();
    type('mkdir conf');
    const run = 'docker run --rm -v ./conf:/etc/nginx/conf.d:ro';
    type("echo 'upstream api { server api:3000; } server { listen 80; }' > conf/default.conf");
    const missing = 'host not found in upstream "api:3000" in /etc/nginx/conf.d/default.conf:1';
    const refused = type(`${run} nginx`);
    expect(refused.exitCode).toBe(1);
    expect(refused.printed).toMatch(/\[emerg\] 1#1: host not found in upstream "api:3000"/);
    expect(refused.printed).toContain(`\nnginx: [emerg] ${missing}\n`);
    type("echo 'server { location / { proxy_pass http://web:80/x; } }' > conf/default.conf");
    expect(type(`${run} nginx nginx -t`).printed).toContain(
      'nginx: [emerg] host not found in upstream "web" in /etc/nginx/conf.d/default.conf:1\n' +
        'nginx: configuration file /etc/nginx/nginx.conf test failed\n',
    );
    expect(type(`${run} --add-host web:10.0.0.9 nginx nginx -t`).exitCode).toBe(0);
  });

  it('misses a host that stopped only when it starts again', () => {
    const type = host();
    type('mkdir conf; docker network create net1');
    type("echo 'server { location / { proxy_pass http://api:8080/; } }' > conf/default.conf");
    type('docker run -d --name api --network net1 drydock/app');
    type('docker run -d --name front --network net1 -v ./conf:/etc/nginx/conf.d -p 80:80 nginx');
    type('docker stop api');
    expect(type('curl -s -o /dev/null -w "%{http_code}" localhost').printed).toBe('502');
    type('docker restart front; sleep 1');
    expect(type("docker inspect -f '{{.State.ExitCode}}' front").printed).toBe('1\n');
  });
});
