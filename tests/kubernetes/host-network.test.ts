import { describe, expect, it } from 'vitest';
import { podStories } from './pod-stories.ts';
import { scenario } from './scenario-session.ts';

describe('a Pod on the network of its node', () => {
  const shell = { image: 'busybox:1.37', sh: 'sleep 1000' };

  it('asks the cluster for names only where its DNS policy says so', () => {
    const { create, advance, exec } = podStories();
    create('inside', [shell], { hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' });
    create('outside', [shell], { hostNetwork: true });
    advance(10);
    const read = (name: string) => exec(name, 'cat /etc/resolv.conf').text;
    expect(read('inside')).toBe(
      'search default.svc.cluster.local svc.cluster.local cluster.local\n' +
        'nameserver 10.96.0.10\noptions ndots:5\n',
    );
    expect(read('outside')).toMatch(/^nameserver (?!10\.96\.0\.10)\S+\n$/);
  });

  it('finds Services by the DNS of the cluster', () => {
    const { sh } = scenario();
    const run = (name: string, dnsPolicy: string) => {
      const spec = JSON.stringify({ spec: { hostNetwork: true, dnsPolicy } });
      sh(`kubectl run ${name} --image=busybox:1.37 --overrides='${spec}' -- sleep 1000`);
    };
    run('inside', 'ClusterFirstWithHostNet');
    run('outside', 'ClusterFirst');
    sh('sleep 10s');
    const ask = (name: string) =>
      sh(`kubectl exec ${name} -- nslookup kubernetes.default.svc.cluster.local`);
    expect(ask('inside')).toContain('Address: 10.96.0.1');
    expect(ask('outside')).toContain('NXDOMAIN');
  });

  it('has the hosts file of its node, and what its Pod adds', () => {
    const { create, advance, exec, containerd } = podStories();
    containerd.files.makeDirectory('node-1', '/etc', { parents: true });
    containerd.files.write('node-1', '/etc/hosts', '127.0.0.1 localhost\n10.0.0.9 ntp\n');
    create('own', [shell], {
      hostNetwork: true,
      hostAliases: [{ ip: '10.1.2.3', hostnames: ['db.local', 'db'] }],
    });
    advance(10);
    expect(exec('own', 'cat /etc/hosts').text).toBe(
      '# Kubernetes-managed hosts file (host network).\n127.0.0.1 localhost\n10.0.0.9 ntp\n\n' +
        '# Entries added by HostAliases.\n10.1.2.3\tdb.local\tdb\n',
    );
    expect(exec('own', 'cat /etc/hostname').text).toBe('node-1\n');
  });
});
