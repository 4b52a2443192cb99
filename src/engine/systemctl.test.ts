import { describe, expect, it } from 'vitest';
import { Session } from './session.ts';

describe('sudo', () => {
  it('runs a command as it was given', () => {
    const session = new Session({ preset: 'host', seed: 1 });
    expect(
      session.type(`cd /tmp; sudo -E sh -c 'echo "$0  $1" > x; pwd' 'a b' c; cat x`),
    ).toMatchObject({ exitCode: 0, printed: '/tmp\na b  c\n' });
    expect(session.type('sudo false').exitCode).toBe(1);
  });
});

describe('systemctl', () => {
  it('restarts the daemon, which stops what does not restart by itself', () => {
    const session = new Session({ preset: 'host', seed: 1 });
    session.type(
      'docker run -d --name once nginx; docker run -d --name always --restart always nginx',
    );
    expect(session.type('systemctl restart docker').exitCode).toBe(0);
    session.type('sleep 2');
    expect(session.type("docker ps --format '{{.Names}}'").printed).toBe('always\n');
  });

  it('stops and starts it, and tells which', () => {
    const session = new Session({ preset: 'host', seed: 1 });
    expect(session.type('systemctl is-active docker').printed).toBe('active\n');
    session.type('sudo service docker stop');
    expect(session.type('systemctl status docker').exitCode).toBe(3);
    expect(session.type('docker ps').printed).toContain('failed to connect to the docker API');
    session.type('systemctl start docker');
    expect(session.type('docker ps').exitCode).toBe(0);
  });

  it('locks a manager that asks for a key', () => {
    const session = new Session({ preset: 'swarm', seed: 1 });
    const key = /SWMKEY-\S+/.exec(session.type('docker swarm init --autolock').printed)?.[0];
    session.type('systemctl restart docker');
    expect(session.type('docker node ls').printed).toContain('Swarm is encrypted');
    session.type(`echo ${key} | docker swarm unlock; sleep 5`);
    expect(session.type('docker node ls').printed).toContain('Leader');
  });

  it('stops the kubelet of a node, and starts it', () => {
    const session = new Session({ preset: 'cluster', seed: 1 });
    const told = (line: string) => session.type(line).printed;
    expect(told('ssh node-1 sudo systemctl status kubelet'))
      .toBe(`● kubelet.service - kubelet: The Kubernetes Node Agent
     Loaded: loaded (/usr/lib/systemd/system/kubelet.service; enabled; preset: enabled)
    Drop-In: /usr/lib/systemd/system/kubelet.service.d
             └─10-kubeadm.conf
     Active: active (running)
`);
    told('ssh node-1 systemctl stop kubelet; sleep 60');
    expect(told('ssh node-1 systemctl is-active kubelet')).toBe('inactive\n');
    expect(told('kubectl get node node-1 --no-headers')).toMatch(/^node-1 +NotReady /);
    told('ssh node-1 "systemctl daemon-reload && systemctl restart kubelet"; sleep 20');
    expect(told('kubectl get node node-1 --no-headers')).toMatch(/^node-1 +Ready /);
    expect(session.type('systemctl status kubelet').exitCode).toBe(4);
  });

  it('knows no other unit, and not even that of Docker on a node of a cluster', () => {
    const session = new Session({ preset: 'cluster', seed: 1 });
    expect(session.type('systemctl stop nginx')).toMatchObject({
      exitCode: 5,
      printed: 'Failed to stop nginx.service: Unit nginx.service not loaded.\n',
    });
    expect(session.type('ssh node-1 systemctl status docker')).toMatchObject({
      exitCode: 4,
      printed: 'Unit docker.service could not be found.\n',
    });
  });
});
