import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

function host() {
  const session = new Session({ preset: 'host', seed: 1 });
  return (line: string) => session.type(line);
}

/** What a command prints in a new container of an image that is there already. */
function inside(image: string) {
  const type = host();
  type(`docker pull -q ${image}`);
  return (script: string) => type(`docker run --rm ${image} sh -c '${script}'`);
}

describe('tools in an Alpine container', () => {
  const sh = inside('alpine');

  it('see its own processes and its own address', () => {
    expect(sh('ps').printed).toBe(
      'PID   USER     TIME  COMMAND\n    1 root      0:00 sh -c ps\n    2 root      0:00 ps\n'.replace(
        / {4}1.*\n {4}2/,
        '    1',
      ),
    );
    expect(sh('sleep 50 & ps | grep -c sleep; kill %1').printed).toMatch(/^[12]\n/);
    expect(sh('hostname -i').printed).toMatch(/^172\.17\.0\.\d+\n$/);
    expect(sh('ip addr').printed).toMatch(
      /inet 172\.17\.0\.\d+\/16 brd 172\.17\.255\.255 scope global eth0/,
    );
    expect(sh('ip route').printed).toMatch(/^default via 172\.17\.0\.1 dev eth0/);
  });

  it('are all in one file, wherever it lies', () => {
    const type = host();
    const copy = 'FROM scratch\\nCOPY --from=alpine /bin/busybox /busybox\\n';
    type(`printf '${copy}' > Dockerfile; docker build -q -t tiny .`);
    expect(type('docker run --rm tiny /busybox echo hi').printed).toBe('hi\n');
  });

  it('know users, and add some', () => {
    expect(sh('id; whoami; id nobody').printed).toBe(
      'uid=0(root) gid=0(root) groups=0(root),0(root),1(bin),2(daemon),3(sys),4(adm),6(disk),10(wheel),11(floppy),20(dialout),26(tape),27(video)\nroot\nuid=65534(nobody) gid=65534(nobody) groups=65534(nobody)\n',
    );
    expect(sh('adduser -D bob; id bob; grep bob /etc/passwd').printed).toBe(
      'uid=1000(bob) gid=1000(bob) groups=1000(bob)\nbob:x:1000:1000::/home/bob:/bin/sh\n',
    );
    expect(sh('id nosuch').printed).toBe('id: unknown user nosuch\n');
  });

  it('install packages, and only those that exist', () => {
    expect(sh('which curl; echo $?').printed).toBe('1\n');
    const added = sh('apk add --no-cache curl | tail -2; which curl').printed;
    expect(added).toMatch(
      /^Executing busybox-.*\.trigger\nOK: \d+ MiB in \d+ packages\n\/usr\/bin\/curl\n$/,
    );
    expect(sh('apk add nosuchpackage')).toMatchObject({
      exitCode: 1,
      printed: expect.stringContaining(
        'ERROR: unable to select packages:\n  nosuchpackage (no such package):\n    required by: world[nosuchpackage]\n',
      ) as string,
    });
  });

  it('fail over the network in their own words', () => {
    expect(sh('wget -qO- http://nosuch').printed).toBe("wget: bad address 'nosuch'\n");
    expect(sh('wget -qO- http://127.0.0.1:81').printed).toBe(
      "wget: can't connect to remote host (127.0.0.1): Connection refused\n",
    );
    expect(sh('ping -c 1 nosuch').printed).toBe("ping: bad address 'nosuch'\n");
    expect(sh('nc -zv 127.0.0.1 81')).toEqual({
      printed: 'nc: 127.0.0.1 (127.0.0.1:81): Connection refused\n',
      exitCode: 1,
    });
    expect(sh('ping -c 1 127.0.0.1').printed).toContain('1 packets received, 0% packet loss\n');
  });

  it('give environment and time', () => {
    const type = host();
    const printed = type('docker run --rm -e A=1 -e B= alpine env').printed;
    expect(printed).toMatch(/^PATH=.*\nHOSTNAME=[0-9a-f]{12}\nA=1\nB=\nHOME=\/root\n$/m);
    expect(sh('printenv HOME; printenv NOPE; echo $?').printed).toBe('/root\n1\n');
    expect(sh('date -u +%Y-%m-%dT%H').printed).toBe('2026-01-05T00\n');
    expect(sh('date -d @0 "+%a %b %e %Y"').printed).toBe('Thu Jan  1 1970\n');
  });
});

describe('tools in a Debian container', () => {
  const sh = inside('debian:bookworm-slim');

  it('come with their packages', () => {
    expect(sh('ps').printed).toBe('sh: 1: ps: not found\n');
    expect(sh('apt-get install -y procps').printed).toContain(
      'E: Unable to locate package procps\n',
    );
    const listed = sh(
      'apt-get update >/dev/null; apt-get install -y procps >/dev/null; ps -ef',
    ).printed;
    expect(listed).toMatch(
      /^UID +PID +PPID +C STIME TTY +TIME CMD\nroot +1 +0 +0 00:00 \? +00:00:00 (?:sh -c|ps -ef)/,
    );
  });
});

describe('the Go tool', () => {
  const sh = inside('golang:1.25');

  it('compiles a module into a program where -o says', () => {
    const module = 'printf "module example.com/files\\n" > go.mod; echo "package main" > main.go';
    const built = sh(`cd /tmp; ${module}; CGO_ENABLED=0 go build -o /files . && ls -l /files`);
    expect(built.printed).toMatch(/^-rwxr-xr-x 1 root root 12000000 .* \/files\n$/);
    expect(sh(`cd /tmp; ${module}; go build && ls`).printed).toBe('files\ngo.mod\nmain.go\n');
  });

  it('says what is missing, and what it does not know', () => {
    expect(sh('go version').printed).toBe('go version go1.25.5 linux/amd64\n');
    expect(sh('cd /tmp; go build')).toEqual({
      printed:
        "go: go.mod file not found in current directory or any parent directory; see 'go help modules'\n",
      exitCode: 1,
    });
    expect(sh('go biuld')).toEqual({
      printed: "go biuld: unknown command\nRun 'go help' for usage.\n",
      exitCode: 2,
    });
  });
});

describe('stress', () => {
  it('takes what processors are left, and no more than its quota', () => {
    const type = host();
    type('docker pull -q polinux/stress');
    type('docker run -d --name noisy polinux/stress stress --cpu 4');
    type('docker run -d --name quiet polinux/stress stress --cpu 1');
    const usage = () =>
      type("docker stats --no-stream --format '{{.Name}} {{.CPUPerc}} {{.PIDs}}' noisy quiet")
        .printed;
    expect(usage()).toBe('noisy 300.00% 5\nquiet 100.00% 2\n');
    type('docker update --cpus 0.5 noisy');
    expect(usage()).toBe('noisy 50.00% 5\nquiet 100.00% 2\n');
    type('docker exec -d quiet stress --cpu 2 --timeout 4');
    expect(usage()).toBe('noisy 50.00% 5\nquiet 300.00% 5\n');
    type('sleep 5');
    expect(usage()).toBe('noisy 50.00% 5\nquiet 100.00% 2\n');
    type('docker pause quiet');
    expect(usage()).toBe('noisy 50.00% 5\nquiet 0.00% 2\n');
    type('docker unpause quiet');
    expect(usage()).toBe('noisy 50.00% 5\nquiet 100.00% 2\n');
  });
});

describe('curl', () => {
  it('tells what went wrong, with the code for it', () => {
    const type = host();
    const cases: readonly (readonly [string, number, string])[] = [
      ['curl', 2, "curl: try 'curl --help' or 'curl --manual' for more information\n"],
      ['curl -sS http://nosuch', 6, 'curl: (6) Could not resolve host: nosuch\n'],
      ['curl -s http://nosuch', 6, ''],
      [
        'curl http://localhost:81',
        7,
        'curl: (7) Failed to connect to localhost port 81 after 1 ms: Could not connect to server\n',
      ],
      ['curl ftp2://x', 1, 'curl: (1) Protocol "ftp2" not supported\n'],
      ['curl http://', 3, 'curl: (3) URL rejected: No host part in the URL\n'],
      [
        'curl http://localhost:99999/',
        3,
        'curl: (3) URL rejected: Port number was not a decimal number between 0 and 65535\n',
      ],
      [
        'curl --nope x',
        2,
        "curl: option --nope: is unknown\ncurl: try 'curl --help' or 'curl --manual' for more information\n",
      ],
      ['curl -s -o /dev/null -w "%{http_code} %{exitcode}" localhost:81', 7, '000 7'],
    ];
    for (const [line, exitCode, printed] of cases) {
      expect(type(line), line).toEqual({ printed, exitCode });
    }
  });

  it('shows heads, follows, posts and writes', () => {
    const type = host();
    type('docker run -d -p 80:80 nginx');
    expect(type('curl -sI localhost').printed).toMatch(
      /^HTTP\/1\.1 200 OK\r\nServer: nginx\/1\.29\.3\r\n/,
    );
    expect(type('curl -f localhost/nope')).toEqual({
      printed: 'curl: (22) The requested URL returned error: 404\n',
      exitCode: 22,
    });
    expect(
      type('curl -s -X POST -d a=1 -o /dev/null -w "%{http_code} %{method}\\n" localhost').printed,
    ).toBe('405 POST\n');
    expect(type('curl -s -o page.html localhost; head -1 page.html').printed).toBe(
      '<!DOCTYPE html>\n',
    );
    expect(type('curl -s -o /no/such/file localhost').exitCode).toBe(23);
  });

  it('sends what a file holds, by -d without the ends of its lines', () => {
    const type = host();
    type('docker run -d -p 80:80 nginx');
    type("printf 'a=1\\nb=2\\n' > form");
    const sent = (words: string): string =>
      /> Content-Length: (\d+)/.exec(
        type(`curl -sv -o /dev/null ${words} localhost`).printed,
      )?.[1] ?? '';
    expect(sent('-d @form')).toBe('6');
    expect(sent('--data-binary @form')).toBe('8');
    expect(sent('--json @form')).toBe('8');
    expect(sent('--data-binary @- < form')).toBe('8');
    expect(sent('-d c=3 --data-binary @form')).toBe('12');
    expect(sent('--data-raw @form')).toBe('5');
    expect(type('curl -d @gone localhost')).toEqual({
      printed: 'curl: (26) Failed to open gone\n',
      exitCode: 26,
    });
  });
});
