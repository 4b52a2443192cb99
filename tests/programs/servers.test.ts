import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

/** Stories told at the prompt of a machine with Docker. */
function host() {
  const session = new Session({ preset: 'host', seed: 1 });
  return (line: string) => session.type(line);
}

describe('nginx in a container', () => {
  it('is asked at once, tested and stopped with 0', () => {
    const type = host();
    type('docker run --name webserver -d -p 80:80 nginx');
    expect(type('curl localhost').printed).toContain('Further configuration is required.');
    expect(type('docker exec webserver nginx -t').printed).toBe(
      'nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\n' +
        'nginx: configuration file /etc/nginx/nginx.conf test is successful\n',
    );
    type('docker stop webserver');
    expect(type("docker inspect -f '{{.State.ExitCode}}' webserver").printed).toBe('0\n');
    const logs = type('docker logs webserver').printed;
    expect(logs).toContain('10-listen-on-ipv6-by-default.sh: info: Enabled listen on IPv6');
    expect(logs).toContain('[notice] 1#1: signal 3 (SIGQUIT) received, shutting down');
  });

  it('passes requests to an application by its name, and says so when it is gone', () => {
    const type = host();
    type('docker network create net1');
    type('docker run -d --network net1 --name api -e MESSAGE=from-the-api drydock/app');
    type('docker volume create conf');
    const conf = 'server { listen 80; location / { proxy_pass http://api:8080/; } }';
    type(`docker run --rm -v conf:/c alpine sh -c 'echo "${conf}" > /c/default.conf'`);
    type('docker run -d --network net1 -v conf:/etc/nginx/conf.d -p 8080:80 nginx:alpine');
    type('sleep 1');
    expect(type('curl -s localhost:8080').printed).toBe('from-the-api\n');
    type('docker stop api');
    expect(type('curl -s -o /dev/null -w "%{http_code}" localhost:8080').printed).toBe('502');
  });
});

describe('redis in a container', () => {
  it('keeps its keys over a stop and a start', () => {
    const type = host();
    type('docker run -d --name cache redis:8-alpine');
    type('sleep 1');
    const cli = (words: string) => type(`docker exec cache redis-cli ${words}`).printed;
    expect(cli('ping')).toBe('PONG\n');
    expect(cli('set visits 41')).toBe('OK\n');
    expect(cli('incr visits')).toBe('42\n');
    expect(cli('incr nobody extra')).toBe("ERR wrong number of arguments for 'incr' command\n");
    expect(cli('nosuch a b')).toBe(
      "ERR unknown command 'nosuch', with args beginning with: 'a' 'b' \n",
    );
    expect(type('docker exec -t cache redis-cli get visits').printed).toMatch(/^"42"\r?\n$/);
    type('docker stop cache');
    expect(type('docker logs cache').printed).toContain('* DB saved on disk\n');
    type('docker start cache');
    type('sleep 1');
    expect(cli('get visits')).toBe('42\n');
    expect(type('docker exec cache redis-cli -p 7000 ping').printed).toBe(
      'Could not connect to Redis at 127.0.0.1:7000: Connection refused\n',
    );
  });
});

describe('databases in containers', () => {
  it('refuse to begin without a password', () => {
    const type = host();
    const postgres = type('docker run --name db postgres:17');
    expect(postgres.exitCode).toBe(1);
    expect(postgres.printed).toContain(
      'Error: Database is uninitialized and superuser password is not specified.\n' +
        '       You must specify POSTGRES_PASSWORD to a non-empty value for the\n',
    );
    const mysql = type('docker run --name my mysql:8.4');
    expect(mysql.exitCode).toBe(1);
    expect(mysql.printed).toContain(
      '[ERROR] [Entrypoint]: Database is uninitialized and password option is not specified\n',
    );
  });

  it('prepare their data, and only then take connections', () => {
    const type = host();
    type('docker run -d --name pg -e POSTGRES_PASSWORD=x postgres:17');
    expect(type('docker exec pg pg_isready')).toEqual({
      printed: '/var/run/postgresql:5432 - no response\n',
      exitCode: 2,
    });
    type('sleep 5');
    expect(type('docker exec pg pg_isready').exitCode).toBe(0);
    expect(type("docker exec pg psql -U postgres -c 'select 1'").printed).toBe(
      ' ?column? \n----------\n        1\n(1 row)\n\n',
    );
    expect(type('docker exec pg psql -U nobody -c "select 1"').printed).toContain(
      'FATAL:  role "nobody" does not exist',
    );
    type('docker run -d --name my -e MYSQL_ROOT_PASSWORD=secret mysql:8.4');
    expect(type('docker exec my mysqladmin ping -uroot -psecret').exitCode).toBe(1);
    type('sleep 12');
    expect(type('docker exec my mysqladmin ping -uroot -psecret').printed).toContain(
      'mysqld is alive',
    );
    expect(type('docker exec my mysqladmin ping -uroot -pwrong').printed).toContain(
      "Access denied for user 'root'@'localhost' (using password: YES)",
    );
  });
});

describe('applications in containers', () => {
  it('greets by its image alone', () => {
    const type = host();
    expect(type('docker run --rm hello-world').printed).toContain(
      '\nHello from Docker!\nThis message shows that your installation appears to be working correctly.\n',
    );
    expect(type('docker run --rm node:24-alpine node -v').printed).toMatch(/^v24\.\d+\.\d+$/m);
    expect(type('docker run --rm python:3.13-slim python --version').printed).toMatch(
      /^Python 3\.13\.\d+$/m,
    );
  });

  it('does what its environment says', () => {
    const type = host();
    type('docker run -d --name deaf -e IGNORE_SIGTERM=1 drydock/app');
    type('docker stop -t 2 deaf');
    const code = (name: string) =>
      type(`docker inspect -f '{{.State.ExitCode}}' ${name}`).printed.trim();
    expect(code('deaf')).toBe('137');
    type('docker run -d --name brief -e CRASH_AFTER_MS=500 -e EXIT_CODE=3 drydock/app');
    type('sleep 2');
    expect(code('brief')).toBe('3');
    type('docker run -d --name leaky -m 100m -e LEAK_MB_PER_S=20 drydock/app');
    type('sleep 30');
    expect(type("docker inspect -f '{{.State.OOMKilled}}' leaky").printed).toBe('true\n');
    expect(code('leaky')).toBe('137');
    type('docker run -d --name ill -p 8080:8080 -e HEALTH_FAILS_AFTER_MS=3000 drydock/app');
    type('sleep 1');
    const health = () =>
      type('curl -s -o /dev/null -w "%{http_code}" localhost:8080/health').printed;
    expect(health()).toBe('200');
    type('sleep 3');
    expect(health()).toBe('503');
  });

  it('loses a memory eater to the limit', () => {
    const type = host();
    const eaten = type(
      'docker run -m 200m --name hog polinux/stress stress --vm 1 --vm-bytes 600M',
    );
    expect(eaten.exitCode).toBe(137);
    expect(type("docker inspect -f '{{.State.OOMKilled}}' hog").printed).toBe('true\n');
  });

  it('serves a directory with python', () => {
    const type = host();
    type('docker run -d --name files -p 8000:8000 -w /etc python:3.13-slim python -m http.server');
    type('sleep 1');
    expect(type('curl -s localhost:8000/os-release').printed).toContain('ID=debian');
    expect(type('curl -s -o /dev/null -w "%{http_code}" localhost:8000/nope').printed).toBe('404');
    expect(type('docker logs files').printed).toMatch(/"GET \/nope HTTP\/1\.1" 404 -$/m);
  });
});
