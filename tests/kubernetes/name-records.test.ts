import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

/** All that CoreDNS answers about a cluster, in the words of the tools that ask. */
const OBJECTS = `apiVersion: v1
kind: Service
metadata: {name: db}
spec:
  clusterIP: None
  selector: {app: db}
  ports: [{name: sql, port: 5432}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  replicas: 2
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: db, image: nginx:1.29-alpine}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  clusterIP: 10.96.0.77
  selector: {app: db}
  ports: [{name: http, port: 80}, {name: admin, port: 8080}]
---
apiVersion: v1
kind: Service
metadata: {name: away}
spec: {type: ExternalName, externalName: registry.local}
---
apiVersion: v1
kind: Service
metadata: {name: alias}
spec: {type: ExternalName, externalName: web.default.svc.cluster.local}
---
apiVersion: v1
kind: Service
metadata: {name: nowhere}
spec: {type: ExternalName, externalName: nothing.example.com}
---
apiVersion: v1
kind: Service
metadata: {name: empty}
spec: {clusterIP: None, selector: {app: nobody}, ports: [{port: 80}]}
`;
const DOMAIN = 'default.svc.cluster.local';
const HEAD = 'Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\n';

function names() {
  const session = new Session({ preset: 'cluster', seed: 5 });
  const sh = (line: string): string => session.type(line).printed;
  session.write('objects.yaml', OBJECTS);
  sh('kubectl apply -f objects.yaml');
  sh('kubectl rollout status statefulset/db');
  sh('kubectl run box --image=alpine:3.22 -- sleep infinity');
  sh('kubectl wait --for=condition=Ready pod/box');
  const inBox = (line: string): string => sh(`kubectl exec box -- ${line}`);
  const ipOf = (pod: string) => sh(`kubectl get pod ${pod} -o jsonpath='{.status.podIP}'`);
  return { session, sh, inBox, ipOf };
}

describe("busybox's nslookup", () => {
  it('is told ports and targets of a Service, and of each Pod of a headless one', () => {
    const { inBox } = names();
    expect(inBox(`nslookup -type=srv _http._tcp.web.${DOMAIN}`)).toBe(
      `${HEAD}_http._tcp.web.${DOMAIN}\tservice = 0 100 80 web.${DOMAIN}\n\n`,
    );
    const all = inBox(`nslookup -q=SRV web.${DOMAIN}`).split('\n').slice(3, 5);
    expect(all).toEqual([
      `web.${DOMAIN}\tservice = 0 50 80 web.${DOMAIN}`,
      `web.${DOMAIN}\tservice = 0 50 8080 web.${DOMAIN}`,
    ]);
    const headless = inBox(`nslookup -type=srv _sql._tcp.db.${DOMAIN}`);
    for (const pod of ['db-0', 'db-1']) {
      expect(headless).toContain(
        `_sql._tcp.db.${DOMAIN}\tservice = 0 50 5432 ${pod}.db.${DOMAIN}\n`,
      );
    }
    const wrong = inBox(`nslookup -type=srv _http._udp.web.${DOMAIN}`);
    expect(wrong).toContain(`** server can't find _http._udp.web.${DOMAIN}: NXDOMAIN\n`);
  });

  it('is told whose address it is', () => {
    const { inBox, ipOf } = names();
    expect(inBox('nslookup 10.96.0.77')).toBe(
      `${HEAD}77.0.96.10.in-addr.arpa\tname = web.${DOMAIN}\n\n`,
    );
    const ip = ipOf('db-1');
    const reverse = `${ip.split('.').reverse().join('.')}.in-addr.arpa`;
    const told = inBox(`nslookup ${ip}`);
    expect(told).toContain(`${reverse}\tname = db-1.db.${DOMAIN}\n`);
    // The other Service is not the one that its Pod names as its subdomain.
    const dashed = ip.replaceAll('.', '-');
    expect(told).toContain(`${reverse}\tname = ${dashed}.web.${DOMAIN}\n`);
    expect(inBox('nslookup 10.96.0.78')).toBe(
      `${HEAD}** server can't find 78.0.96.10.in-addr.arpa: NXDOMAIN\n\n` +
        'command terminated with exit code 1\n',
    );
  });

  it('is told the other name, and what that stands for where somebody knows it', () => {
    const { inBox } = names();
    expect(inBox(`nslookup away.${DOMAIN}`)).toBe(
      `${HEAD}away.${DOMAIN}\tcanonical name = registry.local\n` +
        'Name:\tregistry.local\nAddress: 192.168.10.5\n\n' +
        `away.${DOMAIN}\tcanonical name = registry.local\n\n`,
    );
    expect(inBox(`nslookup alias.${DOMAIN}`)).toBe(
      `${HEAD}alias.${DOMAIN}\tcanonical name = web.${DOMAIN}\n` +
        `Name:\tweb.${DOMAIN}\nAddress: 10.96.0.77\n\n\n`,
    );
    expect(inBox(`nslookup -type=a nowhere.${DOMAIN}`)).toBe(
      `${HEAD}nowhere.${DOMAIN}\tcanonical name = nothing.example.com\n\n`,
    );
  });

  it('tells a name without records from one that is not there', () => {
    const { inBox } = names();
    for (const there of [DOMAIN, 'svc.cluster.local', 'cluster.local']) {
      expect(inBox(`nslookup ${there}`)).toBe(`${HEAD}\n\n`);
    }
    const nobody = [`empty.${DOMAIN}`, 'web.nosuch.svc.cluster.local', `x.away.${DOMAIN}`];
    for (const gone of [...nobody, 'nosuch.svc.cluster.local', 'other.cluster.local']) {
      expect(inBox(`nslookup -type=a ${gone}`)).toContain(`can't find ${gone}: NXDOMAIN`);
    }
  });

  it('refuses words it does not know', () => {
    const { inBox } = names();
    expect(inBox('nslookup -type=nosuch web')).toContain('nslookup: invalid query type "nosuch"\n');
    expect(inBox('nslookup')).toContain('Usage: nslookup [-type=QUERY_TYPE] [-debug] HOST');
  });

  it('hears of another server nothing about the cluster', () => {
    const { inBox } = names();
    expect(inBox(`nslookup -type=a web.${DOMAIN} 1.1.1.1`)).toBe(
      'Server:\t\t1.1.1.1\nAddress:\t1.1.1.1:53\n\n' +
        `** server can't find web.${DOMAIN}: NXDOMAIN\n\ncommand terminated with exit code 1\n`,
    );
  });
});

describe('dig', () => {
  it('shows the whole answer', () => {
    const { inBox } = names();
    inBox('apk add bind-tools');
    const shown = inBox(`dig kubernetes.${DOMAIN}`)
      .replace(/id: \d+/, 'id: 1')
      .replace(/COOKIE: \w{16}/, 'COOKIE: c')
      .replace(/WHEN: .*/, 'WHEN: now');
    expect(shown).toBe(
      [
        '',
        '; <<>> DiG 9.20.16 <<>> kubernetes.default.svc.cluster.local',
        ';; global options: +cmd',
        ';; Got answer:',
        ';; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1',
        ';; flags: qr aa rd; QUERY: 1, ANSWER: 1, AUTHORITY: 0, ADDITIONAL: 1',
        ';; WARNING: recursion requested but not available',
        '',
        ';; OPT PSEUDOSECTION:',
        '; EDNS: version: 0, flags:; udp: 1232',
        '; COOKIE: c (echoed)',
        ';; QUESTION SECTION:',
        ';kubernetes.default.svc.cluster.local. IN A',
        '',
        ';; ANSWER SECTION:',
        'kubernetes.default.svc.cluster.local. 30 IN A\t10.96.0.1',
        '',
        ';; Query time: 0 msec',
        ';; SERVER: 10.96.0.10#53(10.96.0.10) (UDP)',
        ';; WHEN: now',
        ';; MSG SIZE  rcvd: 129',
        '',
        '',
      ].join('\n'),
    );
    const none = inBox(`dig nothing.${DOMAIN}`);
    expect(none).toContain('status: NXDOMAIN');
    expect(none).toMatch(
      /;; AUTHORITY SECTION:\ncluster\.local\.\t\t30\tIN\tSOA\tns\.dns\.cluster\.local\. hostmaster\.cluster\.local\. \d{10} 7200 1800 86400 30\n/,
    );
  });

  it('is short when it is asked to be, and searches only then', () => {
    const { inBox, ipOf } = names();
    inBox('apk add bind-tools');
    expect(inBox(`dig +short web.${DOMAIN}`)).toBe('10.96.0.77\n');
    expect(inBox('dig +short web')).toBe('');
    expect(inBox('dig +short +search web')).toBe('10.96.0.77\n');
    expect(inBox('dig +short -x 10.96.0.77')).toBe(`web.${DOMAIN}.\n`);
    expect(inBox(`dig +noall +answer srv _http._tcp.web.${DOMAIN}`)).toBe(
      `_http._tcp.web.${DOMAIN}. 30 IN\tSRV 0 100 80 web.${DOMAIN}.\n`,
    );
    const server = inBox('dig +short _sql._tcp.db.default.svc.cluster.local SRV');
    expect(server.split('\n').sort().slice(1)).toEqual([
      `0 50 5432 db-0.db.${DOMAIN}.`,
      `0 50 5432 db-1.db.${DOMAIN}.`,
    ]);
    const pods = inBox(`dig +short db.${DOMAIN}`).trim().split('\n').sort();
    expect(pods).toEqual([ipOf('db-0'), ipOf('db-1')].sort());
  });

  it('gives up after three times five seconds when CoreDNS is gone', () => {
    const { session, sh, inBox } = names();
    inBox('apk add bind-tools');
    sh('kubectl -n kube-system scale deployment coredns --replicas=0; sleep 10');
    const before = session.world.kernel.now;
    const lost = ';; communications error to 10.96.0.10#53: timed out\n';
    expect(inBox('dig web')).toBe(
      `${lost.repeat(3)}\n; <<>> DiG 9.20.16 <<>> web\n;; global options: +cmd\n` +
        ';; no servers could be reached\ncommand terminated with exit code 9\n',
    );
    const tookMs = session.world.kernel.now - before;
    expect(Math.floor(tookMs / 1000)).toBe(15);
  });
});

describe('getent', () => {
  it('tells the whole name that was found, as musl has it', () => {
    const { inBox } = names();
    expect(inBox('getent hosts web')).toBe(`10.96.0.77        web.${DOMAIN}  web.${DOMAIN} web\n`);
    expect(inBox(`getent hosts web.${DOMAIN}`)).toBe(
      `10.96.0.77        web.${DOMAIN}  web.${DOMAIN}\n`,
    );
    expect(inBox('getent hosts away')).toBe(
      '192.168.10.5      registry.local  registry.local away\n',
    );
    expect(inBox('getent hosts 10.96.0.77')).toBe(
      `10.96.0.77        web.${DOMAIN}  web.${DOMAIN}\n`,
    );
    expect(inBox('getent hosts localhost')).toMatch(/^127\.0\.0\.1 {9}localhost {2}localhost\n$/);
    expect(inBox('getent hosts nothing')).toBe('command terminated with exit code 2\n');
  });

  it('tells every address, as glibc has it', () => {
    const { sh, ipOf } = names();
    sh('kubectl run deb --image=debian:13 -- sleep infinity');
    sh('kubectl wait --for=condition=Ready pod/deb');
    const inDebian = (line: string) => sh(`kubectl exec deb -- ${line}`);
    expect(inDebian('getent hosts web')).toBe(`10.96.0.77      web.${DOMAIN}\n`);
    const pods = inDebian('getent hosts db').trim().split('\n').sort();
    const wanted = [ipOf('db-0'), ipOf('db-1')].map((ip) => `${ip.padEnd(15)} db.${DOMAIN}`);
    expect(pods).toEqual(wanted.sort());
  });
});

describe("a Pod's own wishes", () => {
  it('of dots and domains are heard', () => {
    const { session, sh } = names();
    const pod = (name: string, spec: string) => {
      session.write(
        `${name}.yaml`,
        `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec:\n${spec}
  containers: [{name: box, image: 'alpine:3.22', command: [sleep, infinity]}]\n`,
      );
      sh(`kubectl apply -f ${name}.yaml && kubectl wait --for=condition=Ready pod/${name}`);
      return (line: string) => sh(`kubectl exec ${name} -- ${line}`);
    };
    const found = (printed: string) => printed.startsWith('10.96.0.');
    // A name with one dot is long enough, and musl does not search for it then.
    const few = pod('few', '  dnsConfig: {options: [{name: ndots, value: "1"}]}');
    expect(found(few('getent hosts kubernetes.default'))).toBe(false);
    expect(found(few('getent hosts kubernetes'))).toBe(true);
    const more = pod('more', '  dnsConfig: {searches: [kube-system.svc.cluster.local]}');
    expect(found(more('getent hosts kube-dns'))).toBe(true);
    const own = pod(
      'own',
      '  dnsPolicy: None\n  dnsConfig: {nameservers: [10.96.0.10], searches: [svc.cluster.local]}',
    );
    expect(found(own('getent hosts kubernetes.default'))).toBe(false);
    expect(found(own('getent hosts kubernetes.default.svc.cluster.local'))).toBe(true);
    const host = pod('host', '  hostNetwork: true');
    expect(host('wget -qO- http://web')).toContain("wget: bad address 'web'");
    const both = pod('both', '  hostNetwork: true\n  dnsPolicy: ClusterFirstWithHostNet');
    expect(both('wget -qO- http://web')).toContain('Welcome to nginx!');
  });
});
