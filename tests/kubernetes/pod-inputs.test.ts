import { describe, expect, it } from 'vitest';
import { toBase64 } from '../../src/engine/oci/base64.ts';
import { podStories } from './pod-stories.ts';

const LASTING = 'trap "exit 0" TERM; while true; do sleep 1; done';

const configMap = (name: string, data: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  data,
});

const secret = (name: string, data: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: 'default' },
  type: 'Opaque',
  data: Object.fromEntries(Object.entries(data).map(([key, text]) => [key, toBase64(text)])),
});

describe('the environment of a container', () => {
  it('comes from words, ConfigMaps, Secrets and the Pod itself', () => {
    const { create, advance, client, exec, pod } = podStories();
    client.create('configmaps', configMap('settings', { MODE: 'fast', LEVEL: '3' }));
    client.create('secrets', secret('keys', { token: 's3cret' }));
    create(
      'web',
      [
        {
          sh: LASTING,
          envFrom: [{ prefix: 'CFG_', configMapRef: { name: 'settings' } }],
          env: [
            { name: 'WHO', value: 'me' },
            { name: 'HELLO', value: 'hello $(WHO) $(NOBODY) $$(WHO) $(CFG_MODE)' },
            { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'keys', key: 'token' } } },
            { name: 'NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
            { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
            { name: 'APP', valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } },
            { name: 'CPUS', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
            {
              name: 'MEBI',
              valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } },
            },
            {
              name: 'MAYBE',
              valueFrom: { configMapKeyRef: { name: 'nope', key: 'x', optional: true } },
            },
          ],
          resources: { limits: { cpu: '1500m', memory: '64Mi' } },
        },
      ],
      {},
      { app: 'shop' },
    );
    advance(10);
    const print = exec('web', 'echo "$HELLO|$TOKEN|$NAME|$IP|$APP|$CPUS|$MEBI|$CFG_LEVEL|$MAYBE|"');
    const { podIP = '' } = pod('web').status;
    expect(print.text).toBe(`hello me $(NOBODY) $(WHO) fast|s3cret|web|${podIP}|shop|2|64|3||\n`);
  });

  it('may refer to things that are not there, and says which', () => {
    const { create, advance, client, status, events } = podStories();
    client.create('configmaps', configMap('settings', { MODE: 'fast' }));
    const key = (name: string, of: string) => ({
      name: 'X',
      valueFrom: { configMapKeyRef: { name, key: of } },
    });
    create('none', [{ sh: LASTING, env: [key('nope', 'x')] }]);
    create('key', [{ sh: LASTING, env: [key('settings', 'SPEED')] }]);
    create('whole', [{ sh: LASTING, envFrom: [{ secretRef: { name: 'nope' } }] }]);
    advance(6);
    const words = (name: string) => status(name).state?.waiting;
    const reason = 'CreateContainerConfigError';
    expect(words('none')).toEqual({ reason, message: 'configmap "nope" not found' });
    const missing = "couldn't find key SPEED in ConfigMap default/settings";
    expect(words('key')).toEqual({ reason, message: missing });
    expect(words('whole')).toEqual({ reason, message: 'secret "nope" not found' });
    expect(events('none')).toContain('Failed: Error: configmap "nope" not found');
    client.create('configmaps', configMap('nope', { x: '1' }));
    advance(20);
    expect(status('none').ready).toBe(true);
  });

  it('leads to the Services that are there, unless it wants none', () => {
    const { create, advance, client, exec } = podStories();
    client.create('services', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'my-db', namespace: 'default' },
      spec: { clusterIP: '10.96.7.7', ports: [{ name: 'sql', port: 5432 }] },
    });
    create('links', [{ sh: LASTING }]);
    create('plain', [{ sh: LASTING }], { enableServiceLinks: false });
    advance(10);
    const print =
      'echo $MY_DB_SERVICE_HOST $MY_DB_SERVICE_PORT_SQL $MY_DB_PORT_5432_TCP_ADDR $MY_DB_PORT';
    expect(exec('links', print).text).toBe('10.96.7.7 5432 10.96.7.7 tcp://10.96.7.7:5432\n');
    expect(exec('plain', print).text).toBe('\n');
  });

  it('is known to commands, arguments and the directory it works in', () => {
    const { create, advance, logs } = podStories();
    create(
      'web',
      [
        {
          command: ['sh', '-c', 'echo $0 $1; pwd; id -u; hostname'],
          args: ['$(GREETING)', '$(UNKNOWN)'],
          env: [{ name: 'GREETING', value: 'hi' }],
          workingDir: '/srv/app',
          securityContext: { runAsUser: 1000 },
        },
      ],
      { hostname: 'box', subdomain: 'sub', restartPolicy: 'Never' },
    );
    advance(10);
    expect(logs('web').text).toBe('hi $(UNKNOWN)\n/srv/app\n1000\nbox\n');
  });
});

describe('who a container runs as', () => {
  it('must not be root where that is asked', () => {
    const { create, advance, status, pod } = podStories();
    create('root', [{ sh: LASTING }], { securityContext: { runAsNonRoot: true } });
    create('zero', [{ sh: LASTING, securityContext: { runAsUser: 0, runAsNonRoot: true } }]);
    create('user', [{ sh: LASTING }], {
      securityContext: { runAsNonRoot: true, runAsUser: 1000 },
    });
    advance(10);
    const where = (name: string) =>
      `(pod: "${name}_default(${pod(name).metadata.uid})", container: app)`;
    expect(status('root').state?.waiting?.message).toBe(
      `container has runAsNonRoot and image will run as root ${where('root')}`,
    );
    expect(status('zero').state?.waiting?.message).toBe(
      `container's runAsUser breaks non-root policy ${where('zero')}`,
    );
    expect(status('user').ready).toBe(true);
  });
});

describe('volumes', () => {
  it('of a ConfigMap follow it within the period of the kubelet, but for single files', () => {
    const { create, advance, client, exec } = podStories();
    client.create('configmaps', configMap('settings', { 'app.conf': 'one', extra: 'x' }));
    create(
      'web',
      [
        {
          sh: LASTING,
          volumeMounts: [
            { name: 'conf', mountPath: '/etc/app' },
            { name: 'conf', mountPath: '/etc/one.conf', subPath: 'app.conf' },
          ],
        },
      ],
      { volumes: [{ name: 'conf', configMap: { name: 'settings' } }] },
    );
    advance(10);
    expect(exec('web', 'cat /etc/app/app.conf; ls /etc/app').text).toBe('oneapp.conf\nextra\n');
    expect(exec('web', 'readlink /etc/app/app.conf').text).toBe('..data/app.conf\n');
    expect(exec('web', 'echo x > /etc/app/app.conf').text).toContain('Read-only file system');
    const now = client.get('configmaps', 'default', 'settings');
    if (!now) throw new Error('no ConfigMap');
    client.update('configmaps', { ...now, data: { 'app.conf': 'two' } });
    advance(62);
    expect(exec('web', 'cat /etc/app/app.conf; ls /etc/app').text).toBe('twoapp.conf\n');
    expect(exec('web', 'cat /etc/one.conf').text).toBe('one');
  });

  it('that are missing hold their Pod back, and say why', () => {
    const { create, advance, client, status, events, pod } = podStories();
    const volumes = [{ name: 'conf', configMap: { name: 'late' } }];
    create('web', [{ sh: LASTING, volumeMounts: [{ name: 'conf', mountPath: '/c' }] }], {
      volumes,
    });
    advance(5);
    expect(status('web').state?.waiting?.reason).toBe('ContainerCreating');
    expect(events('web')).toContain(
      'FailedMount: MountVolume.SetUp failed for volume "conf" : configmap "late" not found',
    );
    client.create('configmaps', configMap('late', { a: '1' }));
    advance(10);
    expect(pod('web').status.phase).toBe('Running');
  });

  it('shared by containers keep what is written until the Pod goes', () => {
    const { create, advance, exec, client, pod, containerd } = podStories();
    const volumeMounts = [{ name: 'scratch', mountPath: '/data' }];
    create(
      'web',
      [
        { sh: LASTING, volumeMounts },
        { sh: LASTING, volumeMounts: [{ ...volumeMounts[0]!, readOnly: true }] },
      ],
      { volumes: [{ name: 'scratch', emptyDir: {} }] },
    );
    advance(10);
    exec('web', 'echo kept > /data/file');
    expect(exec('web', 'cat /data/file', 'app-1').text).toBe('kept\n');
    expect(exec('web', 'touch /data/other', 'app-1').text).toContain('Read-only file system');
    const directory = `/var/lib/kubelet/pods/${pod('web').metadata.uid}`;
    expect(containerd.files.node('node-1', directory)?.type).toBe('dir');
    client.delete('pods', pod('web'), 5);
    advance(10);
    expect(containerd.files.node('node-1', directory)).toBeUndefined();
  });

  it('lie in memory where they are secret, tell of the Pod, or ask for it', () => {
    const { create, advance, client, exec } = podStories();
    client.create('configmaps', configMap('settings', { mode: 'fast' }));
    client.create('secrets', secret('keys', { token: 's3cret' }));
    const facts = { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] };
    const volumes = [
      { name: 'keys', secret: { secretName: 'keys' } },
      { name: 'all', projected: { sources: [{ secret: { name: 'keys' } }] } },
      { name: 'facts', downwardAPI: facts },
      { name: 'fast', emptyDir: { medium: 'Memory' } },
      { name: 'settings', configMap: { name: 'settings' } },
      { name: 'scratch', emptyDir: {} },
    ];
    const volumeMounts = volumes.map(({ name }) => ({ name, mountPath: `/${name}` }));
    create('web', [{ sh: LASTING, volumeMounts }], { volumes });
    advance(10);
    const types = new Map(
      exec('web', 'cat /proc/mounts')
        .text.split('\n')
        .map((line) => line.split(' '))
        .map(([, at = '', type = '']) => [at, type]),
    );
    const inMemory = volumes.map(({ name }) => types.get(`/${name}`) === 'tmpfs');
    expect(inMemory).toEqual([true, true, true, true, false, false]);
    expect(types.get('/scratch')).toBe('ext4');
    expect(exec('web', 'df /keys /settings | cut -d " " -f 1').text).toBe(
      'Filesystem\ntmpfs\n/dev/vda1\n',
    );
  });

  it('may be paths of the node, checked for what they are', () => {
    const { create, advance, exec, events, containerd } = podStories();
    containerd.files.write('node-1', '/srv/site/index.html', 'from the node\n');
    const mount = { volumeMounts: [{ name: 'site', mountPath: '/site' }] };
    const of = (path: string, type?: string) => ({
      volumes: [{ name: 'site', hostPath: { path, ...(type && { type }) } }],
    });
    create('web', [{ sh: LASTING, ...mount }], of('/srv/site', 'Directory'));
    create('bad', [{ sh: LASTING, ...mount }], of('/srv/nosuch', 'Directory'));
    advance(10);
    expect(exec('web', 'cat /site/index.html').text).toBe('from the node\n');
    expect(events('bad')).toContain(
      'FailedMount: MountVolume.SetUp failed for volume "site" : hostPath type check failed: ' +
        '/srv/nosuch is not a directory',
    );
  });

  it('may show the Pod to itself, and join several sources', () => {
    const { create, advance, client, exec } = podStories();
    client.create('secrets', secret('keys', { token: 's3cret' }));
    const sources = [
      { secret: { name: 'keys', items: [{ key: 'token', path: 'deep/token', mode: 0o400 }] } },
      { downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
    ];
    create(
      'web',
      [{ sh: LASTING, volumeMounts: [{ name: 'all', mountPath: '/all' }] }],
      {
        volumes: [{ name: 'all', projected: { sources } }],
      },
      { tier: 'front', app: 'web' },
    );
    advance(10);
    const text = exec('web', 'cat /all/deep/token /all/labels; stat -L -c %a /all/deep/token').text;
    expect(text).toBe('s3cretapp="web"\ntier="front"\n400\n');
  });
});

describe('the network of a Pod', () => {
  it('has a hosts file and a way to names', () => {
    const { create, advance, exec, pod } = podStories();
    create('web', [{ sh: LASTING }], {
      hostname: 'box',
      subdomain: 'sub',
      hostAliases: [{ ip: '10.1.2.3', hostnames: ['db', 'db.local'] }],
      dnsConfig: { options: [{ name: 'ndots', value: '2' }] },
    });
    advance(10);
    const { podIP = '' } = pod('web').status;
    const hosts = exec('web', 'cat /etc/hosts').text;
    expect(hosts).toContain(`${podIP}\tbox.sub.default.svc.cluster.local\tbox\n`);
    expect(hosts).toContain('# Entries added by HostAliases.\n10.1.2.3\tdb\tdb.local\n');
    expect(exec('web', 'cat /etc/resolv.conf').text).toBe(
      'search default.svc.cluster.local svc.cluster.local cluster.local\n' +
        'nameserver 10.96.0.10\noptions ndots:2\n',
    );
  });
});
