import { describe, expect, it } from 'vitest';
import { Session } from './session.ts';

describe('drydock fault', () => {
  it('breaks a registry, tells that it is broken, and mends it', () => {
    const session = new Session({ preset: 'host', seed: 3 });
    expect(session.type('drydock fault registry docker.io down').exitCode).toBe(0);
    expect(session.type('drydock faults').printed).toBe(
      'registry docker.io down  since 2026-01-05T00:00:00Z\n',
    );
    expect(session.type('docker pull alpine').exitCode).toBe(1);
    expect(session.type('drydock fault registry docker.io up').exitCode).toBe(0);
    expect(session.type('drydock faults').printed).toBe('');
    expect(session.type('docker pull alpine:3.22').exitCode).toBe(0);
  });

  it('breaks a container of a Pod, and what replaces it is whole', () => {
    const session = new Session({ preset: 'cluster', seed: 3 });
    const run = (line: string) => session.type(line).printed;
    run('kubectl run web --image=drydock/app && kubectl wait --for=condition=Ready pod/web');
    const fetched = 'kubectl exec web -- wget -q -T 2 -O - localhost:8080/health';
    expect(run('kubectl exec web -- hostname -i')).toBe(
      run('kubectl get pod web -o jsonpath=\'{.status.podIP}{"\\n"}\''),
    );
    expect(run('drydock fault container web hang')).toBe('');
    expect(run(fetched)).not.toContain('ok');
    expect(run('drydock fault container default/web/web mend')).toBe('');
    expect(run(fetched)).toBe('ok\n');
    expect(run('drydock fault container web/web crash')).toBe('');
    run('sleep 5');
    expect(run("kubectl get pod web -o jsonpath='{..lastState.terminated.exitCode}'")).toBe('139');
    expect(run(fetched)).toBe('ok\n');
    expect(run('drydock fault container web/nosuch crash')).toMatch(/No such container/);
    expect(run('drydock fault container kube-system/nosuch/x crash')).toMatch(/No such container/);
  });

  it('is forgotten with the container that had it', () => {
    const session = new Session({ preset: 'cluster', seed: 3 });
    const run = (line: string) => session.type(line).printed;
    run('kubectl run web --image=drydock/app && kubectl wait --for=condition=Ready pod/web');
    run('drydock fault container web hang');
    expect(run('drydock faults')).toMatch(/^container web hang {2}since /);
    // The same container by another name.
    run('drydock fault container default/web/web mend');
    expect(run('drydock faults')).toBe('');
    run('drydock fault container web hang; drydock fault container web crash; sleep 5');
    expect(run("kubectl get pod web -o jsonpath='{..restartCount}'")).toBe('1');
    expect(run('drydock faults')).toBe('');
    run('drydock fault container web hang');
    expect(run('drydock faults')).not.toBe('');
    run('kubectl delete pod web --force --grace-period=0');
    expect(run('drydock faults')).toBe('');
  });

  it('is told of each process that is meant, and mended by either name', () => {
    const session = new Session({ preset: 'cluster-ha', seed: 3 });
    const run = (line: string) => session.type(line).printed;
    const names = () =>
      run('drydock faults')
        .replace(/ {2}since .*/g, '')
        .split('\n')
        .slice(0, -1);
    run('drydock fault component etcd-control-1 stop');
    expect(names()).toEqual(['component etcd-control-1 stop']);
    run('drydock fault component etcd start');
    expect(names()).toEqual([]);
    run('drydock fault component kube-scheduler stop');
    const all = [1, 2, 3].map((n) => `component kube-scheduler-control-${n} stop`);
    expect(names()).toEqual(all);
    run('drydock fault component kube-scheduler-control-2 start');
    expect(names()).toEqual([all[0], all[2]]);
    run('drydock fault component kube-scheduler start');
    expect(names()).toEqual([]);
    // A machine that starts again starts its kubelet.
    run('drydock fault kubelet node-1 stop; drydock fault machine node-1 down');
    run('drydock fault machine node-1 up');
    expect(names()).toEqual([]);
  });

  it('lets go what a hanging Pod holds: it is answered, or ends with the Pod', () => {
    const session = new Session({ preset: 'cluster', seed: 3 });
    const run = (line: string) => session.type(line).printed;
    run('kubectl run web --image=drydock/app && kubectl wait --for=condition=Ready pod/web');
    run('kubectl run box --image=busybox:1.37 --command -- sleep 360000');
    run('kubectl wait --for=condition=Ready pod/box');
    const ip = run("kubectl get pod web -o jsonpath='{.status.podIP}'");
    const ask = `kubectl exec box -- sh -c 'wget -q -O - ${ip}:8080/health' > answer 2>&1 & sleep 2`;
    run(`drydock fault container web hang; ${ask}`);
    expect(run('cat answer')).toBe('');
    run('drydock fault container web mend; sleep 1');
    expect(run('cat answer')).toBe('ok\n');
    run(`drydock fault container web hang; ${ask}`);
    expect(run('cat answer')).toBe('');
    run('kubectl delete pod web --force --grace-period=0; sleep 1');
    expect(run('cat answer')).toContain('wget: error getting response: Connection reset by peer');
  });

  it('says what there is to break when it is asked for something else', () => {
    const session = new Session({ preset: 'host', seed: 3 });
    const { kernel } = session.world;
    const said = (line: string) => session.type(line).printed;
    expect(said('drydock fault moon down')).toMatch(/^drydock: a fault is of machine, container,/);
    expect(said('drydock fault node nosuch down')).toBe('drydock: there is no machine nosuch\n');
    expect(said('drydock fault machine host sideways')).toBe(
      'drydock: say: drydock fault machine NAME down|up\n',
    );
    expect(said('drydock fault memory host full')).toBe(
      'drydock: say: drydock fault memory MACHINE fill|free\n',
    );
    expect(said('drydock fault component etcd stop')).toBe('drydock: this world has no cluster\n');
    expect(session.type('drydock link host')).toMatchObject({ exitCode: 1 });
    expect(said('drydock link host docker.io sideways')).toBe(
      'drydock: say: drydock link A B down|up|latency TIME\n',
    );
    expect(said('drydock link host nowhere down')).toBe(
      'drydock: there is nothing called nowhere\n',
    );
    expect(said('drydock link host host down')).toBe(
      'drydock: a link has two ends, and host is one\n',
    );
    expect(said('drydock link host docker.io latency soon')).toMatch(
      /^drydock: latency wants a time/,
    );
    expect(said('drydock fault link host docker.io slow')).toBe(
      'drydock: say: drydock fault link A B cut|latency TIME|mend\n',
    );
    expect(said('drydock faults')).toBe('');
    expect(kernel.now).toBe(0);
  });
});

describe('drydock link', () => {
  it('cuts the way to a registry, slows it, and opens it again', () => {
    const session = new Session({ preset: 'host', seed: 3 });
    const run = (line: string) => session.type(line);
    const took = (line: string): number => {
      const { now } = session.world.kernel;
      expect(run(line).exitCode).toBe(0);
      return session.world.kernel.now - now;
    };
    expect(run('drydock link host docker.io down').exitCode).toBe(0);
    expect(run('drydock faults').printed).toMatch(/^link host docker.io cut {2}since /);
    expect(run('docker pull alpine:3.22').exitCode).toBe(1);
    expect(run('drydock link docker.io host up')).toMatchObject({ printed: '', exitCode: 0 });
    expect(run('drydock faults').printed).toBe('');
    const usualMs = took('docker pull alpine:3.22');
    expect(run('drydock link host docker.io latency 1.5s').exitCode).toBe(0);
    expect(run('drydock faults').printed).toMatch(/^link host docker.io latency 1.5s {2}since /);
    run('docker rmi alpine:3.22');
    // A request and its answer are three seconds more, and there are several in a row.
    expect(took('docker pull alpine:3.22')).toBeGreaterThan(usualMs + 6000);
    run('drydock link host docker.io up; docker rmi alpine:3.22');
    expect(took('docker pull alpine:3.22')).toBe(usualMs);
  });
});
