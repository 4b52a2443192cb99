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
    expect(session.type('drydock link')).toMatchObject({ exitCode: 1 });
    expect(said('drydock faults')).toBe('');
    expect(kernel.now).toBe(0);
  });
});
