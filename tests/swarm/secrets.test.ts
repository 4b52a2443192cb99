import { describe, expect, it } from 'vitest';
import { swarmSession } from './swarm-session.ts';

const ALPINE = 'alpine:3.22';

function withSecret() {
  const session = swarmSession();
  session.found(1, 1);
  session.must("sh -c 'printf s3cret > password.txt'");
  const id = session.must('docker secret create db_password password.txt').trim();
  return { ...session, id };
}

describe('secrets and configs', () => {
  it('are made from files and pipes, listed, and told without what a secret holds', () => {
    const { must, type, id } = withSecret();
    must('echo "a: 1" | docker config create -l kind=app app.yaml -');
    expect(must('docker secret ls')).toMatch(
      new RegExp(`^ID +NAME +DRIVER +CREATED +UPDATED\n${id} +db_password +\\S.* ago`),
    );
    expect(must('docker secret inspect db_password')).not.toContain('Data');
    const data = "docker config inspect app.yaml --format '{{json .Spec}}'";
    expect(must(data)).toBe('{"Name":"app.yaml","Labels":{"kind":"app"},"Data":"YTogMQo="}\n');
    expect(must('docker config inspect --pretty app.yaml')).toContain('Data:\na: 1\n');
    expect(type('docker secret create db_password password.txt')).toBe(
      'Error response from daemon: rpc error: code = AlreadyExists desc = secret db_password ' +
        'already exists\n',
    );
    expect(type('docker secret create "bad name" password.txt')).toContain(
      'rpc error: code = InvalidArgument desc = invalid name, only 64 [a-zA-Z0-9-_.] characters',
    );
    expect(type('docker secret inspect none')).toContain('secret none not found');
    expect(must('docker config rm app.yaml')).toBe('app.yaml\n');
  });

  it('are asked for at managers only', () => {
    const { type } = withSecret();
    expect(type('ssh node-2 docker secret ls')).toContain('This node is not a swarm manager.');
  });

  it('are files in the containers of tasks, which others cannot change', () => {
    const { must, type, assign, pass, id, containers } = withSecret();
    const config = must('echo "a: 1" | docker config create app.yaml -').trim();
    const task = assign('node-2', {
      spec: {
        ContainerSpec: {
          ...{ Image: ALPINE, Args: ['sleep', '1d'] },
          Secrets: [
            {
              ...{ SecretID: id, SecretName: 'db_password' },
              File: { Name: 'db_password', UID: '0', GID: '0', Mode: 0o444 },
            },
          ],
          Configs: [
            {
              ...{ ConfigID: config, ConfigName: 'app.yaml' },
              File: { Name: '/etc/app/app.yaml', UID: '33', GID: '33', Mode: 0o440 },
            },
          ],
        },
      },
    });
    pass(20);
    const exec = `ssh node-2 docker exec web.1.${task}`;
    expect(must(`${exec} cat /run/secrets/db_password`)).toBe('s3cret');
    expect(must(`${exec} ls -l /run/secrets/db_password`)).toMatch(/^-r--r--r--/);
    expect(must(`${exec} stat -c %a:%u:%g /etc/app/app.yaml`)).toBe('440:33:33\n');
    expect(type(`${exec} cp /etc/hostname /run/secrets/db_password`)).toContain('Read-only');
    for (const file of ['/run/secrets/db_password', '/etc/app/app.yaml']) {
      expect(must(`${exec} df ${file}`)).toMatch(/^tmpfs /m);
      expect(must(`${exec} cat /proc/mounts`)).toContain(`tmpfs ${file} tmpfs ro,`);
    }
    const at = (command: string): string =>
      type(`ssh node-2 ${command} /var/lib/docker/containers/*/mounts/secrets/${id}`);
    expect(at('cat')).toBe('s3cret');
    must(`ssh node-2 docker rm -f web.1.${task}`);
    expect(containers('node-2')).toEqual([]);
  });

  it('leave the machine with the task', () => {
    const { must, type, assign, pass, drop, id } = withSecret();
    const File = { Name: 'db_password', UID: '0', GID: '0', Mode: 0o444 };
    const Secrets = [{ SecretID: id, SecretName: 'db_password', File }];
    const task = assign('node-2', {
      spec: { ContainerSpec: { Image: ALPINE, Args: ['sleep', '1d'], Secrets } },
    });
    pass(20);
    must(`ssh node-2 docker exec web.1.${task} cat /run/secrets/db_password`);
    drop(task);
    pass(15);
    expect(type('ssh node-2 find /var/lib/docker/containers -name secrets')).not.toContain(
      '/secrets',
    );
  });
});
